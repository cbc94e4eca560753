"""The states of a document and the acts that lead from one to another. Pure.

    draft ── submit_for_review ──→ in_review ── publish ──→ published ── withdraw ──→ withdrawn
      ↑ ←───── return_to_draft ───────┘                      ↑──┘ correct

A correction leaves a document published: its address and its place in lists stay, `corrected_at` says that there was
one. What is withdrawn stays so: its address gives the reason for ever.
"""

from django.utils.translation import gettext as _

from content.documents.models import LegalDocument
from content.errors import RuleBroken

State = LegalDocument.State
MOVES = {  # act: (from which states, to which)
    "draft": ({State.DRAFT}, State.DRAFT),
    "submit_for_review": ({State.DRAFT}, State.IN_REVIEW),
    "return_to_draft": ({State.IN_REVIEW}, State.DRAFT),
    "publish": ({State.DRAFT, State.IN_REVIEW}, State.PUBLISHED),  # from draft: publishers and the system only
    "correct": ({State.PUBLISHED}, State.PUBLISHED),
    "withdraw": ({State.PUBLISHED}, State.WITHDRAWN),
}


def permits(document, act):
    """Whether the state of the document lets it be acted on so; not whether somebody may."""
    return document.state in MOVES[act][0]


def after(document, act):
    """The state `act` leads to. Raises RuleBroken("wrong_state") where it does not start from the document's."""
    if not permits(document, act):
        raise RuleBroken(
            "wrong_state", _("The document is «%s»: that cannot be done now.") % document.get_state_display()
        )
    return MOVES[act][1]
