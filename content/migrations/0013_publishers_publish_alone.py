"""Publishers may publish what nobody else has read."""

from django.db import migrations

CODENAME = "publish_own_legaldocument"
NAME = "Can publish a legal document that nobody else has read"


def enter(apps, schema_editor):
    """Django makes permissions only after all migrations; this one is made as it would make it. May run again."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    content_type, _ = types.objects.get_or_create(app_label="content", model="legaldocument")
    permission, _ = permissions.objects.get_or_create(
        content_type=content_type, codename=CODENAME, defaults={"name": NAME}
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="publisher"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("content", "0012_manuscripts")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
