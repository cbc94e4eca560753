"""One document, several editors at once, in real threads and transactions."""

import pytest

from content.changes.models import Change
from content.documents.models import LegalDocument
from content.editing import services as editing
from content.people.models import AuditRow
from content.publishing import services
from tests.builders import A_LAW, a_draft, a_record
from tests.content.qa.test_question_races import at_once

pytestmark = pytest.mark.usefixtures("committed")
WORDINGS = ("Mẫu to", "Mẫu rất to")


def correct(document, wording):
    record = a_record(document.number, text=A_LAW.format(number=document.number).replace("Mẫu lớn", wording))
    return services.correct_document(document, record, topics=[], reason="Sai chữ").status


@pytest.mark.parametrize("number", range(1, 5))
def test_a_document_published_corrected_and_withdrawn_at_once_is_in_one_state_and_its_changes_in_order(number):
    """Each call that succeeds leaves one change; the hashes of the changes follow each other."""
    document = a_draft(f"{number}/2019/QH14")
    results = at_once(
        *[lambda: services.publish(document).status] * 2,
        *(lambda wording=wording: correct(document, wording) for wording in WORDINGS),
        *[lambda: editing.withdraw_document(document, reason="Nhầm").status] * 2,
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    stored = LegalDocument.objects.get(pk=document.pk)
    lines = list(Change.objects.filter(subject=stored.key).order_by("pk"))
    corrected, withdrawn = results[2:4].count("published"), "withdrawn" in results
    kinds = ["document.published", *["document.corrected"] * corrected, *["document.withdrawn"] * withdrawn]
    assert [line.event_type for line in lines] == kinds
    assert stored.status == ("withdrawn" if withdrawn else "published")
    assert [line.hash_before for line in lines[1:]] == [line.hash_after for line in lines[:-1]]
    assert lines[-1].hash_after == ("" if withdrawn else stored.content_hash)
    assert AuditRow.objects.filter(subject=stored.key, action="document.published").count() == 1
    assert stored.passages.exists() != withdrawn
