"""Administrators give roles to accounts, so they see what each role may do. Nobody edits groups at the desk."""

from django.db import migrations


def enter(apps, schema_editor):
    """As Django would make the permission after all migrations; may run again."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    content_type, _ = types.objects.get_or_create(app_label="auth", model="group")
    permission, _ = permissions.objects.get_or_create(
        content_type=content_type, codename="view_group", defaults={"name": "Can view group"}
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="administrator"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0016_audit_cannot_be_emptied"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
