"""The statuses of a material and the transitions between them. Who may make them is in `policy`.

    draft → in_review → published → withdrawn
      ↖________↙

A correction leaves a material published. A withdrawn one keeps its address, which gives the reason.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.transitions import Table, Transition


class MaterialStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MaterialTransition(models.TextChoices):
    """What staff does to a material."""

    REVISE = "revise", _("Revise the draft")
    SUBMIT = "submit", _("Submit for review")
    RETURN = "return", _("Return to the author")
    PUBLISH = "publish", _("Publish")
    CORRECT = "correct", _("Correct the material")
    CONFIRM = "confirm", _("Confirm after a change of law")
    WITHDRAW = "withdraw", _("Withdraw")


PUBLIC_STATUSES = (MaterialStatus.PUBLISHED,)
_DRAFT, _REVIEW, _PUBLISHED = (MaterialStatus.DRAFT,), (MaterialStatus.IN_REVIEW,), (MaterialStatus.PUBLISHED,)
TABLE: Table[MaterialTransition] = {
    MaterialTransition.REVISE: Transition(_DRAFT, action="material.revise"),
    MaterialTransition.SUBMIT: Transition(_DRAFT, _REVIEW, "material.submit"),
    MaterialTransition.RETURN: Transition(_REVIEW, _DRAFT, "material.return"),
    MaterialTransition.PUBLISH: Transition(_REVIEW, _PUBLISHED, "material.publish"),
    MaterialTransition.CORRECT: Transition(_PUBLISHED, action="material.correct"),
    MaterialTransition.CONFIRM: Transition(_PUBLISHED, action="material.confirm"),
    MaterialTransition.WITHDRAW: Transition(_PUBLISHED, (MaterialStatus.WITHDRAWN,), "material.withdraw"),
}
