"""What each group may do with materials."""

from django.db import migrations

MAY = {
    "editor": ["view_material", "add_material", "change_material"],
    "answerer": ["view_material"],
    "approver": ["view_material", "publish_material"],
    "publisher": ["view_material", "add_material", "change_material", "publish_material"],
    "administrator": ["view_material"],
}
NAMES = {  # as the model states them; those of Django follow from the name of the model
    "publish_material": "Can publish, correct and withdraw materials of others",
}


def enter(apps, schema_editor):
    """May run again. Django makes permissions only after all migrations; these are made as it would make them."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for codename in codenames:
            verb, _, model = codename.partition("_")
            content_type, _ = types.objects.get_or_create(app_label="content", model=model)
            label = NAMES.get(codename) or f"Can {verb} {model}"
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": label}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("content", "0220_corrected_materials_take_words_out"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
