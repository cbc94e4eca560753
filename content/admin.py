"""The desk of the ground floor, collected from its rooms, so that Django finds it in one app."""

from content.documents.admin import DocumentAdmin
from content.documents.amendments.admin import AmendmentAdmin
from content.documents.relations.admin import RelationAdmin
from content.events.admin import EventAdmin
from content.people.admin import AuditAdmin, RoleAdmin, UserAdmin
from content.qa.admin import CalendarAdmin, DeadlineAdmin, QuestionAdmin, ReportAdmin
from content.search.admin import SearchAliasAdmin
from content.topics.admin import TopicAdmin

__all__ = [
    "AmendmentAdmin",
    "AuditAdmin",
    "CalendarAdmin",
    "DeadlineAdmin",
    "DocumentAdmin",
    "EventAdmin",
    "QuestionAdmin",
    "RelationAdmin",
    "ReportAdmin",
    "RoleAdmin",
    "SearchAliasAdmin",
    "TopicAdmin",
    "UserAdmin",
]
