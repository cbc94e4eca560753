"""Aliases that were added to what we ship since the first."""

import json
from pathlib import Path

from django.db import migrations

from content.text import lexemes

FACTS = Path(__file__).resolve().parent.parent / "search" / "aliases.json"


def enter(apps, schema_editor):
    """May run again: what somebody entered or changed is left as it is."""
    aliases = apps.get_model("content", "SearchAlias")
    for fact in json.loads(FACTS.read_text(encoding="utf-8"))["aliases"]:
        aliases.objects.get_or_create(said_key=" ".join(lexemes.words(fact["said"])), defaults=fact)


class Migration(migrations.Migration):
    dependencies = [("content", "0111_passages_have_vectors")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
