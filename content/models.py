"""The tables of content, collected from its packages, so that Django finds them in one app."""

from content.basis.models import Basis, BasisChange, Citation
from content.changes.models import Change, ChangeCursor
from content.channel.models import Channel, Playlist, PlaylistItem, Slot
from content.contest_certificates.models import Certificate
from content.contest_results.models import (
    Disqualification,
    GroupCount,
    ScoreCount,
    Standing,
    Winner,
    WinnerIdentity,
)
from content.contests.models import Attempt, Contest, Entry, Round, RoundQuestion
from content.copying.models import (
    CopiedContest,
    CopiedFile,
    CopiedMaterialFile,
    CopiedPlan,
    CopiedPlanFile,
    CopiedRound,
    HomeSeal,
)
from content.deadlines.models import CalendarDay, DeadlineRule
from content.dissemination.models import Card, LinkDay, Outlet, Placement, PlacementCount, ShareLink
from content.document_counts.models import CountedDocument, DocumentCount, OutdatedCount
from content.documents.models import (
    Amendment,
    EffectDoubt,
    EffectSpan,
    LegalDocument,
    OriginalFile,
    OutdatedSpans,
    Provision,
    ProvisionVersion,
    StatusEvent,
)
from content.editing.models import Revision
from content.effect_reviews.models import BatchedDecision, DecisionBatch
from content.endings.models import EndingCase, MachineSwitch, ReadAct
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
from content.glossary.models import GlossaryEntry
from content.legal_basis_reviews.models import BasisReview
from content.media.models import Material, MaterialFile
from content.mentions.models import Mention
from content.official_statuses.models import OfficialStatus, StatusConflict
from content.organisations.models import Organisation, Province, Succession
from content.passages.models import Passage
from content.people.models import AuditRow, IdempotencyKey, Reader, RoleProposal, User
from content.permanent_addresses.models import Address
from content.plans.models import (
    Duty,
    Indicator,
    Measurement,
    Plan,
    PlanFile,
    PlanStatement,
    Programme,
    Target,
)
from content.provision_layers.models import Layer, LayerText, ReviewerLanguage
from content.qa.models import Answer, ProblemReport, Question, QuestionTransitionLog, Rating
from content.question_banks.models import QuestionBank, QuizQuestion
from content.relations.models import Relation
from content.request_counts.models import RequestCount
from content.search.models import PassageVector, PostingList, SearchStatistics, TermFrequency
from content.spelling.models import Spelling
from content.stored_files.models import Rendition, StoredFile
from content.suggestions.models import Suggestion
from content.sync.models import Conflict, Origin, Peer, Waiting, Witness
from content.synonyms.models import Synonym
from content.topics.models import Topic
from content.transitions.models import ProcessedDay

__all__ = [
    "Address",
    "AdvanceQuestion",
    "Amendment",
    "Answer",
    "Attempt",
    "AuditRow",
    "Basis",
    "BasisChange",
    "BasisReview",
    "BatchedDecision",
    "CalendarDay",
    "Card",
    "Certificate",
    "Change",
    "ChangeCursor",
    "Channel",
    "Citation",
    "Conflict",
    "Contest",
    "CopiedContest",
    "CopiedFile",
    "CopiedMaterialFile",
    "CopiedPlan",
    "CopiedPlanFile",
    "CopiedRound",
    "CountedDocument",
    "DeadlineRule",
    "DecisionBatch",
    "Disqualification",
    "DocumentCount",
    "Duty",
    "EffectDoubt",
    "EffectSpan",
    "EndingCase",
    "Entry",
    "Event",
    "EventMove",
    "GlossaryEntry",
    "GroupCount",
    "HomeSeal",
    "IdempotencyKey",
    "Indicator",
    "Layer",
    "LayerText",
    "LegalDocument",
    "LinkDay",
    "MachineSwitch",
    "Material",
    "MaterialFile",
    "MaterialLink",
    "Measurement",
    "Mention",
    "OfficialStatus",
    "Organisation",
    "Origin",
    "OriginalFile",
    "OutdatedCount",
    "OutdatedSpans",
    "Outlet",
    "Passage",
    "PassageVector",
    "Peer",
    "Placement",
    "PlacementCount",
    "Plan",
    "PlanFile",
    "PlanStatement",
    "Playlist",
    "PlaylistItem",
    "PostingList",
    "ProblemReport",
    "ProcessedDay",
    "Programme",
    "Province",
    "Provision",
    "ProvisionVersion",
    "Question",
    "QuestionBank",
    "QuestionTransitionLog",
    "QuizQuestion",
    "Rating",
    "ReadAct",
    "Reader",
    "ReaderCalendar",
    "Registration",
    "Relation",
    "Rendition",
    "RequestCount",
    "ReviewerLanguage",
    "Revision",
    "RoleProposal",
    "Round",
    "RoundQuestion",
    "ScoreCount",
    "SearchStatistics",
    "Session",
    "ShareLink",
    "Slot",
    "Speaker",
    "Spelling",
    "Standing",
    "StatusConflict",
    "StatusEvent",
    "StoredFile",
    "Succession",
    "Suggestion",
    "Synonym",
    "Target",
    "TermFrequency",
    "Topic",
    "User",
    "Waiting",
    "Winner",
    "WinnerIdentity",
    "Witness",
]
