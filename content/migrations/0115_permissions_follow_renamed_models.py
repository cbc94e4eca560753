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
FORMER_FACTS = """
ALTER TABLE content_change DISABLE TRIGGER changes_are_append_only;
UPDATE content_change SET facts = facts - 'is_sample' || jsonb_build_object('is_specimen', facts -> 'is_sample')
WHERE facts ? 'is_sample';
UPDATE content_change SET facts = facts - 'status' || jsonb_build_object('state', facts -> 'status')
WHERE facts ? 'status' AND facts ? 'relation';
ALTER TABLE content_change ENABLE TRIGGER changes_are_append_only;
"""


def rename(apps, schema_editor):
    """Groups keep what they were allowed. May run again."""
    for model, (before, words_before, words) in MODELS.items():
        _rename(apps, before, model, words_before, words)


def rename_back(apps, schema_editor):
    for model, (before, words_before, words) in MODELS.items():
        _rename(apps, model, before, words, words_before)


def _rename(apps, old, new, old_words, new_words):
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="content")
    for verb in VERBS:
        permission = permissions.filter(codename=f"{verb}_{old}").first()
        if permission and not permissions.filter(codename=f"{verb}_{new}").exists():
            permission.codename = f"{verb}_{new}"
            permission.name = permission.name.replace(old_words, new_words)
            permission.save(update_fields=["codename", "name"])


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0114_names_of_the_field"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunPython(rename, rename_back),
        migrations.RunSQL(REFUSE, migrations.RunSQL.noop),
        migrations.RunSQL(FACTS, FORMER_FACTS),
    ]
