"""Who did what with a document, in words."""

from django.utils.translation import gettext_lazy as _

from content.people.models import AuditRow

ACTIONS = {
    "document.taken_in": _("Imported"),
    "document.drafted": _("Wrote the draft"),
    "document.submitted": _("Submitted for review"),
    "document.returned": _("Returned to draft"),
    "document.published": _("Made it public"),
    "document.correction_proposed": _("Proposed a correction"),
    "document.correction_handed_back": _("Handed the correction back"),
    "document.corrected": _("Corrected"),
    "document.withdrawn": _("Withdrew"),
}


def history(document):
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
        row.action_name = ACTIONS.get(row.action, row.action)
    return rows
