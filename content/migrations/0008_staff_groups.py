"""What staff may do, and the audit of what they did."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LIBRARY = ["legaldocument", "provision", "provisionversion", "statusevent"]
VOCABULARIES = ["topic", "organisation"]
READS = [f"view_{model}" for model in [*LIBRARY, *VOCABULARIES, "change"]]
WRITES = [f"{verb}_{model}" for model in LIBRARY for verb in ("add", "change")]
PUBLISHES = ["publish_legaldocument"]
KEEPS = [f"{verb}_{model}" for model in VOCABULARIES for verb in ("add", "change")]
ACCOUNTS = ["view_user", "add_user", "change_user", "view_auditrow"]
MAY = {
    "editor": [*READS, *WRITES],
    "answerer": READS,
    "approver": [*READS, *PUBLISHES],
    "publisher": [*READS, *WRITES, *PUBLISHES],
    "administrator": [*READS, *KEEPS, *ACCOUNTS],
}
NAMES = {"publish_legaldocument": "Can publish legal document"}  # the others are named as Django names them


def enter(apps, schema_editor):
    """Groups and what they may do; what stands already is left alone, so this may run again.

    Django makes permissions only after all migrations; those needed here are made as it would make them.
    """
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    groups = apps.get_model("auth", "Group")
    for name, codenames in MAY.items():
        group, _ = groups.objects.get_or_create(name=name)
        group.permissions.add(*(_permission(apps, types, permissions, codename) for codename in codenames))


def _permission(apps, types, permissions, codename):
    verb, _, model = codename.partition("_")
    content_type, _ = types.objects.get_or_create(app_label="content", model=model)
    name = NAMES.get(codename, f"Can {verb} {apps.get_model('content', model)._meta.verbose_name}")
    defaults = {"name": name}
    return permissions.objects.get_or_create(content_type=content_type, codename=codename, defaults=defaults)[0]


REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only: row %', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON content_auditrow
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
"""
ALLOW = "DROP TRIGGER audit_is_append_only ON content_auditrow; DROP FUNCTION audit_refuse();"


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0007_search_key_and_original_files"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="legaldocument",
            options={
                "ordering": ["-list_order"],
                "permissions": [("publish_legaldocument", "Can publish legal document")],
            },
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("facts", models.JSONField(blank=True, default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["subject", "id"], name="audit_of_a_subject")],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
