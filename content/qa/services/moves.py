"""What every move shares: lock, may it be, move, write down."""

from django.utils.translation import gettext as _

from content.changes import kinds
from content.changes import services as changes
from content.errors import RuleBroken
from content.people import services as people
from content.qa import policy, states
from content.qa.models import Question, QuestionMove
from content.qa.states import Status


class NotAllowed(RuleBroken):
    """The act is not this person's to do."""


def locked(question):
    """The question as it stands, ours until the transaction ends."""
    return Question.objects.select_for_update().get(pk=question.pk)


def allow(question, move, *, by):
    """Raises RuleBroken("not_now") where the status has no such move, NotAllowed("not_yours") where it is not `by`'s.

    `by` is a User, None the asker.
    """
    sources, _target = states.MOVES[move]
    if question.status not in sources:
        message = _("A question that is «%s» cannot do that: %s.")
        raise RuleBroken("not_now", message % (Status(question.status).label, states.Move(move).label), field="status")
    if by is not None and not policy.may(by, move, question):
        raise NotAllowed("not_yours", _("This is not yours to do: %s.") % states.Move(move).label)


def move(question, move, *, by, reason="", to=None, **columns):
    """Make the move, with these columns set, and note it in its history and, where staff did it, in the audit."""
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


def tell_asker(question, kind):
    """A private line of the day-book, without a word of the question. Nobody is told of what has no asker any more."""
    if question.reader_id:
        changes.record(kind, question.key, change_kind=kinds.EDITORIAL, reader=question.reader)


def tell_public(question, kind, *, change_kind=kinds.EDITORIAL, notify=True, **columns):
    """A public line: the redacted title and nothing of the asker's own words."""
    changes.record(
        kind,
        question.key,
        change_kind=change_kind,
        notify=notify,
        topics=[question.topic.key] if question.topic else [],
        organisation=question.organisation.key if question.organisation else "",
        facts={"title": question.public_title},
        **columns,
    )
