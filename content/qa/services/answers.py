"""Answering: written by one person, approved by another, looked at again when the law it cites changes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis import services as bases
from content.changes import kinds
from content.errors import RuleBroken
from content.people import services as people
from content.qa import policy, privacy, queries, wording
from content.qa.models import Answer
from content.qa.services import moves
from content.qa.states import Move, Status


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

    Raises RuleBroken("not_now") unless the question is being answered, NotAllowed("not_yours") for another's, those of
    `bases.lean_on` and `wording.clean`.
    """
    question = moves.locked(question)
    moves.allow(question, Move.SUBMIT, by=by)
    text = wording.clean(text, "text", most=Answer.MOST_LETTERS)
    draft = queries.draft_of(question)
    basis = bases.lean_on(citations, basis=draft and draft.basis)
    if draft is None:
        return Answer.objects.create(question=question, text=text, basis=basis, written_by=by)
    draft.text, draft.written_by = text, by
    draft.save(update_fields=["text", "written_by"])
    return draft


@transaction.atomic
def submit(question, *, by):
    """Hand the draft in for review. Raises RuleBroken("no_answer")."""
    question = moves.locked(question)
    moves.allow(question, Move.SUBMIT, by=by)
    draft = queries.draft_of(question)
    if draft is None or not draft.text:
        raise RuleBroken("no_answer", _("There is no answer yet."))
    moves.move(question, Move.SUBMIT, by=by)
    return question


@transaction.atomic
def send_back(question, *, by, reason):
    """The reviewer wants it otherwise; `reason` says how. Raises RuleBroken("no_reason")."""
    question = moves.locked(question)
    moves.allow(question, Move.SEND_BACK, by=by)
    moves.move(question, Move.SEND_BACK, by=by, reason=wording.needed(reason))
    return question


@transaction.atomic
def approve(question, *, by, reason="", seen=""):
    """The draft is the answer now: published where the asker consented, else told to the asker alone.

    By another person than its writer. `seen`: the `queries.state_of_review` they read, where they say so. Raises
    RuleBroken("not_redacted", "personal_data"), "not_now" for the second of two approvers at once, and
    "changed_meanwhile" where what they read is no longer what stands there.
    """
    question = moves.locked(question)
    moves.allow(question, Move.APPROVE, by=by)
    if seen and seen != queries.state_of_review(question):
        raise RuleBroken("changed_meanwhile", _("It was changed since you opened it. Read it again."))
    draft = queries.draft_of(question)
    draft.approved_by, draft.approved_at = by, timezone.now()
    draft.save(update_fields=["approved_by", "approved_at"])
    line = None
    if question.consent_to_publish:
        refuse_unpublishable(question, draft)
        line = publish(question, notify=True)
    to = Status.PUBLISHED if question.consent_to_publish else Status.CLOSED
    moves.move(question, Move.APPROVE, by=by, reason=reason, to=to)
    moves.tell_askers(question, kinds.QUESTION_ANSWERED, public=line)
    return question


def publish(question, *, notify):
    """The line of the day-book that makes it public, returned; followers hear of the first answer, not of revisions."""
    first_time = not question.is_public
    line = moves.tell_public(question, kinds.QUESTION_ANSWERED, notify=notify and first_time)
    if first_time:
        question.published_at, question.publication = line.changed_at, line.pk
    return line


@transaction.atomic
def revise(question, *, by, reason):
    """Open an answered question for another answer; the standing one is shown until the new one is approved."""
    question = moves.locked(question)
    moves.allow(question, Move.REVISE, by=by)
    due_on = queries.due_on(question)
    moves.move(question, Move.REVISE, by=by, reason=wording.needed(reason), answerer=by, due_on=due_on)
    return question


@transaction.atomic
def keep(question, *, by, reason):
    """Give up a revision: the draft is thrown away, the standing answer goes on."""
    question = moves.locked(question)
    moves.allow(question, Move.KEEP, by=by)
    discard_draft(question)
    to = Status.PUBLISHED if question.is_public else Status.CLOSED
    moves.move(question, Move.KEEP, by=by, reason=wording.needed(reason), to=to)
    return question


@transaction.atomic
def confirm(question, *, by, reason="", seen=None):
    """Somebody has read the law again and stands by the answer.

    `seen`: the id of the newest BasisChange they read, where they say so. Raises RuleBroken("nothing_to_confirm"),
    "changed_meanwhile" where the law changed since, NotAllowed("not_yours"), and those of `bases.read_again`: what is
    no longer there cannot be stood by, only revised.
    """
    question = moves.locked(question)
    if not policy.may_confirm(by):
        raise moves.NotAllowed("not_yours", _("You do not answer questions."))
    answer = queries.standing_answer_of(question)
    if answer is None or not answer.basis.changes.filter(settled_at=None).exists():
        raise RuleBroken("nothing_to_confirm", _("Nothing the answer cites has changed since."))
    if seen is not None and answer.basis.changes.filter(settled_at=None, pk__gt=seen).exists():
        raise RuleBroken("changed_meanwhile", _("It was changed since you opened it. Read it again."))
    bases.read_again(answer.basis)
    answer.confirmed_at = timezone.now()
    answer.save(update_fields=["confirmed_at"])
    people.audit("question.confirmed", question.key, by=by, reason=reason)
    if question.is_public:
        moves.tell_public(question, kinds.QUESTION_CONFIRMED, notify=False)
    return question


@transaction.atomic
def note_change(change):
    """A line of the day-book may touch standing answers: flag them, tell askers and followers. Returns how many.

    A repeat flags nothing. What is flagged waits in the answerers' queue until somebody confirms or revises.
    """
    touched = queries.standing_answers().filter(basis__in=bases.note(change)).order_by("question_id")
    questions = moves.all_locked([answer.question for answer in touched])  # before the day-book is ours
    for question in questions:
        line = None
        if question.is_public:
            line = moves.tell_public(question, kinds.QUESTION_BASIS_CHANGED, cause=change.pk, cause_kind=change.kind)
        moves.tell_askers(question, kinds.QUESTION_BASIS_CHANGED, public=line)
    return len(questions)


def discard_draft(question):
    """Throw the draft away with its basis; a no-op without one."""
    draft = queries.draft_of(question)
    if draft:
        draft.delete()
        draft.basis.delete()


def refuse_unpublishable(question, draft):
    """Raises RuleBroken("not_redacted") without a public copy, "personal_data" for what may not be in it or the answer.

    An answer may name an office's telephone; what stood in the question it may not repeat.
    """
    if not question.public_title:
        raise RuleBroken("not_redacted", _("Confirm the public copy first."), field="public_title")
    for field, text in (("title", question.public_title), ("text", question.public_text)):
        refuse_personal_data(privacy.unpublishable(text), field)
    refuse_personal_data(privacy.repeated(f"{question.title}\n{question.text}", draft.text), "answer")


def refuse_personal_data(findings, field):
    if findings:
        found = ", ".join(sorted({str(finding.kind.label) for finding in findings}))
        raise RuleBroken("personal_data", _("This would be published: %s.") % found, field=field)
