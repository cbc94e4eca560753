"""Answering: written by one person, approved by another, looked at again when the law it cites changes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis import services as bases
from content.changes.event_types import EventType
from content.errors import RuleBroken
from content.people import personal_data, text_input
from content.people import services as people
from content.qa import policy, queries
from content.qa.models import Answer
from content.qa.services import transitions
from content.qa.states import QuestionStatus, QuestionTransition


@transaction.atomic
def start_answering(question, *, by):
    """Begin to answer a question that is assigned to `by`."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.START, by=by)
    transitions.apply_transition(question, QuestionTransition.START, by=by)
    return question


@transaction.atomic
def save_draft(question, *, text, citations, by):
    """Keep the draft of an answer. `citations`: [(LegalDocument, eid)], as they stand today. Returns the Answer.

    Raises RuleBroken("wrong_status") unless the question is being answered, NotAllowed("not_allowed") for another's, those of
    `bases.lean_on` and `wording.clean`.
    """
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.SUBMIT, by=by)
    text = text_input.clean_text(text, "text", most=Answer.MOST_LETTERS)
    draft = queries.draft_of(question)
    basis = bases.save_basis(citations, basis=draft and draft.basis)
    if draft is None:
        return Answer.objects.create(question=question, text=text, basis=basis, written_by=by)
    draft.text, draft.written_by = text, by
    draft.save(update_fields=["text", "written_by"])
    return draft


@transaction.atomic
def submit_for_review(question, *, by):
    """Hand the draft in for review. Raises RuleBroken("answer_required")."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.SUBMIT, by=by)
    draft = queries.draft_of(question)
    if draft is None or not draft.text:
        raise RuleBroken("answer_required", _("There is no answer yet."))
    transitions.apply_transition(question, QuestionTransition.SUBMIT, by=by)
    return question


@transaction.atomic
def send_back(question, *, by, reason):
    """The reviewer wants it otherwise; `reason` says how. Raises RuleBroken("reason_required")."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.SEND_BACK, by=by)
    transitions.apply_transition(
        question, QuestionTransition.SEND_BACK, by=by, reason=text_input.require_reason(reason)
    )
    return question


@transaction.atomic
def approve(question, *, by, reason="", seen=""):
    """The draft is the answer now: published where the asker consented, else told to the asker alone.

    By another person than its writer. `seen`: the `queries.state_of_review` they read, where they say so. Raises
    RuleBroken("public_copy_required", "personal_data"), "wrong_status" for the second of two approvers at once, and
    "changed_meanwhile" where what they read is no longer what stands there.
    """
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.APPROVE, by=by)
    if seen and seen != queries.review_fingerprint(question):
        raise RuleBroken("changed_meanwhile", _("It was changed since you opened it. Read it again."))
    draft = queries.draft_of(question)
    draft.approved_by, draft.approved_at = by, timezone.now()
    draft.save(update_fields=["approved_by", "approved_at"])
    line = None
    if question.consent_to_publish:
        refuse_unpublishable(question, draft)
        line = publish_question(question, notify=True)
    to = QuestionStatus.PUBLISHED if question.consent_to_publish else QuestionStatus.CLOSED
    transitions.apply_transition(question, QuestionTransition.APPROVE, by=by, reason=reason, to=to)
    transitions.record_change_for_askers(question, EventType.QUESTION_ANSWERED, public=line)
    return question


def publish_question(question, *, notify):
    """The line of the day-book that makes it public, returned; followers hear of the first answer, not of revisions."""
    first_time = not question.is_public
    line = transitions.record_public_change(question, EventType.QUESTION_ANSWERED, notify=notify and first_time)
    if first_time:
        question.published_at, question.publication = line.changed_at, line.pk
    return line


@transaction.atomic
def revise(question, *, by, reason):
    """Open an answered question for another answer; the standing one is shown until the new one is approved."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.REVISE, by=by)
    due_on = queries.due_day_of(question)
    transitions.apply_transition(
        question, QuestionTransition.REVISE, by=by, reason=text_input.require_reason(reason), answerer=by, due_on=due_on
    )
    return question


@transaction.atomic
def discard_revision(question, *, by, reason):
    """Give up a revision: the draft is thrown away, the standing answer goes on."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.KEEP, by=by)
    discard_draft(question)
    to = QuestionStatus.PUBLISHED if question.is_public else QuestionStatus.CLOSED
    transitions.apply_transition(
        question, QuestionTransition.KEEP, by=by, reason=text_input.require_reason(reason), to=to
    )
    return question


@transaction.atomic
def confirm(question, *, by, reason="", seen=None):
    """Somebody has read the law again and stands by the answer.

    `seen`: the id of the newest BasisChange they read, where they say so. Raises RuleBroken("nothing_to_confirm"),
    "changed_meanwhile" where the law changed since, NotAllowed("not_allowed"), and those of `bases.read_again`: what is
    no longer there cannot be stood by, only revised.
    """
    question = transitions.locked_question(question)
    if not policy.may_confirm(by):
        raise transitions.NotAllowed("not_allowed", _("You do not answer questions."))
    answer = queries.current_answer_of(question)
    if answer is None or not answer.basis.changes.filter(settled_at=None).exists():
        raise RuleBroken("nothing_to_confirm", _("Nothing the answer cites has changed since."))
    if seen is not None and answer.basis.changes.filter(settled_at=None, pk__gt=seen).exists():
        raise RuleBroken("changed_meanwhile", _("It was changed since you opened it. Read it again."))
    bases.reconfirm_basis(answer.basis)
    answer.confirmed_at = timezone.now()
    answer.save(update_fields=["confirmed_at"])
    people.audit("question.confirmed", question.key, by=by, reason=reason)
    if question.is_public:
        transitions.record_public_change(question, EventType.QUESTION_CONFIRMED, notify=False)
    return question


def discard_draft(question):
    """Throw the draft away with its basis; a no-op without one."""
    draft = queries.draft_of(question)
    if draft:
        draft.delete()
        draft.basis.delete()


def refuse_unpublishable(question, draft):
    """Raises RuleBroken("public_copy_required") without a public copy, "personal_data" for what may not be in it or the answer.

    An answer may name an office's telephone; what stood in the question it may not repeat.
    """
    if not question.public_title:
        raise RuleBroken("public_copy_required", _("Confirm the public copy first."), field="public_title")
    for field, text in (("title", question.public_title), ("text", question.public_text)):
        refuse_personal_data(personal_data.unpublishable_findings(text), field)
    refuse_personal_data(personal_data.repeated_findings(f"{question.title}\n{question.text}", draft.text), "answer")


def refuse_personal_data(findings, field):
    if findings:
        found = ", ".join(sorted({str(finding.kind.label) for finding in findings}))
        raise RuleBroken("personal_data", _("This would be published: %s.") % found, field=field)
