"""What staff do to a question before it is answered, or instead of answering it."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.changes.event_types import EventType, Nature
from content.copies import refuse_copy
from content.errors import NotAllowed, RuleBroken
from content.organisations.models import Organisation, Province
from content.people import services as people
from content.people import text_input
from content.people.models import User
from content.personal_data import redaction, without_invisible
from content.qa import policy, queries, states
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Question
from content.qa.services import transitions
from content.qa.services.answers import discard_draft
from content.qa.states import QuestionStatus, QuestionTransition, Resolution
from content.text.removed_words import removes_words
from content.text.vietnamese import fold
from content.topics.models import Topic


@transaction.atomic
def screen(question: Question, *, by: User) -> Question:
    """Start screening the question."""
    return _apply_simple_transition(question, QuestionTransition.SCREEN, by=by)


@transaction.atomic
def assign(question: Question, *, to: User, by: User, reason: str = "") -> Question:
    """Assign the question to an answerer. Raises RuleBroken("not_an_answerer") and what `require_transition` raises."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.ASSIGN, by=by)
    if not to.is_active or not to.has_perm("content.answer_question"):
        raise RuleBroken("not_an_answerer", _("%s may not answer questions. Choose another person.") % to, field="to")
    transitions.apply_transition(question, QuestionTransition.ASSIGN, by=by, reason=reason, answerer=to)
    return question


@transaction.atomic
def return_for_detail(question: Question, *, by: User, reason: str) -> Question:
    """Ask the reader for more detail; they read `reason`. There is no due day until they answer."""
    reason = text_input.require_reason(reason)
    return _apply_simple_transition(
        question, QuestionTransition.RETURN, by=by, reason=reason, event_type=EventType.QUESTION_RETURNED, due_on=None
    )


@transaction.atomic
def reject(question: Question, *, by: User, reason: str) -> Question:
    """Close without an answer; the asker reads `reason`."""
    reason = text_input.require_reason(reason)
    return _apply_simple_transition(
        question, QuestionTransition.REJECT, by=by, reason=reason, event_type=EventType.QUESTION_CLOSED
    )


@transaction.atomic
def redirect(question: Question, *, organisation: Organisation, by: User, reason: str) -> Question:
    """Close and name the competent body; the asker reads `reason`."""
    reason = text_input.require_reason(reason)
    return _apply_simple_transition(
        question, QuestionTransition.REDIRECT, by=by, reason=reason,
        event_type=EventType.QUESTION_CLOSED, organisation=organisation,
    )  # fmt: skip


@transaction.atomic
def merge(question: Question, *, into: Question, by: User, reason: str = "") -> Question:
    """Close as a duplicate of `into`. Duplicates of this question become duplicates of `into` too.

    All their askers are notified when `into` is answered. A public question is no longer public; the change log says
    into which it was merged, and that one must be public, so that nobody loses an answer. Raises RuleBroken:
    "invalid_merge_target" (itself, or one that was merged), "wrong_status" (a closed one), "consent_missing" (the other
    asker did not consent to publication), "not_public".
    """
    question, into = transitions.locked_questions([question, into])
    refuse_copy(question)
    refuse_copy(into)
    transitions.require_transition(question, QuestionTransition.MERGE, by=by)
    if question.pk == into.pk or into.same_as_id:
        raise RuleBroken("invalid_merge_target", _("Choose a question that is not merged into another."), field="into")
    if into.status == QuestionStatus.CLOSED:
        raise RuleBroken("wrong_status", _("Choose a question that is open or published."), field="into")
    if not into.consent_to_publish:
        raise RuleBroken(
            "consent_missing",
            _("The asker of that question did not consent to publication. Choose another question."),
            field="into",
        )
    if question.is_public and not into.is_public:
        raise RuleBroken(
            "not_public",
            _("A public question can only be merged into a public one. Choose a public question."),
            field="into",
        )
    discard_draft(question)
    transitions.unpublish(question, merged_into=into.key)
    question.duplicates.update(same_as=into)
    transitions.apply_transition(question, QuestionTransition.MERGE, by=by, reason=reason.strip(), same_as=into)
    transitions.record_change_for_asker(question, EventType.QUESTION_CLOSED)
    return question


@transaction.atomic
def classify(
    question: Question, *, topic: Topic | None, province: Province | None, organisation: Organisation | None, by: User
) -> Question:
    """Set topic, province and organisation. The rule of a new topic gives the due day, counted as before.

    Raises NotAllowed("not_allowed").
    """
    question = transitions.locked_question(question)
    if not policy.may_screen(by):
        raise NotAllowed("not_allowed", _("You are not allowed to screen questions."))
    changed = question.topic != topic
    question.topic, question.province, question.organisation = topic, province, organisation
    if changed and question.due_on:
        question.due_on = queries.due_day_of(question, since=queries.clock_started_on(question))
    question.save(update_fields=["topic", "province", "organisation", "due_on"])
    people.audit("question.classified", question.key, by=by, topic=topic and topic.key)
    if question.is_public:
        transitions.record_public_change(question, EventType.QUESTION_ANSWERED, notify=False, removes_words=False)
    return question


@transaction.atomic
def redact(question: Question, *, title: str, text: str, by: User, let_stand: Collection[str] = ()) -> Question:
    """Set the public copy that a person confirmed. Raises RuleBroken("personal_data", "blank", "wrong_status").

    Phone and identity numbers, e-mail addresses, number plates and accounts are refused whatever was confirmed. A name,
    address or day of birth raises "personal_data_stands" unless its words are in `let_stand` (`redaction`). A
    withdrawn question is refused too: a page opened before the withdrawal would store erased text again.
    """
    question = transitions.locked_question(question)
    if not policy.may_read_original(by):
        raise NotAllowed("not_allowed", _("You are not allowed to read original texts."))
    if question.resolution == Resolution.WITHDRAWN:
        raise RuleBroken("wrong_status", _("The question was withdrawn. Nothing of it may be published."))
    title = text_input.clean_line(without_invisible(title), "title", max_length=TITLE_LENGTH)
    text = text_input.clean_text(without_invisible(text), "text", max_length=TEXT_LENGTH)
    for field, value in (("title", title), ("text", text)):
        redaction.refuse_unpublishable(value, field)
    redaction.refuse_standing_parts(title, text, let_stand=let_stand)
    removes = removes_words((question.public_title, question.public_text), (title, text))
    question.public_title, question.public_text = title, text
    question.search_key = fold(f"{title} {text}")
    question.redacted_by = by
    question.save(update_fields=["public_title", "public_text", "search_key", "redacted_by"])
    people.audit("question.redacted", question.key, by=by)
    if question.is_public:
        transitions.record_public_change(
            question, EventType.QUESTION_ANSWERED, nature=Nature.CORRECTION, notify=False, removes_words=removes
        )
    return question


@transaction.atomic
def read_original(question: Question, *, by: User, reason: str = "") -> tuple[str, str]:
    """(title, text) as the reader wrote them. Each reading is audited."""
    if not policy.may_read_original(by):
        raise NotAllowed("not_allowed", _("You are not allowed to read original texts."))
    people.audit("question.original_read", question.key, by=by, reason=reason)
    return question.title, question.text


@transaction.atomic
def erase_original(question: Question, *, by: User, reason: str) -> Question:
    """Erase the original text; the public copy stays. A repeat is a no-op."""
    question = transitions.locked_question(question)
    if not policy.may_read_original(by):
        raise NotAllowed("not_allowed", _("You are not allowed to read original texts."))
    if question.title or question.text:
        question.title = question.text = ""
        question.save(update_fields=["title", "text"])
        people.audit("question.original_erased", question.key, by=by, reason=text_input.require_reason(reason))
    return question


@transaction.atomic
def take_down(question: Question, *, by: User, reason: str) -> Question:
    """Stop publishing a question. The asker is notified and still sees the answer in their own list."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.TAKE_DOWN, by=by)
    discard_draft(question)
    transitions.unpublish(question)
    transitions.apply_transition(
        question, QuestionTransition.TAKE_DOWN, by=by, reason=text_input.require_reason(reason)
    )
    transitions.record_change_for_asker(question, EventType.QUESTION_CLOSED)
    return question


def _apply_simple_transition(
    question: Question, transition: QuestionTransition, *, by: User, reason: str = "",
    event_type: EventType | None = None, **columns: Any,
) -> Question:  # fmt: skip
    """Make a transition without rules of its own. `event_type`: of the change for the asker."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, transition, by=by)
    if states.ends(transition):
        discard_draft(question)
    transitions.apply_transition(question, transition, by=by, reason=reason, **columns)
    if event_type:
        transitions.record_change_for_asker(question, event_type)
    return question
