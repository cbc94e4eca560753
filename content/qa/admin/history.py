"""Who did what with a question, in words: staff from the audit, the asker and the house from its moves."""

from dataclasses import dataclass

from content.people.audit_actions import ACTION_LABELS
from content.people.models import AuditRow, User
from content.qa.states import QuestionTransition


@dataclass(frozen=True)
class QuestionHistoryEntry:
    at: object
    by: User | None
    act: str
    reason: str
    is_askers: bool = False


def question_history(question):
    """[Entry], the first first."""
    rows = AuditRow.objects.filter(subject=question.key).select_related("by")
    audited = [
        QuestionHistoryEntry(row.at, row.by, ACTION_LABELS.get(row.action, row.action), row.reason) for row in rows
    ]
    others = question.transitions.filter(by=None)
    moved = [
        QuestionHistoryEntry(
            m.at, None, m.get_transition_display(), m.reason, is_askers=m.transition != QuestionTransition.REOPEN
        )
        for m in others
    ]
    return sorted(audited + moved, key=lambda entry: entry.at)
