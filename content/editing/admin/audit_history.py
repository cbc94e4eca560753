"""Who did what with a document, in words."""

from content.people.audit_actions import ACTION_LABELS
from content.people.models import AuditRow


def audit_rows_of(document):
    """The audit rows of a document, the first first, under all addresses it had as a draft, each with `action_name`."""
    keys = {document.key}
    while True:
        former = AuditRow.objects.filter(subject__in=keys, facts__has_key="former_key")
        more = {row.facts["former_key"] for row in former} - keys
        if not more:
            break
        keys |= more
    rows = list(AuditRow.objects.filter(subject__in=keys, at__gte=document.created_at).select_related("by"))
    for row in rows:
        row.action_name = ACTION_LABELS.get(row.action, row.action)
    return rows
