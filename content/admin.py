"""The desk of the ground floor, collected from its rooms, so that Django finds it in one app."""

from content.documents.amendments.admin import AmendmentAdmin
from content.documents.relations.admin import RelationAdmin
from content.people.admin import UserAdmin

__all__ = ["AmendmentAdmin", "RelationAdmin", "UserAdmin"]
