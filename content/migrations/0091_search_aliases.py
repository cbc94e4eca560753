"""What people call things, and who may add to it."""

import json
from pathlib import Path

from django.db import migrations

from content.text import lexemes

FACTS = Path(__file__).resolve().parent.parent / "search" / "aliases.json"
MAY = {
    "editor": ["view"],
    "answerer": ["view"],
    "approver": ["view"],
    "publisher": ["view"],
    "administrator": ["view", "add", "change", "delete"],
}


def enter(apps, schema_editor):
    """May run again: what somebody entered or changed is left as it is."""
    aliases = apps.get_model("content", "SearchAlias")
    for fact in json.loads(FACTS.read_text(encoding="utf-8"))["aliases"]:
        key = " ".join(lexemes.words(fact["said"]))
        aliases.objects.get_or_create(said_key=key, defaults=fact)
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    content_type, _ = types.objects.get_or_create(app_label="content", model="searchalias")
    for name, verbs in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for verb in verbs:
            defaults = {"name": f"Can {verb} search alias"}
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=f"{verb}_searchalias", defaults=defaults
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("content", "0090_search"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
