"""What waits at the desk for whom: the queues of questions, each with who sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.qa import policy, queries
from content.qa.models import Question
from content.qa.states import Move, Status


@dataclass(frozen=True)
class Queue:
    name: Promise
    questions: Callable  # of a User
    may: Callable  # whether it is for a User
    is_worrying: bool = False  # as soon as there is one in it


def _may(move):
    return lambda user: user.has_perm(policy.PERMISSION[move])


def _looked_at():
    """Questions whose standing answer leans on law that changed since."""
    return Question.objects.filter(pk__in=queries.answers_to_look_at().values("question"))


QUEUES = {
    "to_screen": Queue(_("To screen"), lambda user: queries.awaiting(Status.SUBMITTED), _may(Move.SCREEN)),
    "to_assign": Queue(_("To assign"), lambda user: queries.awaiting(Status.SCREENING), _may(Move.ASSIGN)),
    "mine": Queue(
        _("Mine to answer"),
        lambda user: queries.awaiting(Status.ASSIGNED, Status.ANSWERING).filter(answerer=user),
        _may(Move.START),
    ),
    "to_review": Queue(_("Answers to review"), lambda user: queries.awaiting(Status.REVIEWING), _may(Move.APPROVE)),
    "overdue": Queue(_("Overdue"), lambda user: queries.overdue(), policy.may_see, is_worrying=True),
    "soon": Queue(_("Due soon"), lambda user: queries.due_soon(), policy.may_see),
    "basis_changed": Queue(_("Answers whose law changed"), lambda user: _looked_at(), policy.may_see, is_worrying=True),
}


def seen_by(user):
    """{key: Queue} of those that are for this user, in the order of a question's life."""
    return {key: queue for key, queue in QUEUES.items() if queue.may(user)}
