"""The desk of the ground floor, collected from its rooms, so that Django finds it in one app."""

from content.documents.admin import DocumentAdmin
from content.people.admin import AuditAdmin, RoleAdmin, UserAdmin
from content.topics.admin import TopicAdmin

__all__ = ["AuditAdmin", "DocumentAdmin", "RoleAdmin", "TopicAdmin", "UserAdmin"]
