"""The statuses of a winner and the transitions between them. Who may make them is in `policy`.

proposed → asked → verified → published
    ↓        ↓         ↓
          passed over
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.transitions import Table, Transition


class WinnerStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ASKED = "asked", _("Asked who they are")
    VERIFIED = "verified", _("Verified")
    PUBLISHED = "published", _("Published")
    PASSED_OVER = "passed_over", _("Passed over")


class WinnerTransition(models.TextChoices):
    """What staff do to a winner."""

    ASK = "ask", _("Ask who they are")
    VERIFY = "verify", _("Verify")
    PUBLISH = "publish", _("Publish")
    PASS_OVER = "pass_over", _("Pass over")


TABLE: Table[WinnerTransition] = {
    WinnerTransition.ASK: Transition((WinnerStatus.PROPOSED,), (WinnerStatus.ASKED,), "winner.ask"),
    WinnerTransition.VERIFY: Transition((WinnerStatus.ASKED,), (WinnerStatus.VERIFIED,), "winner.verify"),
    WinnerTransition.PUBLISH: Transition((WinnerStatus.VERIFIED,), (WinnerStatus.PUBLISHED,), "winner.publish"),
    WinnerTransition.PASS_OVER: Transition(
        (WinnerStatus.PROPOSED, WinnerStatus.ASKED, WinnerStatus.VERIFIED),
        (WinnerStatus.PASSED_OVER,),
        "winner.pass_over",
    ),
}
