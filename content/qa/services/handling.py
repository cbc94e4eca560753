"""What staff do to a question before it is answered, and instead of answering it."""

from django.db import transaction
from django.utils.translation import gettext as _

from content.changes import kinds
from content.errors import RuleBroken
from content.people import services as people
from content.qa import policy, privacy
from content.qa.services import moves
from content.qa.states import Move
from content.text.vietnamese import fold, nfc


@transaction.atomic
def screen(question, *, by):
    """Take a question up."""
    return _simply(question, Move.SCREEN, by=by)


@transaction.atomic
def assign(question, *, to, by, reason=""):
    """Give it to somebody who answers. Raises RuleBroken("cannot_answer", "not_redacted") besides `moves.allow`'s."""
    question = moves.locked(question)
    moves.allow(question, Move.ASSIGN, by=by)
    if not to.is_active or not to.has_perm("content.answer_question"):
        raise RuleBroken("cannot_answer", _("%s does not answer questions.") % to, field="to")
    moves.move(question, Move.ASSIGN, by=by, reason=reason, answerer=to)
    return question


@transaction.atomic
def return_for_detail(question, *, by, reason):
    """Ask the reader for more; `reason` is what they read. The clock stands still until they answer."""
    return _simply(question, Move.RETURN, by=by, reason=_needed(reason), tell=kinds.QUESTION_RETURNED, due_on=None)


@transaction.atomic
def reject(question, *, by, reason):
    """Close without an answer; `reason` is what the asker reads."""
    return _simply(question, Move.REJECT, by=by, reason=_needed(reason), tell=kinds.QUESTION_CLOSED)


@transaction.atomic
def redirect(question, *, organisation, by, reason):
    """Close and name the body whose business it is."""
    return _simply(
        question, Move.REDIRECT, by=by, reason=_needed(reason), tell=kinds.QUESTION_CLOSED, organisation=organisation
    )


@transaction.atomic
def merge(question, *, into, by, reason=""):
    """Close as the same as another, which its asker is pointed to. Duplicates of this one follow it there.

    Raises RuleBroken("same_question"): into itself or into one that was merged already.
    """
    first, second = sorted([question, into], key=lambda each: each.pk)  # one order of locks for everybody
    moves.locked(first), moves.locked(second)
    question.refresh_from_db()
    into.refresh_from_db()
    moves.allow(question, Move.MERGE, by=by)
    if question.pk == into.pk or into.same_as_id:
        raise RuleBroken("same_question", _("Choose a question that is not merged itself."), field="into")
    moves.move(question, Move.MERGE, by=by, reason=reason, same_as=into)
    question.duplicates.update(same_as=into)
    moves.tell_asker(question, kinds.QUESTION_CLOSED)
    return question


@transaction.atomic
def redact(question, *, title, text, by):
    """Set the copy the public may read, as a person confirmed it. Raises RuleBroken("personal_data", "blank").

    What is told by its form (phone, identity number, e-mail, plate, account) is refused whatever was confirmed.
    """
    question = moves.locked(question)
    if not policy.may_read_original(by):
        raise moves.NotAllowed("not_yours", _("You may not read questions as they were asked."))
    title, text = nfc(" ".join(title.split())), nfc(text.strip())
    for field, value in (("title", title), ("text", text)):
        if not value:
            raise RuleBroken("blank", _("The public copy needs a title and a text."), field=field)
        refuse_personal_data(value, field)
    question.public_title, question.public_text = title, text
    question.search_key = fold(f"{title} {text}")
    question.redacted_by = by
    question.save(update_fields=["public_title", "public_text", "search_key", "redacted_by", "updated_at"])
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
        question.save(update_fields=["title", "text", "updated_at"])
        people.audit("question.original_erased", question.key, by=by, reason=_needed(reason))
    return question


@transaction.atomic
def take_down(question, *, by, reason):
    """Take a published question back; the asker keeps the answer in their own list. Raises RuleBroken("not_public")."""
    question = moves.locked(question)
    if not question.is_public:
        raise RuleBroken("not_public", _("The question is not public."))
    moves.allow(question, Move.TAKE_DOWN, by=by)
    moves.tell_public(question, kinds.QUESTION_WITHDRAWN, change_kind=kinds.WITHDRAWAL, notify=False)
    question.answers.filter(approved_at=None).delete()
    moves.move(question, Move.TAKE_DOWN, by=by, reason=_needed(reason), published_at=None)
    return question


def refuse_personal_data(text, field):
    found = privacy.unpublishable(text)
    if found:
        kinds_found = ", ".join(sorted({str(finding.kind.label) for finding in found}))
        raise RuleBroken("personal_data", _("This would be published: %s.") % kinds_found, field=field)


def _simply(question, move, *, by, reason="", tell=None, **columns):
    """A move without a rule of its own."""
    question = moves.locked(question)
    moves.allow(question, move, by=by)
    moves.move(question, move, by=by, reason=reason, **columns)
    if tell:
        moves.tell_asker(question, tell)
    return question


def _needed(reason):
    if not reason.strip():
        raise RuleBroken("no_reason", _("Say why."), field="reason")
    return nfc(reason.strip())
