"""What every move shares: lock, may it be, move, write down, tell."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.changes import services as changes
from content.errors import RuleBroken
from content.people import services as people
from content.qa import policy, queries, searching, states
from content.qa.models import Question, QuestionMove
from content.qa.states import Move, Resolution, Status


class NotAllowed(RuleBroken):
    """The act is not this person's to do."""


def locked(question):
    """The question as it stands, ours until the transaction ends, with those merged into it. See `all_locked`."""
    return all_locked([question])[0]


def all_locked(questions):
    """These as they stand, in the order given, ours with those merged into them: in one go, in the order of their ids.

    Without a lock on its key, as readers are locked too: rows that only name it do not wait, so none wait in a circle.
    Raises RuleBroken("erased") where its asker erased it meanwhile.
    """
    keys = [question.pk for question in questions]
    ours = Question.objects.filter(Q(pk__in=keys) | Q(same_as__in=keys)).order_by("pk")
    standing = {each.pk: each for each in ours.select_for_update(no_key=True)}
    if set(keys) - standing.keys():
        raise RuleBroken("erased", _("Its asker has erased it."))
    return [standing[key] for key in keys]


def allow(question, move, *, by):
    """Raises RuleBroken("not_now") where the question has no such move now, NotAllowed("not_yours") where not `by`'s.

    `by` is a User, None the asker.
    """
    if not states.permits(question, move):
        message = _("A question that is «%(status)s» cannot do that: %(move)s.")
        words = {"status": Status(question.status).label, "move": Move(move).label}
        raise RuleBroken("not_now", message % words, field="status")
    if by is not None and not policy.may(by, move, question):
        raise NotAllowed("not_yours", _("This is not yours to do: %s.") % Move(move).label)


def move(question, move, *, by, reason="", to=None, **columns):
    """Make the move, with these columns set, and note it in its history and, where staff did it, in the audit.

    What was merged into a question that ends without an answer is opened again: nobody is forgotten.
    """
    before, question.status = question.status, to or states.MOVES[move][1]
    ended = question.status in (Status.CLOSED, Status.PUBLISHED)
    question.resolution = states.RESOLUTIONS[move] if ended else ""
    if ended:
        question.due_on = None
    for name, value in columns.items():
        setattr(question, name, value)
    question.save()
    QuestionMove.objects.create(
        question=question, move=move, from_status=before, to_status=question.status, by=by, reason=reason
    )
    if by is not None:
        people.audit(f"question.{move}", question.key, by=by, reason=reason)
    if ended and question.resolution not in (Resolution.ANSWERED, Resolution.DUPLICATE):
        reopen_duplicates(question)


def reopen_duplicates(question):
    """Whoever asked the same waits for an answer of their own again."""
    for duplicate in question.duplicates.order_by("pk"):
        move(duplicate, Move.REOPEN, by=None, same_as=None, due_on=queries.due_on(duplicate))


def tell_askers(question, kind, *, public=None):
    """Private lines, without a word of the question: to its asker and to those whose question was merged into it.

    Each names the reader's own question, and the `public` line of the same news where there is one: whoever hears of
    that too is told once. Nobody is told of what has no asker any more.
    """
    facts = {"public": public.pk} if public and public.notify else {}
    for own in Question.objects.filter(Q(pk=question.pk) | Q(same_as=question), reader__isnull=False).order_by("pk"):
        tell_asker(own, kind, **facts)


def tell_asker(question, kind, **facts):
    """A private line about this question, to its own asker alone."""
    if question.reader_id:
        changes.record(kind, question.key, change_kind=kinds.EDITORIAL, reader=question.reader, facts=facts)


def tell_public(question, kind, *, change_kind=kinds.EDITORIAL, notify=True, **facts):
    """A public line, and returns it. No word of the question, the redacted ones neither: the day-book never forgets."""
    question.public_changed_at = timezone.now()
    question.save(update_fields=["public_changed_at"])
    searching.refresh(question)
    return changes.record(
        kind,
        question.key,
        change_kind=change_kind,
        notify=notify,
        topics=[question.topic.key] if question.topic else [],
        organisation=question.organisation.key if question.organisation else "",
        facts=facts,
    )


def take_out_of_public(question, **facts):
    """A public question is so no longer: the day-book says it. A no-op where it is not public. Saved by the move."""
    if question.is_public:
        tell_public(question, kinds.QUESTION_WITHDRAWN, change_kind=kinds.WITHDRAWAL, notify=False, **facts)
        searching.forget(question)
        question.published_at = question.publication = None
