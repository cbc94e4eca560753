"""Answers: one person writes, another approves, and both review them when the cited law changes."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis import services as bases
from content.changes.event_types import EventType
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.errors import NotAllowed, RuleBroken
from content.people import services as people
from content.people import text_input
from content.people.models import User
from content.personal_data import redaction, repeated_findings
from content.qa import policy, queries
from content.qa.models import Answer, Question
from content.qa.services import transitions
from content.qa.states import QuestionStatus, QuestionTransition
from content.text.removed_words import removes_words


@transaction.atomic
def start_answering(question: Question, *, by: User) -> Question:
    """Start answering a question that is assigned to `by`."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.START, by=by)
    transitions.apply_transition(question, QuestionTransition.START, by=by)
    return question


@transaction.atomic
def save_draft(
    question: Question, *, text: str, citations: Iterable[tuple[LegalDocument, str]], by: User, seen: str = ""
) -> Answer:
    """Save the draft of the answer. `citations`: [(LegalDocument, eid)] in the law of today. Returns the Answer.

    `seen` is the `queries.draft_fingerprint` that the form was filled with; empty: not asked. Raises RuleBroken:
    "wrong_status" unless the question is being answered, "changed_meanwhile" if another draft was saved since;
    NotAllowed("not_allowed") for the question of another answerer; and what `bases.save_basis` and
    `text_input.clean_text` raise.
    """
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.SUBMIT, by=by)
    if seen and seen != queries.draft_fingerprint(question):
        raise RuleBroken("changed_meanwhile", _("It changed after you opened this page. Read it again."))
    text = text_input.clean_text(text, "text", max_length=Answer.MAX_LENGTH)
    draft = queries.draft_of(question)
    basis = bases.save_basis(citations, basis=draft.basis if draft else None)
    if draft is None:
        return Answer.objects.create(question=question, text=text, basis=basis, written_by=by)
    draft.text, draft.written_by = text, by
    draft.save(update_fields=["text", "written_by"])
    return draft


@transaction.atomic
def submit_for_review(question: Question, *, by: User) -> Question:
    """Submit the draft for review. Raises RuleBroken("answer_required")."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.SUBMIT, by=by)
    draft = queries.draft_of(question)
    if draft is None or not draft.text:
        raise RuleBroken("answer_required", _("Write an answer first."))
    transitions.apply_transition(question, QuestionTransition.SUBMIT, by=by)
    return question


@transaction.atomic
def send_back(question: Question, *, by: User, reason: str) -> Question:
    """Return the draft to its answerer; `reason` says what to improve. Raises RuleBroken("reason_required")."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.SEND_BACK, by=by)
    transitions.apply_transition(
        question, QuestionTransition.SEND_BACK, by=by, reason=text_input.require_reason(reason)
    )
    return question


@transaction.atomic
def approve(question: Question, *, by: User, reason: str = "", seen: str = "") -> Question:
    """Make the draft the current answer: published if the asker consented, else for the asker alone.

    The approver must not be its writer. `seen` is the `queries.review_fingerprint` of what they read; empty: not asked.
    Raises RuleBroken("public_copy_required", "personal_data"), "wrong_status" for the second of two approvers at once,
    and "changed_meanwhile" if what they read has changed since.
    """
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.APPROVE, by=by)
    if seen and seen != queries.review_fingerprint(question):
        raise RuleBroken("changed_meanwhile", _("It changed after you opened this page. Read it again."))
    former, draft = queries.current_answer_of(question), question.answers.select_related("basis").get(approved_at=None)
    draft.approved_by, draft.approved_at = by, timezone.now()
    draft.save(update_fields=["approved_by", "approved_at"])
    change = None
    if question.consent_to_publish:
        refuse_unpublishable(question, draft)
        change = publish_question(
            question, notify=True, removes=former is not None and removes_words([former.text], [draft.text])
        )
    to = QuestionStatus.PUBLISHED if question.consent_to_publish else QuestionStatus.CLOSED
    transitions.apply_transition(question, QuestionTransition.APPROVE, by=by, reason=reason, to=to)
    transitions.record_change_for_askers(question, EventType.QUESTION_ANSWERED, public=change)
    return question


def publish_question(question: Question, *, notify: bool, removes: bool = False) -> Change:
    """Make the question public and return the change. Followers are notified of the first answer, not of revisions.

    `removes`: the answer takes words of the one before out.
    """
    first_time = not question.is_public
    change = transitions.record_public_change(
        question, EventType.QUESTION_ANSWERED, notify=notify and first_time, removes_words=removes
    )
    if first_time:
        question.published_at, question.publication = change.changed_at, change.pk
    return change


@transaction.atomic
def revise(question: Question, *, by: User, reason: str) -> Question:
    """Open an answered question for revision. The current answer is shown until the new one is approved."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.REVISE, by=by)
    due_on = queries.due_day_of(question)
    transitions.apply_transition(
        question, QuestionTransition.REVISE, by=by, reason=text_input.require_reason(reason), answerer=by, due_on=due_on
    )
    return question


@transaction.atomic
def discard_revision(question: Question, *, by: User, reason: str) -> Question:
    """Give up a revision: delete the draft and keep the current answer."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.KEEP, by=by)
    discard_draft(question)
    to = QuestionStatus.PUBLISHED if question.is_public else QuestionStatus.CLOSED
    transitions.apply_transition(
        question, QuestionTransition.KEEP, by=by, reason=text_input.require_reason(reason), to=to
    )
    return question


@transaction.atomic
def confirm(question: Question, *, by: User, reason: str = "", seen: int | None = None) -> Question:
    """Record that a person has read the changed law and the answer is still correct.

    `seen` is the id of the newest BasisChange they read; None: not asked. Raises RuleBroken("nothing_to_confirm"),
    "changed_meanwhile" if the law changed since, NotAllowed("not_allowed"), and what `bases.reconfirm_basis` raises: an
    answer that cites a provision which no longer exists can only be revised.
    """
    question = transitions.locked_question(question)
    if not policy.may_confirm(by):
        raise NotAllowed("not_allowed", _("You are not allowed to confirm answers."))
    answer = queries.current_answer_of(question)
    if answer is None or not answer.basis.changes.filter(settled_at=None).exists():
        raise RuleBroken("nothing_to_confirm", _("The law that the answer cites has not changed since."))
    if seen is not None and answer.basis.changes.filter(settled_at=None, pk__gt=seen).exists():
        raise RuleBroken("changed_meanwhile", _("It changed after you opened this page. Read it again."))
    bases.reconfirm_basis(answer.basis)
    answer.confirmed_at = timezone.now()
    answer.save(update_fields=["confirmed_at"])
    people.audit("question.confirmed", question.key, by=by, reason=reason)
    if question.is_public:
        transitions.record_public_change(question, EventType.QUESTION_CONFIRMED, notify=False)
    return question


def discard_draft(question: Question) -> None:
    """Delete the draft with its basis. A no-op without a draft."""
    draft = queries.draft_of(question)
    if draft:
        draft.delete()
        draft.basis.delete()


def refuse_unpublishable(question: Question, draft: Answer) -> None:
    """Raise RuleBroken("public_copy_required", "personal_data") if the question cannot be published with this answer.

    An answer may contain the phone number of an office, but must not repeat personal data from the question.
    """
    if not question.public_title:
        raise RuleBroken("public_copy_required", _("Confirm the public copy first."), field="public_title")
    for field, text in (("title", question.public_title), ("text", question.public_text)):
        redaction.refuse_unpublishable(text, field)
    redaction.refuse_personal_data(repeated_findings(f"{question.title}\n{question.text}", draft.text), "answer")
