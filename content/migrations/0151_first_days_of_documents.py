"""Fill the first days of documents and the days of doubts that are there, in batches, and index the days."""

import datetime

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

BATCH = 1_000


def fill(apps, schema_editor):
    """Each batch is a transaction of its own; a repeat changes nothing. The trigger computes the day."""
    LegalDocument = apps.get_model("content", "LegalDocument")
    EffectDoubt = apps.get_model("content", "EffectDoubt")
    EndingCase = apps.get_model("content", "EndingCase")
    last = 0
    while ids := list(LegalDocument.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        LegalDocument.objects.filter(pk__in=ids).update(effective_on=None)
        last = ids[-1]
    said = EndingCase.objects.filter(
        act=models.OuterRef("act"), source_eid=models.OuterRef("source_eid"), on=models.OuterRef("from_on")
    )
    has_day = models.Q(until_on__isnull=False) | models.Exists(said)
    last = 0
    while ids := list(EffectDoubt.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        EffectDoubt.objects.filter(has_day, pk__in=ids, on=None).update(on=F("from_on"))
        last = ids[-1]


class Migration(migrations.Migration):
    atomic = False  # writers go on meanwhile

    dependencies = [("content", "0150_documents_know_their_first_day")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "legaldocument",
            models.Index(Coalesce("effective_on", Value(datetime.date.min)), "id", name="documents_by_effect"),
        ),
        AddIndexConcurrently(
            "legaldocument",
            models.Index(Coalesce("effective_on", Value(datetime.date.max)), "id", name="documents_by_effect_rising"),
        ),
    ]
