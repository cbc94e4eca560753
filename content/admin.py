"""The admins of the packages of content, so that Django finds them in the one app."""

from content.amendments.admin.views import AmendmentAdmin
from content.channel.admin.pages import ChannelAdmin, PlaylistAdmin
from content.contest_administration.contest_pages import ContestAdmin
from content.contest_administration.fairness_pages import DisqualificationAdmin
from content.contest_administration.question_pages import RoundQuestionAdmin
from content.contest_administration.round_pages import RoundAdmin
from content.contest_administration.winner_pages import WinnerAdmin
from content.deadlines.admin import DeadlineRuleAdmin
from content.dissemination.admin.outlet_pages import OutletAdmin
from content.dissemination.admin.placement_pages import PlacementAdmin
from content.due_days.admin import CalendarDayAdmin
from content.editing.admin.documents import DocumentAdmin
from content.effect_reviews.admin import EndingCaseAdmin
from content.events.admin.model_admins import EventAdmin
from content.media.admin.material_pages import MaterialAdmin
from content.mentions.admin import MentionAdmin
from content.official_statuses.admin import StatusConflictAdmin
from content.peer_administration.admin import ConflictAdmin, PeerAdmin, WaitingAdmin
from content.people.admin import AuditAdmin, RoleAdmin, RoleProposalAdmin, UserAdmin
from content.plan_administration.indicator_pages import IndicatorAdmin, MeasurementAdmin
from content.plan_administration.plan_pages import PlanAdmin
from content.plan_administration.programme_pages import DutyAdmin, PlanStatementAdmin, ProgrammeAdmin
from content.provision_layers.admin.pages import LayerAdmin, ReviewerLanguageAdmin
from content.qa.admin.question_pages import QuestionAdmin
from content.qa.admin.report_pages import ProblemReportAdmin
from content.question_banks.admin.bank_pages import QuestionBankAdmin
from content.question_banks.admin.question_pages import QuizQuestionAdmin
from content.relations.admin import RelationAdmin
from content.synonyms.admin import SynonymAdmin
from content.topics.admin import TopicAdmin

__all__ = [
    "AmendmentAdmin",
    "AuditAdmin",
    "CalendarDayAdmin",
    "ChannelAdmin",
    "ConflictAdmin",
    "ContestAdmin",
    "DeadlineRuleAdmin",
    "DisqualificationAdmin",
    "DocumentAdmin",
    "DutyAdmin",
    "EndingCaseAdmin",
    "EventAdmin",
    "IndicatorAdmin",
    "LayerAdmin",
    "MaterialAdmin",
    "MeasurementAdmin",
    "MentionAdmin",
    "OutletAdmin",
    "PeerAdmin",
    "PlacementAdmin",
    "PlanAdmin",
    "PlanStatementAdmin",
    "PlaylistAdmin",
    "ProblemReportAdmin",
    "ProgrammeAdmin",
    "QuestionAdmin",
    "QuestionBankAdmin",
    "QuizQuestionAdmin",
    "RelationAdmin",
    "ReviewerLanguageAdmin",
    "RoleAdmin",
    "RoleProposalAdmin",
    "RoundAdmin",
    "RoundQuestionAdmin",
    "StatusConflictAdmin",
    "SynonymAdmin",
    "TopicAdmin",
    "UserAdmin",
    "WaitingAdmin",
    "WinnerAdmin",
]
