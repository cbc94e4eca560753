"""The first day of effect that is stored with a document, for lists in that order, is that of its status events."""

import datetime

import pytest
from django.db import connection

from content.amendments import services as amendments
from content.amendments.queries import recognised_instructions
from content.documents.effect import effect_of
from content.documents.models import LegalDocument, StatusEvent
from content.law.doc_types import DocType
from content.publishing import services
from tests.builders import a_document, a_draft, a_record, an_amending_law

pytestmark = pytest.mark.django_db
DAY = datetime.date
TAKES_EFFECT, EXPIRES = StatusEvent.Kind.TAKES_EFFECT, StatusEvent.Kind.EXPIRES


def stored_day(law):
    """The stored day, which is always that of the effect."""
    law = LegalDocument.objects.get(pk=law.pk)
    assert law.effective_on == effect_of(law, DAY(2030, 1, 1)).effective_on
    return law.effective_on


def test_it_is_there_from_the_import_on_and_unknown_without_a_day():
    assert stored_day(a_draft(effective_on=DAY(2020, 1, 1))) == DAY(2020, 1, 1)
    assert stored_day(a_document(effective_on=DAY(2021, 1, 1))) == DAY(2021, 1, 1)
    assert stored_day(a_document(effective_on=None)) is None


def test_a_corrected_day_and_one_that_is_taken_back_replace_it():
    law = a_document("1/2019/QH14", effective_on=DAY(2020, 1, 1))
    for day in (DAY(2020, 7, 1), None):
        services.import_document(a_record("1/2019/QH14", effective_on=day), correct=True)
        law.status_events.filter(kind=TAKES_EFFECT, on=None if day else DAY(2020, 7, 1)).delete()
        assert stored_day(law) == day


def test_of_several_first_days_it_is_the_earliest_and_parts_and_endings_do_not_count():
    law = a_document(effective_on=DAY(2020, 1, 1))
    later = StatusEvent.objects.create(document=law, kind=TAKES_EFFECT, on=DAY(2021, 1, 1), stated_on=DAY(2020, 1, 1))
    services.enter_status_event(law, EXPIRES, on=DAY(2019, 1, 1))
    part = {"scope": StatusEvent.Scope.PART, "eids": ["art_2"]}
    services.enter_status_event(law, TAKES_EFFECT, on=DAY(2018, 1, 1), **part)
    assert stored_day(law) == DAY(2020, 1, 1)
    law.status_events.get(kind=TAKES_EFFECT, on=DAY(2020, 1, 1)).delete()
    assert stored_day(law) == DAY(2021, 1, 1)
    StatusEvent.objects.filter(pk=later.pk).update(on=DAY(2022, 1, 1))  # put off
    assert stored_day(law) == DAY(2022, 1, 1)
    StatusEvent.objects.filter(pk=later.pk).update(scope="part", eids=["art_3"])
    assert stored_day(law) is None


def test_events_that_are_written_many_at_once_count():
    laws = [a_document(effective_on=None) for _ in range(3)]
    StatusEvent.objects.bulk_create(
        StatusEvent(document=law, kind=TAKES_EFFECT, on=DAY(2020, month, 1), stated_on=DAY(2020, 1, 1))
        for month, law in enumerate(laws, start=1)
    )
    assert [stored_day(law) for law in laws] == [DAY(2020, 1, 1), DAY(2020, 2, 1), DAY(2020, 3, 1)]


def test_an_act_that_says_its_own_first_day_has_it_until_that_is_withdrawn():
    act = an_amending_law(a_document("1/2019/QH14"), effective_on=None)
    own = [each for each in recognised_instructions(act) if each.target.is_the_act]
    (amendment,) = amendments.apply_amendments(act, own)
    assert stored_day(act) == DAY(2025, 1, 1)
    amendments.withdraw_amendment(amendment)
    assert stored_day(act) is None


def test_saving_what_was_read_before_does_not_bring_a_former_day_back():
    law = LegalDocument.objects.get(pk=a_document(effective_on=DAY(2020, 1, 1)).pk)
    law.status_events.update(on=DAY(2021, 1, 1))
    law.save()
    assert stored_day(law) == DAY(2021, 1, 1)


def test_what_becomes_a_consolidated_text_has_no_effect_of_its_own():
    law = a_document(effective_on=DAY(2020, 1, 1))
    LegalDocument.objects.filter(pk=law.pk).update(doc_type=DocType.CONSOLIDATED_TEXT)
    assert stored_day(law) is None


def test_the_release_before_does_not_know_the_column_and_writes_it_all_the_same():
    law = a_document(effective_on=DAY(2020, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO content_statusevent (document_id, kind, scope, "on", stated_on, eids, cause) '
            "VALUES (%s, 'takes_effect', 'whole', '2019-07-01', '2019-07-01', '{}', '')",
            [law.pk],
        )
    assert stored_day(law) == DAY(2019, 7, 1)
