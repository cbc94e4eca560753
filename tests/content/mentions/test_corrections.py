"""A person says what words mean: it outlives new readings, and documents that come later."""

import datetime
import threading

import pytest
from django.db import connection, transaction

from content.changes.models import Change
from content.editing import services as editing
from content.errors import RuleBroken
from content.mentions import corrections, services
from content.mentions.models import Mention, MentionCorrection
from content.people.models import AuditRow, Role
from tests.builders import a_document, a_draft, a_member_of_staff, approver
from tests.content.mentions.test_mentions import citing, links_of
from tests.journeys.installation import eventually

pytestmark = pytest.mark.django_db
NAMED = "Luật Đất đai"


def the_mention(document, words):
    found = Mention.objects.filter(version__provision__document=document).select_related("version__provision")
    return next(each for each in found if each.version.text[each.start : each.end] == words)


def correct(document, words, target, units="", *, reason="Đọc cả câu", by=None):
    mention = the_mention(document, words)
    return corrections.correct_mention(mention, target=target, units=units, reason=reason, by=by or approver())


def test_words_lead_where_a_person_says_in_every_reading_until_it_is_withdrawn():
    wrong = a_document("45/2013/QH13", title=NAMED, issued_on=datetime.date(2013, 11, 29))
    right = a_document("31/2024/QH15", title="Luật khác", issued_on=datetime.date(2024, 1, 18))
    document, words = citing(NAMED), NAMED
    before = links_of(document)
    assert before[words] == (wrong.number, ())
    correct(document, words, right, "Điều 1; khoản 1 Điều 2")
    assert links_of(document)[words] == (right.number, ("art_1", "art_2__clause_1"))
    assert services.refresh_mentions(document) == 0
    correct(document, words, right)
    assert links_of(document)[words] == (right.number, ())
    corrections.withdraw_correction(the_mention(document, words), reason="Đọc lại", by=approver())
    assert (links_of(document), MentionCorrection.objects.count()) == (before, 0)


def test_words_that_a_person_says_name_nothing_stay_without_a_link_when_the_document_comes():
    document = citing("Luật Đất đai số 45/2013/QH13")
    correct(document, "Luật Đất đai số 45/2013/QH13", None)
    a_document("45/2013/QH13", title=NAMED, issued_on=datetime.date(2013, 11, 29))
    assert "Luật Đất đai số 45/2013/QH13" not in links_of(document)
    services.refresh_mentions(document)
    assert "Luật Đất đai số 45/2013/QH13" not in links_of(document)


def test_a_correction_is_of_the_words_of_one_provision():
    law = a_document("45/2013/QH13", title=NAMED, issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai số 45/2013/QH13")
    other = a_document("31/2024/QH15", title="Luật khác")
    correct(document, "Điều 1", other)
    assert links_of(document)["Điều 1"] == (other.number, ())
    assert links_of(document)["khoản 1 Điều này"] == (document.number, ("art_1__clause_1",))
    assert links_of(document)["Luật Đất đai số 45/2013/QH13"] == (law.number, ())


def test_a_correction_is_audited_and_tells_mirrors_but_no_follower():
    right = a_document("31/2024/QH15", title="Luật khác")
    document = citing("Luật Đất đai số 45/2013/QH13")
    correct(document, "Điều 1", right, reason="Câu trước nói về luật kia")
    row = AuditRow.objects.get(action="mention.corrected")
    assert (row.subject, row.reason) == (document.key, "Câu trước nói về luật kia")
    change = Change.objects.filter(subject=document.key).latest("pk")
    assert (change.event_type, change.nature, change.notify) == ("document.corrected", "editorial", False)


def test_what_breaks_a_rule_is_refused_and_changes_nothing():
    document, right = citing("Luật Đất đai số 45/2013/QH13"), a_document("31/2024/QH15", title="Luật khác")
    draft = a_draft("32/2024/QH15", title="Luật Nháp")
    before = links_of(document)
    refused = [
        (right, "Điều 900", "Có", approver(), "unknown_provision"),
        (right, "chỗ nào đó", "Có", approver(), "unknown_provision"),
        (draft, "", "Có", approver(), "not_public"),
        (right, "", "  ", approver(), "reason_required"),
        (right, "", "Có", a_member_of_staff("minh", Role.EDITOR), "not_allowed"),
    ]
    for target, units, reason, by, code in refused:
        with pytest.raises(RuleBroken) as broken:
            correct(document, "Điều 1", target, units, reason=reason, by=by)
        assert broken.value.code == code
    assert (links_of(document), MentionCorrection.objects.exists()) == (before, False)


def test_a_target_that_is_withdrawn_is_led_to_no_more():
    document, right = citing("Luật Đất đai số 45/2013/QH13"), a_document("31/2024/QH15", title="Luật khác")
    correct(document, "Điều 1", right)
    editing.withdraw_document(right, by=approver(), reason="Trùng")
    assert "Điều 1" not in links_of(document)


def test_the_same_again_changes_nothing_and_a_mention_that_was_read_again_is_refused():
    document, right = citing("Luật Đất đai số 45/2013/QH13"), a_document("31/2024/QH15", title="Luật khác")
    mention = the_mention(document, "Điều 1")
    correct(document, "Điều 1", right)
    lines = (Change.objects.count(), AuditRow.objects.count())
    correct(document, "Điều 1", right, reason="Lần hai")
    assert (Change.objects.count(), AuditRow.objects.count()) == lines
    with pytest.raises(RuleBroken) as broken:
        corrections.correct_mention(mention, target=None, reason="Khác", by=approver())
    assert broken.value.code == "changed_meanwhile"
    assert links_of(document)["Điều 1"] == (right.number, ())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_correction_that_is_under_way_is_not_undone_by_a_reading_for_a_new_law():
    document = citing(NAMED)
    right = a_document("31/2024/QH15", title="Luật khác", issued_on=datetime.date(2024, 1, 18))
    law = a_document("45/2013/QH13", title=NAMED, issued_on=datetime.date(2013, 11, 29))
    services.read_name_again(law)

    def read():
        services.read_name_again(law)
        connection.close()

    with transaction.atomic():
        correct(document, NAMED, right)
        reading = threading.Thread(target=read)
        reading.start()
        eventually(is_somebody_waiting_for_a_lock)
    reading.join()
    assert links_of(document)[NAMED] == (right.number, ())
    assert the_mention(document, NAMED).is_corrected


def is_somebody_waiting_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return cursor.fetchone()[0]
