"""Groups may work with outlets and placements."""

from django.db import migrations

MAY = {
    "editor": ["view_outlet", "view_placement", "add_placement", "change_placement"],
    "answerer": ["view_outlet", "view_placement"],
    "approver": ["view_outlet", "view_placement"],
    "publisher": ["view_outlet", "view_placement", "add_placement", "change_placement"],
    "administrator": ["view_outlet", "add_outlet", "change_outlet", "view_placement"],
}


def enter(apps, schema_editor):
    """May run again. Django makes permissions only after all migrations; these are made as it would make them."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for codename in codenames:
            model = codename.partition("_")[2]
            content_type, _ = types.objects.get_or_create(app_label="content", model=model)
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0238_dissemination'),
    ]

    operations = [
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
