"""All staff read what was sent; those who publish send again and cancel."""

from django.db import migrations

MAY = {"view_delivery": ["editor", "answerer", "approver", "publisher", "administrator"],
       "steer_delivery": ["approver", "publisher"]}
NAMES = {"view_delivery": "Can view delivery", "steer_delivery": "Can send again and cancel deliveries"}


def enter(apps, schema_editor):
    """As Django would make the permissions after all migrations; may run again."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    content_type, _ = types.objects.get_or_create(app_label="notifications", model="delivery")
    for codename, groups in MAY.items():
        permission, _ = permissions.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": NAMES[codename]}
        )
        for group in apps.get_model("auth", "Group").objects.filter(name__in=groups):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0013_deliveries_may_be_cancelled"),
        ("content", "0008_staff_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
