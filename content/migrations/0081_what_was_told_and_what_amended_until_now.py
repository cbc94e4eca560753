from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now


def mark_told(apps, schema_editor):
    """What began on a day that was looked at before this was told then, or never will be."""
    last = apps.get_model("content", "Turn").objects.order_by("-day").first()
    if last:
        events = apps.get_model("content", "StatusEvent").objects.filter(on__lte=last.day)
        events.filter(turned_at=None).update(turned_at=Now())


def name_amendments(apps, schema_editor):
    """Until now nothing but carrying out an act stated a relation: `stated_by` tells which those are."""
    amendments = apps.get_model("content", "Amendment").objects.filter(
        act=OuterRef("actor"), document=OuterRef("target"), withdrawn_at=None
    )
    stated = apps.get_model("content", "Relation").objects.filter(state="confirmed", kind__in=["amends", "repeals"])
    stated.exclude(stated_by="").update(amendment=Subquery(amendments.order_by("on", "pk").values("pk")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0080_turns_are_told_once_and_relations_know_their_amendment"),
    ]

    operations = [
        migrations.RunPython(mark_told, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(name_amendments, migrations.RunPython.noop, elidable=True),
    ]
