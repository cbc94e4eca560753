import json
from pathlib import Path

from django.db import migrations

ROOMS = Path(__file__).resolve().parent.parent


def enter(apps, schema_editor):
    """Facts that every installation starts with; what stands already is left alone, so this may run again."""
    enter_topics(apps.get_model("content", "Topic"))
    bodies = apps.get_model("content", "Organisation")
    for row in json.loads((ROOMS / "organisations/issuing_bodies.json").read_text(encoding="utf-8")):
        bodies.objects.get_or_create(code=row["code"], defaults={"key": row["key"], "name": row["name"]})


def enter_topics(topics):
    subjects = json.loads((ROOMS / "topics/phapdien.json").read_text(encoding="utf-8"))["subjects"]
    for place, subject in enumerate(subjects, start=1):
        parent = enter_topic(topics, subject, None, place * 1000)
        for offset, heading in enumerate(subject["headings"], start=1):
            enter_topic(topics, heading, parent, place * 1000 + offset)


def enter_topic(topics, row, parent, position):
    defaults = {"number": row["number"], "name": row["name"], "parent": parent, "position": position}
    return topics.objects.get_or_create(key=row["key"], defaults=defaults)[0]


class Migration(migrations.Migration):
    dependencies = [("content", "0002_changes_append_only")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
