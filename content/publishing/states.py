"""The states of a document and the acts that lead from one to another. Pure.

    draft ── submit_for_review ──→ in_review ── publish ──→ published ── withdraw ──→ withdrawn
      ↑ ←───── return_to_draft ───────┘                      ↑──┘ correct

A correction leaves a document published: its address and its place in lists stay, `corrected_at` says that there was
one. What is withdrawn stays so: its address gives the reason for ever.
"""

from django.utils.translation import gettext as _

from content.documents.models import LegalDocument
from content.errors import RuleBroken

Status = LegalDocument.Status
TRANSITIONS = {  # act: (from which states, to which)
    "draft": ({Status.DRAFT}, Status.DRAFT),
    "submit_for_review": ({Status.DRAFT}, Status.IN_REVIEW),
    "return_to_draft": ({Status.IN_REVIEW}, Status.DRAFT),
    "publish": ({Status.DRAFT, Status.IN_REVIEW}, Status.PUBLISHED),  # from draft: publishers and the system only
    "correct": ({Status.PUBLISHED}, Status.PUBLISHED),
    "withdraw": ({Status.PUBLISHED}, Status.WITHDRAWN),
}


def is_transition_allowed(document, act):
    """Whether the status of the document lets it be acted on so; not whether somebody may."""
    return document.status in TRANSITIONS[act][0]


def status_after(document, act):
    """The status `act` leads to. Raises RuleBroken("wrong_status") where it does not start from the document's."""
    if not is_transition_allowed(document, act):
        raise RuleBroken(
            "wrong_status", _("The document is «%s»: that cannot be done now.") % document.get_status_display()
        )
    return TRANSITIONS[act][1]
