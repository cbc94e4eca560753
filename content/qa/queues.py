"""The queues of questions on the staff site, each with who sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.people.models import AnyUser
from content.qa import policy, queries
from content.qa.models import Question
from content.qa.states import QuestionStatus, QuestionTransition


@dataclass(frozen=True)
class QuestionQueue:
    name: Promise
    questions: Callable[[AnyUser], QuerySet[Question]]
    may: Callable[[AnyUser], bool]  # whether the person sees the queue
    is_worrying: bool = False  # shown as a warning unless it is empty


def _has_permission_for(transition: QuestionTransition) -> Callable[[AnyUser], bool]:
    return lambda user: user.has_perm(policy.REQUIRED_PERMISSION[transition])


def _questions_with_outdated_answers() -> QuerySet[Question]:
    """Questions whose current answer cites law that changed since."""
    return Question.objects.filter(pk__in=queries.outdated_answers().values("question"))


QUEUES = {
    "to_screen": QuestionQueue(
        _("To screen"), lambda user: queries.questions_awaiting(QuestionStatus.SUBMITTED),
        _has_permission_for(QuestionTransition.SCREEN),
    ),
    "to_assign": QuestionQueue(
        _("To assign"), lambda user: queries.questions_awaiting(QuestionStatus.SCREENING),
        _has_permission_for(QuestionTransition.ASSIGN),
    ),
    "mine": QuestionQueue(
        _("Assigned to me"), queries.questions_assigned_to, _has_permission_for(QuestionTransition.START)
    ),
    "to_review": QuestionQueue(
        _("Answers to review"), lambda user: queries.questions_awaiting(QuestionStatus.REVIEWING),
        _has_permission_for(QuestionTransition.APPROVE),
    ),
    "overdue": QuestionQueue(_("Overdue"), lambda user: queries.overdue_questions(), policy.may_see, is_worrying=True),
    "soon": QuestionQueue(_("Due soon"), lambda user: queries.questions_due_soon(), policy.may_see),
    "basis_changed": QuestionQueue(
        _("Outdated answers"), lambda user: _questions_with_outdated_answers(), policy.may_see, is_worrying=True
    ),
}  # fmt: skip


def queues_for(user: AnyUser) -> dict[str, QuestionQueue]:
    """{key: QuestionQueue} of the queues that this user sees, in the order of a question's life."""
    return {key: queue for key, queue in QUEUES.items() if queue.may(user)}
