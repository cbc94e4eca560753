"""The statuses of a layer and the transitions between them. Who may make them is in `policy`.

draft → published → replaced → withdrawn. A replaced layer still explains the words of earlier days.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.transitions import Table, Transition


class LayerStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PUBLIC_STATUSES = (LayerStatus.PUBLISHED, LayerStatus.REPLACED)


class LayerTransition(models.TextChoices):
    """What staff does to a layer."""

    REVISE = "revise", _("Revise the draft")
    PUBLISH = "publish", _("Publish")
    CONFIRM = "confirm", _("Confirm after a change of law")
    WITHDRAW = "withdraw", _("Withdraw")


_DRAFT, _PUBLISHED = (LayerStatus.DRAFT,), (LayerStatus.PUBLISHED,)
TABLE: Table[LayerTransition] = {
    LayerTransition.REVISE: Transition(_DRAFT, action="layer.revise"),
    LayerTransition.PUBLISH: Transition(_DRAFT, _PUBLISHED, "layer.publish"),
    LayerTransition.CONFIRM: Transition(_PUBLISHED, action="layer.confirm"),
    LayerTransition.WITHDRAW: Transition(PUBLIC_STATUSES, (LayerStatus.WITHDRAWN,), "layer.withdraw"),
}
