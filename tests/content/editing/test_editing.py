"""What staff do with documents: the statuses, who may change them, and what change log and audit record."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from content.changes.models import Change
from content.documents import identity, queries
from content.documents.models import LegalDocument
from content.editing import revisions
from content.editing import services as editing
from content.errors import RuleBroken
from content.people.models import AuditRow, Role
from content.publishing import policy, services, states
from tests.builders import A_LAW, a_document, a_draft, a_member_of_staff, a_record, justice, land

NUMBER = "1/2019/QH14"
Status = LegalDocument.Status


@pytest.fixture
def lan(db):
    return a_member_of_staff("lan", Role.EDITOR)


@pytest.fixture
def hoa(db):
    return a_member_of_staff("hoa", Role.APPROVER)


@pytest.fixture
def minh(db):
    return a_member_of_staff("minh", Role.PUBLISHER)


def in_status(status, by=None):
    law = editing.write_draft(a_record(NUMBER), topics=[land()], by=by)
    if status == Status.DRAFT:
        return law
    law = editing.submit_for_review(law, by=by)
    if status == Status.IN_REVIEW:
        return law
    law = services.publish(law)
    return law if status == Status.PUBLISHED else editing.withdraw_document(law, reason="nhầm")


def another_text(old="về mẫu", new="về mẫu thử"):
    return A_LAW.replace(old, new).format(number=NUMBER)


SERVICES = {
    "draft": lambda law: editing.write_draft(a_record(NUMBER, text=another_text()), topics=[land()], document=law),
    "submit_for_review": lambda law: editing.submit_for_review(law),
    "return_to_draft": lambda law: editing.return_to_draft(law, reason="thiếu điều"),
    "publish": lambda law: services.publish(law),
    "correct": lambda law: services.correct_document(
        law, a_record(NUMBER, text=another_text()), topics=[land()], reason="sai chữ"
    ),
    "withdraw": lambda law: editing.withdraw_document(law, reason="nhầm"),
}
REPEATS = {("submit_for_review", "in_review"), ("publish", "published"), ("withdraw", "withdrawn")}


def audit_rows(law):
    return list(AuditRow.objects.filter(subject=law.key).values_list("action", "by__username", "reason"))


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("name", SERVICES)
def test_each_transition_starts_from_the_statuses_of_the_table_and_from_no_other(name, status):
    law = in_status(status)
    rows, lines = AuditRow.objects.count(), Change.objects.count()
    transition = states.TABLE[states.DocumentTransition(name)]
    target = transition.targets[0] if transition.targets else status
    if status in transition.sources:
        SERVICES[name](law)
        assert (LegalDocument.objects.get().status, AuditRow.objects.count()) == (target, rows + 1)
        return
    if (name, status) in REPEATS:
        SERVICES[name](law)
    else:
        with pytest.raises(RuleBroken) as refusal:
            SERVICES[name](law)
        assert refusal.value.code == "wrong_status"
    unchanged = (LegalDocument.objects.get().status, AuditRow.objects.count(), Change.objects.count())
    assert unchanged == (status, rows, lines)


def test_a_draft_is_exactly_what_was_written_and_has_its_author(lan):
    law = editing.write_draft(a_record(NUMBER), topics=[land()], by=lan)
    assert (law.key, law.status, list(law.authors.all())) == ("luat-2019-1-2019-qh14", "draft", [lan])
    editing.write_draft(a_record(NUMBER, effective_on=None, signer="Ai đó"), topics=[justice()], document=law, by=lan)
    law.refresh_from_db()
    assert (law.signer, list(law.topics.all()), law.status_events.count()) == ("Ai đó", [justice()], 0)


def test_a_draft_that_gets_another_number_moves_to_another_address(lan):
    law = editing.write_draft(a_record(NUMBER), topics=[], by=lan)
    law = editing.write_draft(a_record("2/2019/QH14"), topics=[], document=law, by=lan)
    assert (law.key, LegalDocument.objects.count()) == ("luat-2019-2-2019-qh14", 1)
    assert AuditRow.objects.last().facts["former_key"] == "luat-2019-1-2019-qh14"


def test_a_draft_of_a_stored_document_is_refused(lan):
    a_document(NUMBER)
    with pytest.raises(RuleBroken) as refusal:
        editing.write_draft(a_record(NUMBER), topics=[], by=lan)
    assert (refusal.value.code, LegalDocument.objects.count()) == ("already_exists", 1)


def test_the_same_draft_again_records_nothing(lan):
    law = editing.write_draft(a_record(NUMBER), topics=[land()], by=lan)
    editing.write_draft(a_record(NUMBER), topics=[land()], document=law, by=lan)
    assert audit_rows(law) == [("document.drafted", "lan", "")]


def test_an_approver_publishes_what_another_wrote_and_submitted(lan, hoa):
    law = services.publish(in_status(Status.IN_REVIEW, by=lan), by=hoa, reason="đã đọc")
    assert law.is_published
    assert audit_rows(law) == [
        ("document.drafted", "lan", ""),
        ("document.submitted", "lan", ""),
        ("document.published", "hoa", "đã đọc"),
    ]


def test_an_approver_publishes_no_draft_that_nobody_submitted(lan, hoa):
    with pytest.raises(RuleBroken) as refusal:
        services.publish(in_status(Status.DRAFT, by=lan), by=hoa)
    assert (refusal.value.code, Change.objects.count()) == ("wrong_status", 0)


@pytest.mark.parametrize("part", ["wrote", "submitted"])
def test_who_wrote_or_submitted_it_is_not_the_second_person(part, lan, db):
    both = a_member_of_staff("bich", Role.EDITOR, Role.APPROVER)
    law = editing.write_draft(a_record(NUMBER), topics=[], by=both if part == "wrote" else lan)
    law = editing.submit_for_review(law, by=lan if part == "wrote" else both)
    with pytest.raises(RuleBroken) as refusal:
        services.publish(law, by=both)
    assert (refusal.value.code, LegalDocument.objects.get().status) == ("second_person_required", "in_review")


def test_a_publisher_publishes_their_own_draft(minh):
    assert services.publish(in_status(Status.DRAFT, by=minh), by=minh).is_published


def test_what_changed_while_somebody_read_it_is_not_published(lan, hoa):
    read = in_status(Status.IN_REVIEW, by=lan)
    law = editing.return_to_draft(read, by=hoa, reason="thiếu")
    law = editing.write_draft(a_record(NUMBER, text=another_text()), topics=[], document=law, by=lan)
    editing.submit_for_review(law, by=lan)
    with pytest.raises(RuleBroken) as refusal:
        services.publish(read, by=hoa, seen=read.updated_at)
    assert (refusal.value.code, LegalDocument.objects.get().status) == ("changed_meanwhile", "in_review")


@pytest.mark.django_db
@pytest.mark.parametrize("service", [editing.return_to_draft, editing.withdraw_document])
def test_returning_and_withdrawing_require_a_reason(service):
    law = in_status(Status.IN_REVIEW if service is editing.return_to_draft else Status.PUBLISHED)
    with pytest.raises(RuleBroken) as refusal:
        service(law, reason=" ")
    assert (refusal.value.code, refusal.value.field) == ("reason_required", "reason")


def test_the_change_of_a_correction_says_what_changed_and_eids_stay(lan, hoa):
    law = in_status(Status.PUBLISHED, by=lan)
    rows = dict(law.provisions.values_list("eid", "pk"))
    record = a_record(NUMBER, text=another_text(), signer="Chủ tịch")
    law = services.correct_document(law, record, topics=[land()], by=hoa, authors=[lan], reason="sai một chữ")
    line = Change.objects.last()
    assert (line.event_type, line.nature, line.eids, line.notify) == (
        "document.corrected",
        "editorial",
        ["art_1"],
        False,
    )
    assert line.facts["correction"] == {
        "fields": [{"field": "signer", "before": "", "after": "Chủ tịch"}],
        "provisions": [
            {
                "eid": "art_1",
                "change": "changed",
                "before": "Điều 1. Phạm vi điều chỉnh\nLuật này quy định về mẫu.\n",
                "after": "Điều 1. Phạm vi điều chỉnh\nLuật này quy định về mẫu thử.\n",
            }
        ],
        "wording": True,
        "removes_words": False,
    }
    assert dict(law.provisions.values_list("eid", "pk")) == rows
    assert (law.status, law.corrected_at is not None, law.key) == ("published", True, "luat-2019-1-2019-qh14")
    assert audit_rows(law)[-1] == ("document.corrected", "hoa", "sai một chữ")


def test_a_correction_by_the_issuing_body_differs_from_a_mistake_in_our_copy(lan, hoa):
    law = in_status(Status.PUBLISHED)
    revision = revisions.start_revision(a_record(NUMBER, text=another_text()), by=lan, document=law)
    proposed = revisions.propose_correction(revision, by=lan, reason="Quyết định đính chính", by_issuer=True)
    revisions.confirm_correction(proposed, by=hoa)
    assert Change.objects.last().nature == "correction"


def test_a_correction_notifies_followers_only_when_asked(hoa):
    law = in_status(Status.PUBLISHED)
    services.correct_document(law, a_record(NUMBER, text=another_text()), topics=[], by=hoa, reason="sai", notify=True)
    assert Change.objects.last().notify is True


@pytest.mark.parametrize(
    ("code", "columns"),
    [("no_change", {}), ("reason_required", {"reason": ""}), ("second_person_required", {"authors": True})],
)
def test_a_correction_that_is_none_or_nobody_else_saw_is_refused(code, columns, hoa):
    law = in_status(Status.PUBLISHED)
    lines = Change.objects.count()
    text = another_text() if code != "no_change" else A_LAW.format(number=NUMBER)
    arguments = {"reason": "sai", "by": hoa} | columns
    arguments["authors"] = [hoa] if arguments.get("authors") else []
    with pytest.raises(RuleBroken) as refusal:
        services.correct_document(law, a_record(NUMBER, text=text), topics=[land()], **arguments)
    assert (refusal.value.code, Change.objects.count()) == (code, lines)


@pytest.mark.django_db
def test_a_correction_that_turns_it_into_another_document_we_have_is_refused():
    law, other = in_status(Status.PUBLISHED), a_draft("2/2019/QH14")
    with pytest.raises(RuleBroken) as refusal:
        services.correct_document(law, a_record(other.number), topics=[], reason="sai số")
    assert refusal.value.code == "already_exists"


@pytest.mark.django_db
def test_a_withdrawal_is_one_change_with_its_reason():
    law = in_status(Status.WITHDRAWN)
    line = Change.objects.last()
    assert (line.event_type, line.nature, line.facts["reason"], line.notify) == (
        "document.withdrawn",
        "withdrawal",
        "nhầm",
        False,
    )
    assert (line.hash_before, line.hash_after) == (law.content_hash, "")
    assert not queries.public_documents().exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "code"), [("in_review", "wrong_status"), ("withdrawn", "withdrawn")])
def test_an_import_touches_neither_what_is_in_review_nor_what_was_withdrawn(status, code):
    in_status(status)
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_record(NUMBER, text=another_text()), correct=True)
    assert (refusal.value.code, LegalDocument.objects.get().status) == (code, status)


@pytest.mark.django_db
@pytest.mark.parametrize("columns", [{"status": "withdrawn"}, {"status": "published"}, {"withdrawal_reason": "x"}])
def test_the_database_refuses_a_state_without_what_belongs_to_it(columns):
    law = in_status(Status.DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalDocument.objects.filter(pk=law.pk).update(**columns)


def test_what_each_role_may_do_with_a_document_of_lans_in_each_state(lan, hoa, minh):
    trang = a_member_of_staff("trang", Role.ANSWERER)
    an = a_member_of_staff("an", Role.ADMINISTRATOR)
    law = in_status(Status.DRAFT, by=lan)
    assert [policy.available_transitions(user, law) for user in (lan, hoa, minh, trang, an)] == [
        ["draft", "submit_for_review"],
        [],
        ["draft", "submit_for_review", "publish"],
        [],
        [],
    ]
    law = editing.submit_for_review(law, by=lan)
    assert [policy.available_transitions(user, law) for user in (lan, hoa, minh, trang, an)] == [
        ["return_to_draft"],
        ["return_to_draft", "publish"],
        ["return_to_draft", "publish"],
        [],
        [],
    ]
    law = services.publish(law, by=hoa)
    assert [policy.available_transitions(user, law) for user in (lan, hoa, minh, trang, an)] == [
        ["correct"],
        ["withdraw"],
        ["correct", "withdraw"],
        [],
        [],
    ]


def at_once(*calls):
    """Run these at the same moment, each on its own connection; returns the codes of those refused."""
    gate, refused = threading.Barrier(len(calls)), []

    def run(call):
        gate.wait(10)
        try:
            call()
        except RuleBroken as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def two_approvers():
    return [a_member_of_staff(name, Role.APPROVER) for name in ("hoa", "bich")]


@pytest.mark.usefixtures("committed")
def test_two_approvers_at_once_publish_once():
    law, (hoa, bich) = in_status(Status.IN_REVIEW), two_approvers()
    assert at_once(lambda: services.publish(law, by=hoa), lambda: services.publish(law, by=bich)) == []
    assert Change.objects.filter(event_type="document.published").count() == 1
    assert AuditRow.objects.filter(action="document.published").count() == 1


@pytest.mark.usefixtures("committed")
def test_of_two_approvers_one_publishing_and_one_returning_only_one_succeeds():
    law, (hoa, bich) = in_status(Status.IN_REVIEW), two_approvers()
    refused = at_once(
        lambda: services.publish(law, by=hoa, seen=law.updated_at),
        lambda: editing.return_to_draft(law, by=bich, reason="thiếu", seen=law.updated_at),
    )
    assert len(refused) == 1
    assert refused[0] in ("wrong_status", "changed_meanwhile")
    assert AuditRow.objects.filter(action__in=["document.published", "document.returned"]).count() == 1


@pytest.mark.usefixtures("committed")
def test_a_correction_that_is_confirmed_while_the_document_is_withdrawn_ends_in_one_of_the_two():
    law, (hoa, bich) = in_status(Status.PUBLISHED), two_approvers()
    lan = a_member_of_staff("lan", Role.EDITOR)
    revision = revisions.start_revision(a_record(NUMBER, signer="Ai"), by=lan, document=law)
    revisions.propose_correction(revision, by=lan, reason="thiếu")
    refused = at_once(
        lambda: revisions.confirm_correction(revision, by=hoa),
        lambda: editing.withdraw_document(law, by=bich, reason="nhầm"),
    )
    assert refused in ([], ["wrong_status"])  # corrected and then withdrawn, or withdrawn only
    law.refresh_from_db()
    assert (law.status, law.signer) == ("withdrawn", "" if refused else "Ai")


@pytest.mark.django_db
def test_a_document_keeps_its_own_address_when_it_is_drafted_anew():
    first = editing.write_draft(
        a_record("15/NQ", doc_type="resolution", issued_on=datetime.date(2024, 1, 5)), topics=[]
    )
    record = a_record("15/NQ", doc_type="resolution", issued_on=datetime.date(2024, 9, 9))
    later = editing.write_draft(record, topics=[])
    assert identity.unused_key(record, identity.origin_of(later), own=later.pk) == later.key != first.key
