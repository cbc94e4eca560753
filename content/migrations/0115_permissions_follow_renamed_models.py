"""Permissions, messages and stored facts follow the new names: Django renames none of them."""

from django.db import migrations

MODELS = {  # model today: (model before, its name in the words of the permission before, and today)
    "synonym": ("searchalias", "search alias", "synonym"),
    "questiontransitionlog": ("questionmove", "question move", "question transition log"),
    "processedday": ("turn", "turn", "processed day"),
}
VERBS = ("add", "change", "delete", "view")
REFUSE = """
CREATE OR REPLACE FUNCTION changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the change log is append-only: change % is public', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
"""

# no release has been out: an integrator shall not meet two names of one fact in the log
FACTS = """
ALTER TABLE content_change DISABLE TRIGGER changes_are_append_only;
UPDATE content_change SET facts = facts - 'is_specimen' || jsonb_build_object('is_sample', facts -> 'is_specimen')
WHERE facts ? 'is_specimen';
UPDATE content_change SET facts = facts - 'state' || jsonb_build_object('status', facts -> 'state')
WHERE facts ? 'state' AND facts ? 'relation';
ALTER TABLE content_change ENABLE TRIGGER changes_are_append_only;
"""


def rename(apps, schema_editor):
    """Groups keep what they were allowed. May run again."""
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="content")
    for model, (before, words_before, words) in MODELS.items():
        for verb in VERBS:
            old = permissions.filter(codename=f"{verb}_{before}").first()
            if old and not permissions.filter(codename=f"{verb}_{model}").exists():
                old.codename, old.name = f"{verb}_{model}", old.name.replace(words_before, words)
                old.save(update_fields=["codename", "name"])


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0114_names_of_the_field"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE, migrations.RunSQL.noop),
        migrations.RunSQL(FACTS, migrations.RunSQL.noop),
    ]
