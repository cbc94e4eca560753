"""The tables of the ground floor, collected from its rooms, so that Django finds them in one app."""

from content.changes.models import Change
from content.dayturn.models import Turn
from content.documents.amendments.models import BasisReview
from content.documents.models import (
    Amendment,
    LegalDocument,
    OriginalFile,
    Provision,
    ProvisionVersion,
    StatusEvent,
)
from content.documents.relations.models import Relation
from content.organisations.models import Organisation, Province, Succession
from content.people.models import AuditRow, Reader, User
from content.topics.models import Topic

__all__ = [
    "Amendment",
    "AuditRow",
    "BasisReview",
    "Change",
    "LegalDocument",
    "Organisation",
    "OriginalFile",
    "Province",
    "Provision",
    "ProvisionVersion",
    "Reader",
    "Relation",
    "StatusEvent",
    "Succession",
    "Topic",
    "Turn",
    "User",
]
