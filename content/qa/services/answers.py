"""Answering: written by one person, approved by another, looked at again when the law it cites changes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis import services as bases
from content.changes import kinds
from content.errors import RuleBroken
from content.people import services as people
from content.qa.models import Answer
from content.qa.services import moves
from content.qa.services.handling import refuse_personal_data
from content.qa.states import Move, Status
from content.text.vietnamese import nfc


@transaction.atomic
def start(question, *, by):
    """Begin to answer a question that is assigned to `by`."""
    question = moves.locked(question)
    moves.allow(question, Move.START, by=by)
    moves.move(question, Move.START, by=by)
    return question


@transaction.atomic
def write(question, *, text, citations, by):
    """Keep the draft of an answer. `citations`: [(LegalDocument, eid)], as they stand today. Returns the Answer.

    Raises RuleBroken("not_now") unless the question is being answered, NotAllowed("not_yours") for another's.
    """
    question = moves.locked(question)
    moves.allow(question, Move.SUBMIT, by=by)
    draft = question.answers.filter(approved_at=None).first()
    basis = bases.lean_on(citations, basis=draft and draft.basis)
    if draft is None:
        return Answer.objects.create(question=question, text=nfc(text.strip()), basis=basis, written_by=by)
    draft.text, draft.written_by = nfc(text.strip()), by
    draft.save(update_fields=["text", "written_by"])
    return draft


@transaction.atomic
def submit(question, *, by):
    """Hand the draft in for review. Raises RuleBroken("no_answer")."""
    question = moves.locked(question)
    moves.allow(question, Move.SUBMIT, by=by)
    draft = question.answers.filter(approved_at=None).first()
    if draft is None or not draft.text:
        raise RuleBroken("no_answer", _("There is no answer yet."))
    moves.move(question, Move.SUBMIT, by=by)
    return question


@transaction.atomic
def send_back(question, *, by, reason):
    """The reviewer wants it otherwise; `reason` says how."""
    question = moves.locked(question)
    moves.allow(question, Move.SEND_BACK, by=by)
    if not reason.strip():
        raise RuleBroken("no_reason", _("Say why."), field="reason")
    moves.move(question, Move.SEND_BACK, by=by, reason=nfc(reason.strip()))
    return question


@transaction.atomic
def approve(question, *, by, reason=""):
    """The draft is the answer now: published where the asker consented, else told to the asker alone.

    By another person than its writer. Raises RuleBroken("not_redacted", "personal_data"), and "not_now" for the second
    of two approvers at once.
    """
    question = moves.locked(question)
    moves.allow(question, Move.APPROVE, by=by)
    draft = question.answers.select_for_update().get(approved_at=None)
    first_time = question.published_at is None
    columns = {}
    if question.consent_to_publish:
        if not question.public_title:
            raise RuleBroken("not_redacted", _("Confirm the public copy first."), field="public_title")
        for field, text in (("title", question.public_title), ("text", question.public_text), ("answer", draft.text)):
            refuse_personal_data(text, field)
        columns["published_at"] = question.published_at or timezone.now()
    draft.approved_by, draft.approved_at = by, timezone.now()
    draft.save(update_fields=["approved_by", "approved_at"])
    to = Status.PUBLISHED if question.consent_to_publish else Status.CLOSED
    moves.move(question, Move.APPROVE, by=by, reason=reason, to=to, **columns)
    moves.tell_asker(question, kinds.QUESTION_ANSWERED)
    if question.is_public:
        moves.tell_public(question, kinds.QUESTION_ANSWERED, notify=first_time)
    return question


@transaction.atomic
def revise(question, *, by, reason):
    """Open a published question for another answer; the standing one stays public until the new one is approved."""
    question = moves.locked(question)
    moves.allow(question, Move.REVISE, by=by)
    moves.move(question, Move.REVISE, by=by, reason=reason, answerer=by)
    return question


@transaction.atomic
def confirm(question, *, by, reason=""):
    """Somebody has read the law again and stands by the answer. Raises RuleBroken("nothing_to_confirm")."""
    question = moves.locked(question)
    if not (by.has_perm("content.answer_question") or by.has_perm("content.approve_question")):
        raise moves.NotAllowed("not_yours", _("You do not answer questions."))
    answer = question.answers.exclude(approved_at=None).last()
    if answer is None or not answer.basis.changes.filter(settled_at=None).exists():
        raise RuleBroken("nothing_to_confirm", _("Nothing the answer cites has changed since."))
    bases.read_again(answer.basis)
    answer.confirmed_at = timezone.now()
    answer.save(update_fields=["confirmed_at"])
    people.audit("question.confirm", question.key, by=by, reason=reason)
    if question.is_public:
        moves.tell_public(question, kinds.QUESTION_CONFIRMED, notify=False)
    return question


@transaction.atomic
def note_change(change):
    """A line of the day-book may touch standing answers: flag them, tell asker and followers. Returns how many.

    A repeat flags nothing. What is flagged waits in the answerers' queue until somebody confirms or revises.
    """
    flagged = 0
    standing = Answer.objects.exclude(approved_at=None).select_related(
        "question", "question__topic", "question__organisation"
    )
    for answer in standing.filter(basis__in=bases.note(change)).order_by("pk"):
        if answer != answer.question.answers.exclude(approved_at=None).last():
            continue  # an earlier revision: nobody reads it any more
        flagged += 1
        moves.tell_asker(answer.question, kinds.QUESTION_BASIS_CHANGED)
        if answer.question.is_public:
            moves.tell_public(answer.question, kinds.QUESTION_BASIS_CHANGED)
    return flagged
