"""What staff do to a question before it is answered, and instead of answering it."""

from django.db import transaction
from django.utils.translation import gettext as _

from content.changes import kinds
from content.errors import RuleBroken
from content.people import services as people
from content.qa import policy, privacy, queries, states, wording
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH
from content.qa.services import moves
from content.qa.services.answers import discard_draft, refuse_personal_data
from content.qa.states import Move, Resolution, Status
from content.text.vietnamese import fold


@transaction.atomic
def screen(question, *, by):
    """Take a question up."""
    return _simply(question, Move.SCREEN, by=by)


@transaction.atomic
def assign(question, *, to, by, reason=""):
    """Give it to somebody who answers. Raises RuleBroken("cannot_answer") besides those of `moves.allow`."""
    question = moves.locked(question)
    moves.allow(question, Move.ASSIGN, by=by)
    if not to.is_active or not to.has_perm("content.answer_question"):
        raise RuleBroken("cannot_answer", _("%s does not answer questions.") % to, field="to")
    moves.move(question, Move.ASSIGN, by=by, reason=reason, answerer=to)
    return question


@transaction.atomic
def return_for_detail(question, *, by, reason):
    """Ask the reader for more; `reason` is what they read. The clock stands still until they answer."""
    reason = wording.needed(reason)
    return _simply(question, Move.RETURN, by=by, reason=reason, tell=kinds.QUESTION_RETURNED, due_on=None)


@transaction.atomic
def reject(question, *, by, reason):
    """Close without an answer; `reason` is what the asker reads."""
    return _simply(question, Move.REJECT, by=by, reason=wording.needed(reason), tell=kinds.QUESTION_CLOSED)


@transaction.atomic
def redirect(question, *, organisation, by, reason):
    """Close and name the body whose business it is."""
    reason = wording.needed(reason)
    tell = kinds.QUESTION_CLOSED
    return _simply(question, Move.REDIRECT, by=by, reason=reason, tell=tell, organisation=organisation)


@transaction.atomic
def merge(question, *, into, by, reason=""):
    """Close as the same as another, which its asker is pointed to. Duplicates of this one follow it there.

    All of them hear when the other is answered. What is public is so no longer; the day-book says into which it went,
    which must be public itself: nobody loses an answer. Raises RuleBroken: "same_question" (into itself or into one
    that was merged already), "not_open" (into one that was closed), "not_to_be_published" (the answer would be its
    asker's), "not_public".
    """
    question, into = moves.all_locked([question, into])
    moves.allow(question, Move.MERGE, by=by)
    if question.pk == into.pk or into.same_as_id:
        raise RuleBroken("same_question", _("Choose a question that is not merged itself."), field="into")
    if into.status == Status.CLOSED:
        raise RuleBroken("not_open", _("Choose a question that is open or published."), field="into")
    if not into.consent_to_publish:
        raise RuleBroken("not_to_be_published", _("Its asker did not consent to publish it."), field="into")
    if question.is_public and not into.is_public:
        raise RuleBroken("not_public", _("What is public can be merged only into what is public."), field="into")
    discard_draft(question)
    moves.take_out_of_public(question, merged_into=into.key)
    question.duplicates.update(same_as=into)
    moves.move(question, Move.MERGE, by=by, reason=reason.strip(), same_as=into)
    moves.tell_asker(question, kinds.QUESTION_CLOSED)
    return question


@transaction.atomic
def classify(question, *, topic, province, organisation, by):
    """Set what it is about: the rule of its subject gives the last day to answer, counted from where the clock began.

    Raises NotAllowed("not_yours").
    """
    question = moves.locked(question)
    if not policy.may_screen(by):
        raise moves.NotAllowed("not_yours", _("You do not screen questions."))
    changed = question.topic != topic
    question.topic, question.province, question.organisation = topic, province, organisation
    if changed and question.due_on:
        question.due_on = queries.due_on(question, since=queries.clock_began_on(question))
    question.save(update_fields=["topic", "province", "organisation", "due_on"])
    people.audit("question.classified", question.key, by=by, topic=topic and topic.key)
    if question.is_public:
        moves.tell_public(question, kinds.QUESTION_ANSWERED, change_kind=kinds.EDITORIAL, notify=False)
    return question


@transaction.atomic
def redact(question, *, title, text, by):
    """Set the copy the public may read, as a person confirmed it. Raises RuleBroken("personal_data", "blank").

    What is told by its form (phone, identity number, e-mail, plate, account) is refused whatever was confirmed; and
    "not_now" once it was taken back: a page that stood open then would put erased words down again.
    """
    question = moves.locked(question)
    if not policy.may_read_original(by):
        raise moves.NotAllowed("not_yours", _("You may not read questions as they were asked."))
    if question.resolution == Resolution.WITHDRAWN:
        raise RuleBroken("not_now", _("It was taken back: nothing of it is published any more."))
    title = wording.line(privacy.visible(title), "title", most=TITLE_LENGTH)
    text = wording.clean(privacy.visible(text), "text", most=TEXT_LENGTH)
    for field, value in (("title", title), ("text", text)):
        refuse_personal_data(privacy.unpublishable(value), field)
    question.public_title, question.public_text = title, text
    question.search_key = fold(f"{title} {text}")
    question.redacted_by = by
    question.save(update_fields=["public_title", "public_text", "search_key", "redacted_by"])
    people.audit("question.redacted", question.key, by=by)
    if question.is_public:
        moves.tell_public(question, kinds.QUESTION_ANSWERED, change_kind=kinds.CORRECTION, notify=False)
    return question


@transaction.atomic
def read_original(question, *, by, reason=""):
    """(title, text) as the reader wrote them. That they were read, and by whom, is noted each time."""
    if not policy.may_read_original(by):
        raise moves.NotAllowed("not_yours", _("You may not read questions as they were asked."))
    people.audit("question.original_read", question.key, by=by, reason=reason)
    return question.title, question.text


@transaction.atomic
def erase_original(question, *, by, reason):
    """Erase the reader's own words; the redacted copy stays. A repeat is a no-op."""
    question = moves.locked(question)
    if not policy.may_read_original(by):
        raise moves.NotAllowed("not_yours", _("You may not read questions as they were asked."))
    if question.title or question.text:
        question.title = question.text = ""
        question.save(update_fields=["title", "text"])
        people.audit("question.original_erased", question.key, by=by, reason=wording.needed(reason))
    return question


@transaction.atomic
def take_down(question, *, by, reason):
    """Take a published question back; the asker is told, and keeps the answer in their own list."""
    question = moves.locked(question)
    moves.allow(question, Move.TAKE_DOWN, by=by)
    discard_draft(question)
    moves.take_out_of_public(question)
    moves.move(question, Move.TAKE_DOWN, by=by, reason=wording.needed(reason))
    moves.tell_asker(question, kinds.QUESTION_CLOSED)
    return question


def _simply(question, move, *, by, reason="", tell=None, **columns):
    """A move without a rule of its own."""
    question = moves.locked(question)
    moves.allow(question, move, by=by)
    if states.MOVES[move][1] == Status.CLOSED:
        discard_draft(question)
    moves.move(question, move, by=by, reason=reason, **columns)
    if tell:
        moves.tell_asker(question, tell)
    return question
