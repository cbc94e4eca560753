"""Staff read relations; those who publish say which of them are facts."""

from django.db import migrations

MAY = {
    "view_relation": ["editor", "answerer", "approver", "publisher", "administrator"],
    "confirm_relation": ["approver", "publisher"],
}
NAMES = {"view_relation": "Can view relation", "confirm_relation": "Can confirm relation"}


def enter(apps, schema_editor):
    """As 0008 does: permissions as Django would make them, groups left as they are otherwise; may run again."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    content_type, _ = types.objects.get_or_create(app_label="content", model="relation")
    for codename, groups in MAY.items():
        permission, _ = permissions.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": NAMES[codename]}
        )
        for group in apps.get_model("auth", "Group").objects.filter(name__in=groups):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("content", "0031_provenance_of_copies")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
