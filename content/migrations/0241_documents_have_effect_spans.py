"""Documents that were stored before get their effect spans, in batches.

Each document is marked as changed, then its spans are written and the mark deleted, as the worker does: what was not
done when the migration was ended goes on with the next run, and a document that the release before changes meanwhile
stays marked. The rules are those of the release that migrates: a copy of them here would be another one.
"""

from django.db import migrations, transaction

from content.documents.effect_spans import spans_of

BATCH = 500

MARK_ALL = """
INSERT INTO content_outdatedspans (document_id, transaction_id)
SELECT document.id, 0 FROM content_legaldocument document
WHERE NOT EXISTS (SELECT FROM content_effectspan span WHERE span.document_id = document.id)
AND NOT EXISTS (SELECT FROM content_outdatedspans marked WHERE marked.document_id = document.id)
"""


def fill(apps, schema_editor):
    documents = apps.get_model("content", "LegalDocument").objects
    marks = apps.get_model("content", "OutdatedSpans").objects
    last = 0
    while True:
        marked = marks.filter(document_id__gt=last).order_by("document_id").values_list("document_id", flat=True)
        ids = list(marked.distinct()[:BATCH])
        if not ids:
            return
        last = ids[-1]
        with transaction.atomic():
            locked = documents.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
            _write(apps, list(locked.values_list("pk", flat=True)))


def _write(apps, ids):
    documents = apps.get_model("content", "LegalDocument").objects
    marks = apps.get_model("content", "OutdatedSpans").objects
    EffectSpan = apps.get_model("content", "EffectSpan")
    seen = list(marks.filter(document_id__in=ids).values_list("pk", flat=True))
    rows = documents.filter(pk__in=ids).only("doc_type").prefetch_related("status_events", "effect_doubts")
    spans = [
        EffectSpan(document=each, valid_from=span.valid_from, valid_until=span.valid_until, **span.state._asdict())
        for each in rows
        for span in spans_of(
            each.status_events.all(), each.effect_doubts.all(), has_effect=each.doc_type != "consolidated_text"
        )
    ]
    EffectSpan.objects.filter(document__in=ids).delete()
    EffectSpan.objects.bulk_create(spans)
    marks.filter(pk__in=seen).delete()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("content", "0240_effect_spans")]

    operations = [
        migrations.RunSQL(MARK_ALL, migrations.RunSQL.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
