"""The tables of the ground floor, collected from its rooms, so that Django finds them in one app."""

from content.basis.models import Basis, BasisChange, Citation
from content.changes.models import Change
from content.dayturn.models import Turn
from content.documents.amendments.models import BasisReview
from content.documents.models import (
    Amendment,
    LegalDocument,
    Manuscript,
    OriginalFile,
    Provision,
    ProvisionVersion,
    StatusEvent,
)
from content.documents.passages.models import Passage
from content.documents.relations.models import Relation
from content.events.models import (
    AdvanceQuestion,
    Event,
    EventMove,
    MaterialLink,
    ReaderCalendar,
    Registration,
    Session,
    Speaker,
)
from content.organisations.models import Organisation, Province, Succession
from content.people.models import AuditRow, IdempotencyKey, Reader, User
from content.qa.models import Answer, CalendarDay, DeadlineRule, ProblemReport, Question, QuestionMove, Rating
from content.search.models import (
    CommonWord,
    PassageVector,
    SearchAlias,
    SearchStatistics,
    SearchTerm,
    Spelling,
    Suggestion,
    Term,
)
from content.topics.models import Topic

__all__ = [
    "AdvanceQuestion",
    "Amendment",
    "Answer",
    "AuditRow",
    "Basis",
    "BasisChange",
    "BasisReview",
    "CalendarDay",
    "Change",
    "Citation",
    "CommonWord",
    "DeadlineRule",
    "Event",
    "EventMove",
    "IdempotencyKey",
    "LegalDocument",
    "Manuscript",
    "MaterialLink",
    "Organisation",
    "OriginalFile",
    "Passage",
    "PassageVector",
    "ProblemReport",
    "Province",
    "Provision",
    "ProvisionVersion",
    "Question",
    "QuestionMove",
    "Rating",
    "Reader",
    "ReaderCalendar",
    "Registration",
    "Relation",
    "SearchAlias",
    "SearchStatistics",
    "SearchTerm",
    "Session",
    "Speaker",
    "Spelling",
    "StatusEvent",
    "Succession",
    "Suggestion",
    "Term",
    "Topic",
    "Turn",
    "User",
]
