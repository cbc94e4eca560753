"""What waits at the desk for whom: the queues of questions, each with who sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.qa import policy, queries
from content.qa.models import Question
from content.qa.states import QuestionStatus, QuestionTransition


@dataclass(frozen=True)
class QuestionQueue:
    name: Promise
    questions: Callable  # of a User
    may: Callable  # whether it is for a User
    is_worrying: bool = False  # as soon as there is one in it


def _has_permission_for(transition):
    return lambda user: user.has_perm(policy.REQUIRED_PERMISSION[transition])


def _questions_with_outdated_answers():
    """Questions whose standing answer leans on law that changed since."""
    return Question.objects.filter(pk__in=queries.outdated_answers().values("question"))


QUEUES = {
    "to_screen": QuestionQueue(
        _("To screen"),
        lambda user: queries.questions_awaiting(QuestionStatus.SUBMITTED),
        _has_permission_for(QuestionTransition.SCREEN),
    ),
    "to_assign": QuestionQueue(
        _("To assign"),
        lambda user: queries.questions_awaiting(QuestionStatus.SCREENING),
        _has_permission_for(QuestionTransition.ASSIGN),
    ),
    "mine": QuestionQueue(
        _("Mine to answer"),
        lambda user: queries.questions_awaiting(QuestionStatus.ASSIGNED, QuestionStatus.ANSWERING).filter(
            answerer=user
        ),
        _has_permission_for(QuestionTransition.START),
    ),
    "to_review": QuestionQueue(
        _("Answers to review"),
        lambda user: queries.questions_awaiting(QuestionStatus.REVIEWING),
        _has_permission_for(QuestionTransition.APPROVE),
    ),
    "overdue": QuestionQueue(_("Overdue"), lambda user: queries.overdue_questions(), policy.may_see, is_worrying=True),
    "soon": QuestionQueue(_("Due soon"), lambda user: queries.questions_due_soon(), policy.may_see),
    "basis_changed": QuestionQueue(
        _("Answers whose law changed"),
        lambda user: _questions_with_outdated_answers(),
        policy.may_see,
        is_worrying=True,
    ),
}


def queues_for(user):
    """{key: Queue} of those that are for this user, in the order of a question's life."""
    return {key: queue for key, queue in QUEUES.items() if queue.may(user)}
