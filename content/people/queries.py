"""Audit rows for people to read."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from content.people.audit_actions import ACTION_LABELS
from content.people.models import AuditRow, User


@dataclass(frozen=True)
class HistoryEntry:
    """An entry in the history of a row. `by` is None for the system, and for a reader if `is_askers`."""

    at: datetime.datetime
    by: User | None
    action: str | Promise  # label, translated when it is shown
    reason: str
    is_askers: bool = False


def audit_history(subjects: Collection[str], **conditions: Any) -> list[AuditRow]:
    """The audit rows of these subjects, oldest first, each with `action_label`. `conditions` as for filter()."""
    rows = AuditRow.objects.filter(subject__in=subjects, **conditions).select_related("by").order_by("pk")
    return [labelled(row) for row in rows]


def labelled(row: AuditRow) -> AuditRow:
    row.action_label = ACTION_LABELS.get(row.action, row.action)
    return row
