"""The statuses of a layer and the transitions between them. Who may make them is in `policy`.

draft → published → withdrawn
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.transitions import Table, Transition


class LayerStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


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
    LayerTransition.WITHDRAW: Transition(_PUBLISHED, (LayerStatus.WITHDRAWN,), "layer.withdraw"),
}
