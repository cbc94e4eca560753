"""Each service writes the effect spans of what it changed in its own transaction: nothing is left to the worker."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from content.amendments import services as amendments
from content.copying import records
from content.copying.objects import OBJECTS
from content.documents import effect_queries
from content.documents.models import LegalDocument, OutdatedSpans
from content.documents.outdated_spans import outdated_states
from content.editing import services as editing
from content.effect_reviews import span_comparison
from content.endings.consumer import settle_changes
from content.publishing import services as documents
from tests.builders import a_document, a_draft, a_record
from tests.random_history import RandomHistory

DAY = datetime.date
FIRST = DAY(2020, 1, 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # what one leaves the next one does not write
def test_each_verb_of_a_history_writes_the_spans_in_its_own_transaction():
    history = RandomHistory(seed=23)
    for _ in range(60):
        history.step()
        assert not OutdatedSpans.objects.exists()
    assert list(span_comparison.wrong_spans()) == []
    assert {"repeal", "suspend", "amend", "withdraw_amendment", "draft", "correct"} <= history.done.keys()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_each_service_alone_leaves_no_document_marked(tmp_path):
    old = unmarked(lambda: a_document("1/2019/QH14", title="Luật Mẫu cũ"))
    draft = unmarked(lambda: a_draft("2/2019/QH14", doc_type="decree", title="Nghị định Mẫu"))
    again = a_record("2/2019/QH14", doc_type="decree", title="Nghị định Mẫu", effective_on=DAY(2021, 1, 1))
    unmarked(lambda: documents.import_document(again, correct=True))
    act = unmarked(lambda: an_act_that_says("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14."))
    unmarked(settle_changes)
    assert [old.pk] == [each.pk for each in documents_expired_on(DAY(2025, 1, 1))]
    record = records.public_record("document", old.key)
    unmarked(lambda: amendments.withdraw_amendment(old.amendments.get(), reason="nhầm"))
    unmarked(lambda: put_copy(old.key, record["data"]))
    assert [old.pk] == [each.pk for each in documents_expired_on(DAY(2025, 1, 1))]
    unmarked(lambda: editing.withdraw_document(act, reason="nhầm"))
    unmarked(settle_changes)
    doubted = unmarked(lambda: a_document("3/2019/QH14", title="Luật Mẫu khác"))
    words = "Luật Mẫu khác số 3/2019/QH14 hết hiệu lực nếu Quốc hội quyết định."
    unmarked(lambda: an_act_that_says(words, "8/2024/QH15"))
    unmarked(settle_changes)
    assert effect_queries.documents_in_doubt(LegalDocument.objects.all(), DAY(2026, 1, 1)).contains(doubted)
    file = tmp_path / "danh-muc.csv"
    head = "number,type,issuer,issued_on,status,effective_on,expires_on,cause"
    file.write_text(f"{head}\n3/2019/QH14,,,,HHLTB,,2024-07-01,\n")
    options = ["--source", "Bộ Tư pháp", "--as-of", "2025-06-01", "--apply"]
    unmarked(lambda: call_command("import_statuses", str(file), *options, stdout=StringIO()))
    assert doubted.status_events.filter(kind="expires").exists()
    draft.delete()
    assert outdated_states(FIRST) == {}  # a mark may stay: it has no document
    assert list(span_comparison.wrong_spans()) == []


def unmarked(service):
    """What the service returns; it left no document marked."""
    done = service()
    assert not OutdatedSpans.objects.exists()
    return done


def an_act_that_says(clause, number="9/2024/QH15"):
    text = f"LUẬT\nMẪU\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực thi hành\n1. {clause}\n"
    return a_document(
        number, title="Luật Mẫu mới", text=text, issued_on=DAY(2024, 6, 1), effective_on=DAY(2025, 1, 1)
    )  # fmt: skip


def documents_expired_on(day):
    return effect_queries.documents_with_status(LegalDocument.objects.all(), ["expired"], day)


def put_copy(key, data):
    kind = OBJECTS["document"]
    with transaction.atomic():
        return kind.put(kind.locked(key), data)
