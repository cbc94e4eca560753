"""The statuses of a quiz question and the transitions between them. Who may make them is in `policy`.

draft → approved → replaced (its next revision was approved)
  ↓        ↓
  withdrawn
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.transitions import Table, Transition


class QuizStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class QuizTransition(models.TextChoices):
    """What staff or the system does to a quiz question."""

    REVISE = "revise", _("Revise the question")
    APPROVE = "approve", _("Approve")
    CONFIRM = "confirm", _("Confirm after a change of law")
    REPLACE = "replace", _("Replace by the next revision")
    WITHDRAW = "withdraw", _("Withdraw")


TABLE: Table[QuizTransition] = {
    QuizTransition.REVISE: Transition((QuizStatus.DRAFT, QuizStatus.APPROVED), (QuizStatus.DRAFT,), "quiz.revise"),
    QuizTransition.APPROVE: Transition((QuizStatus.DRAFT,), (QuizStatus.APPROVED,), "quiz.approve"),
    QuizTransition.CONFIRM: Transition((QuizStatus.APPROVED,), action="quiz.confirm"),
    QuizTransition.REPLACE: Transition((QuizStatus.APPROVED,), (QuizStatus.REPLACED,)),  # by the system
    QuizTransition.WITHDRAW: Transition(
        (QuizStatus.DRAFT, QuizStatus.APPROVED), (QuizStatus.WITHDRAWN,), "quiz.withdraw"
    ),
}
