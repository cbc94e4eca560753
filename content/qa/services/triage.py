"""What staff do to a question before it is answered, and instead of answering it."""

from django.db import transaction
from django.utils.translation import gettext as _

from content.changes.event_types import EventType, Nature
from content.errors import RuleBroken
from content.people import personal_data, text_input
from content.people import services as people
from content.qa import policy, queries, states
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH
from content.qa.services import transitions
from content.qa.services.answers import discard_draft, refuse_personal_data
from content.qa.states import QuestionStatus, QuestionTransition, Resolution
from content.text.vietnamese import fold


@transaction.atomic
def screen(question, *, by):
    """Take a question up."""
    return _apply_simple_transition(question, QuestionTransition.SCREEN, by=by)


@transaction.atomic
def assign(question, *, to, by, reason=""):
    """Give it to somebody who answers. Raises RuleBroken("not_an_answerer") besides those of `moves.allow`."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.ASSIGN, by=by)
    if not to.is_active or not to.has_perm("content.answer_question"):
        raise RuleBroken("not_an_answerer", _("%s does not answer questions.") % to, field="to")
    transitions.apply_transition(question, QuestionTransition.ASSIGN, by=by, reason=reason, answerer=to)
    return question


@transaction.atomic
def return_for_detail(question, *, by, reason):
    """Ask the reader for more; `reason` is what they read. The clock stands still until they answer."""
    reason = text_input.require_reason(reason)
    return _apply_simple_transition(
        question, QuestionTransition.RETURN, by=by, reason=reason, tell=EventType.QUESTION_RETURNED, due_on=None
    )


@transaction.atomic
def reject(question, *, by, reason):
    """Close without an answer; `reason` is what the asker reads."""
    return _apply_simple_transition(
        question,
        QuestionTransition.REJECT,
        by=by,
        reason=text_input.require_reason(reason),
        tell=EventType.QUESTION_CLOSED,
    )


@transaction.atomic
def redirect(question, *, organisation, by, reason):
    """Close and name the body whose business it is."""
    reason = text_input.require_reason(reason)
    tell = EventType.QUESTION_CLOSED
    return _apply_simple_transition(
        question, QuestionTransition.REDIRECT, by=by, reason=reason, tell=tell, organisation=organisation
    )


@transaction.atomic
def merge(question, *, into, by, reason=""):
    """Close as the same as another, which its asker is pointed to. Duplicates of this one follow it there.

    All of them hear when the other is answered. What is public is so no longer; the day-book says into which it went,
    which must be public itself: nobody loses an answer. Raises RuleBroken: "invalid_merge_target" (into itself or into one
    that was merged already), "wrong_status" (into one that was closed), "consent_missing" (the answer would be its
    asker's), "not_public".
    """
    question, into = transitions.locked_questions([question, into])
    transitions.require_transition(question, QuestionTransition.MERGE, by=by)
    if question.pk == into.pk or into.same_as_id:
        raise RuleBroken("invalid_merge_target", _("Choose a question that is not merged itself."), field="into")
    if into.status == QuestionStatus.CLOSED:
        raise RuleBroken("wrong_status", _("Choose a question that is open or published."), field="into")
    if not into.consent_to_publish:
        raise RuleBroken("consent_missing", _("Its asker did not consent to publish it."), field="into")
    if question.is_public and not into.is_public:
        raise RuleBroken("not_public", _("What is public can be merged only into what is public."), field="into")
    discard_draft(question)
    transitions.unpublish(question, merged_into=into.key)
    question.duplicates.update(same_as=into)
    transitions.apply_transition(question, QuestionTransition.MERGE, by=by, reason=reason.strip(), same_as=into)
    transitions.record_change_for_asker(question, EventType.QUESTION_CLOSED)
    return question


@transaction.atomic
def classify(question, *, topic, province, organisation, by):
    """Set what it is about: the rule of its subject gives the last day to answer, counted from where the clock began.

    Raises NotAllowed("not_allowed").
    """
    question = transitions.locked_question(question)
    if not policy.may_screen(by):
        raise transitions.NotAllowed("not_allowed", _("You do not screen questions."))
    changed = question.topic != topic
    question.topic, question.province, question.organisation = topic, province, organisation
    if changed and question.due_on:
        question.due_on = queries.due_day_of(question, since=queries.clock_started_on(question))
    question.save(update_fields=["topic", "province", "organisation", "due_on"])
    people.audit("question.classified", question.key, by=by, topic=topic and topic.key)
    if question.is_public:
        transitions.record_public_change(question, EventType.QUESTION_ANSWERED, nature=Nature.EDITORIAL, notify=False)
    return question


@transaction.atomic
def redact(question, *, title, text, by):
    """Set the copy the public may read, as a person confirmed it. Raises RuleBroken("personal_data", "blank").

    What is told by its form (phone, identity number, e-mail, plate, account) is refused whatever was confirmed; and
    "wrong_status" once it was taken back: a page that stood open then would put erased words down again.
    """
    question = transitions.locked_question(question)
    if not policy.may_read_original(by):
        raise transitions.NotAllowed("not_allowed", _("You may not read questions as they were asked."))
    if question.resolution == Resolution.WITHDRAWN:
        raise RuleBroken("wrong_status", _("It was taken back: nothing of it is published any more."))
    title = text_input.clean_line(personal_data.without_invisible(title), "title", most=TITLE_LENGTH)
    text = text_input.clean_text(personal_data.without_invisible(text), "text", most=TEXT_LENGTH)
    for field, value in (("title", title), ("text", text)):
        refuse_personal_data(personal_data.unpublishable_findings(value), field)
    question.public_title, question.public_text = title, text
    question.search_key = fold(f"{title} {text}")
    question.redacted_by = by
    question.save(update_fields=["public_title", "public_text", "search_key", "redacted_by"])
    people.audit("question.redacted", question.key, by=by)
    if question.is_public:
        transitions.record_public_change(question, EventType.QUESTION_ANSWERED, nature=Nature.CORRECTION, notify=False)
    return question


@transaction.atomic
def read_original(question, *, by, reason=""):
    """(title, text) as the reader wrote them. That they were read, and by whom, is noted each time."""
    if not policy.may_read_original(by):
        raise transitions.NotAllowed("not_allowed", _("You may not read questions as they were asked."))
    people.audit("question.original_read", question.key, by=by, reason=reason)
    return question.title, question.text


@transaction.atomic
def erase_original(question, *, by, reason):
    """Erase the reader's own words; the redacted copy stays. A repeat is a no-op."""
    question = transitions.locked_question(question)
    if not policy.may_read_original(by):
        raise transitions.NotAllowed("not_allowed", _("You may not read questions as they were asked."))
    if question.title or question.text:
        question.title = question.text = ""
        question.save(update_fields=["title", "text"])
        people.audit("question.original_erased", question.key, by=by, reason=text_input.require_reason(reason))
    return question


@transaction.atomic
def take_down(question, *, by, reason):
    """Take a published question back; the asker is told, and keeps the answer in their own list."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.TAKE_DOWN, by=by)
    discard_draft(question)
    transitions.unpublish(question)
    transitions.apply_transition(
        question, QuestionTransition.TAKE_DOWN, by=by, reason=text_input.require_reason(reason)
    )
    transitions.record_change_for_asker(question, EventType.QUESTION_CLOSED)
    return question


def _apply_simple_transition(question, transition, *, by, reason="", tell=None, **columns):
    """A transition without a rule of its own."""
    question = transitions.locked_question(question)
    transitions.require_transition(question, transition, by=by)
    if states.TRANSITIONS[transition][1] == QuestionStatus.CLOSED:
        discard_draft(question)
    transitions.apply_transition(question, transition, by=by, reason=reason, **columns)
    if tell:
        transitions.record_change_for_asker(question, tell)
    return question
