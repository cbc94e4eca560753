import json
from pathlib import Path

from django.db import migrations

ROOM = Path(__file__).resolve().parent.parent / "organisations"
COLUMNS = ("name_en", "kind", "level", "valid_from", "valid_to")


def enter(apps, schema_editor):
    """What the bodies of 0003 are, what followed those that ended, and the provinces.

    What was filled in already is left alone, so this may run again.
    """
    bodies, successions = apps.get_model("content", "Organisation"), apps.get_model("content", "Succession")
    facts = json.loads((ROOM / "issuing_bodies.json").read_text(encoding="utf-8"))
    for row in facts:
        columns = {column: row[column] for column in COLUMNS if column in row}
        bodies.objects.filter(key=row["key"], kind="").update(**columns)
    for row in facts:
        for successor in row.get("successors", ()):
            successions.objects.get_or_create(
                predecessor=bodies.objects.get(key=row["key"]),
                successor=bodies.objects.get(key=successor["key"]),
                defaults={"part": successor.get("part", "")},
            )
    enter_provinces(apps.get_model("content", "Province"))


def enter_provinces(provinces):
    """A successor stands above its predecessors in the file."""
    for row in json.loads((ROOM / "provinces.json").read_text(encoding="utf-8"))["provinces"]:
        columns = {name: value for name, value in row.items() if name not in ("key", "successor")}
        successor = provinces.objects.get(key=row["successor"]) if "successor" in row else None
        provinces.objects.get_or_create(key=row["key"], defaults=columns | {"successor": successor})


class Migration(migrations.Migration):
    dependencies = [("content", "0004_organisations_and_provinces_in_time")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
