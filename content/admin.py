"""The desk of the ground floor, collected from its rooms, so that Django finds it in one app."""

from content.amendments.admin.views import AmendmentAdmin
from content.editing.admin.documents import DocumentAdmin
from content.events.admin.model_admins import EventAdmin
from content.people.admin import AuditAdmin, RoleAdmin, UserAdmin
from content.qa.admin.model_admins import (
    CalendarDayAdmin,
    DeadlineRuleAdmin,
    ProblemReportAdmin,
    QuestionAdmin,
)
from content.relations.admin import RelationAdmin
from content.synonyms.admin import SynonymAdmin
from content.topics.admin import TopicAdmin

__all__ = [
    "AmendmentAdmin",
    "AuditAdmin",
    "CalendarDayAdmin",
    "DeadlineRuleAdmin",
    "DocumentAdmin",
    "EventAdmin",
    "ProblemReportAdmin",
    "QuestionAdmin",
    "RelationAdmin",
    "RoleAdmin",
    "SynonymAdmin",
    "TopicAdmin",
    "UserAdmin",
]
