"""The statuses of a document and the transitions between them. Pure.

    draft ── submit_for_review ──→ in_review ── publish ──→ published ── withdraw ──→ withdrawn
      ↑ ←───── return_to_draft ───────┘                      ↑──┘ correct

A correction leaves a document published: its address and its place in lists stay, and `corrected_at` says that there
was one. Withdrawal is final: the address of the document gives the reason for ever.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.documents.models import LegalDocument
from content.people import transitions
from content.people.models import User
from content.people.transitions import Table, Transition

Status = LegalDocument.Status


class DocumentTransition(models.TextChoices):
    """What staff and the system do to a document."""

    DRAFT = "draft", _("Write on the draft")
    SUBMIT_FOR_REVIEW = "submit_for_review", _("Submit for review")
    RETURN_TO_DRAFT = "return_to_draft", _("Return to draft")
    PUBLISH = "publish", _("Publish")
    CORRECT = "correct", _("Correct")
    WITHDRAW = "withdraw", _("Withdraw")


TABLE: Table[DocumentTransition] = {
    DocumentTransition.DRAFT: Transition((Status.DRAFT,), action="document.drafted"),
    DocumentTransition.SUBMIT_FOR_REVIEW: Transition((Status.DRAFT,), (Status.IN_REVIEW,), "document.submitted"),
    DocumentTransition.RETURN_TO_DRAFT: Transition((Status.IN_REVIEW,), (Status.DRAFT,), "document.returned"),
    DocumentTransition.PUBLISH: Transition(  # from draft: publishers and the system only, see policy.may_publish_now
        (Status.DRAFT, Status.IN_REVIEW), (Status.PUBLISHED,), "document.published"
    ),
    DocumentTransition.CORRECT: Transition((Status.PUBLISHED,), action="document.corrected"),
    DocumentTransition.WITHDRAW: Transition((Status.PUBLISHED,), (Status.WITHDRAWN,), "document.withdrawn"),
}


def is_transition_allowed(document: LegalDocument, transition: str) -> bool:
    """Whether the document has that transition now. Who may make it is another matter."""
    return transitions.permits(TABLE, document, DocumentTransition(transition))


def status_after(document: LegalDocument, transition: str) -> str:
    """The status to which the transition leads. Raises RuleBroken("wrong_status") if the document does not have it."""
    return transitions.after(TABLE, document, DocumentTransition(transition))


def apply_transition(
    document: LegalDocument,
    transition: DocumentTransition,
    *,
    by: User | None,
    reason: str,
    facts: dict[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Set the new status and these columns, save them and audit the transition. Raises RuleBroken("wrong_status")."""
    status_after(document, transition)
    saved = ["status", *columns, "updated_at"]
    transitions.apply(TABLE, document, transition, by=by, reason=reason, update_fields=saved, facts=facts, **columns)
