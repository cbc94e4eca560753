"""The audit history of a document, with readable actions."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from content.documents.models import LegalDocument
from content.people.audit_actions import ACTION_LABELS
from content.people.models import AuditRow, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = str


@dataclass(frozen=True)
class HistoryRow:
    """One row of the audit as the page of a document shows it."""

    at: datetime.datetime
    by: User | None
    action_name: StrOrPromise
    reason: str


def audit_rows_of(document: LegalDocument) -> list[HistoryRow]:
    """The audit rows of a document, oldest first, under all keys it had as a draft."""
    keys = {document.key}
    while True:
        former = AuditRow.objects.filter(subject__in=keys, facts__has_key="former_key")
        more = {row.facts["former_key"] for row in former} - keys
        if not more:
            break
        keys |= more
    rows = list(AuditRow.objects.filter(subject__in=keys, at__gte=document.created_at).select_related("by"))
    return [HistoryRow(row.at, row.by, ACTION_LABELS.get(row.action, row.action), row.reason) for row in rows]
