"""Messages about materials, in Vietnamese and English. Titles stay in the language of the material."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes.event_types import EventType
from content.changes.models import Change
from content.law.page_paths import material_path
from content.media.choices import MaterialKind
from notifications.follows.models import NotificationType
from notifications.messages.message_text import MessageText

NOTIFICATION_TYPES: Mapping[str, NotificationType] = {  # event type → which followers are notified
    EventType.MATERIAL_PUBLISHED: NotificationType.MATERIAL,
    EventType.MATERIAL_CORRECTED: NotificationType.MATERIAL,
}


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for a `material.*` change. All of them are public."""
    with override(language):
        kind = MaterialKind(change.facts["kind"]).label
        words = (
            _("New: %s. Tap to see it.") if change.event_type == EventType.MATERIAL_PUBLISHED else _("Corrected: %s.")
        )
        return MessageText(title or change.facts.get("title") or _("A material"), words % kind)


def lock_screen_text(change: Change, language: str) -> MessageText:
    """The same: no news about materials is private."""
    return full_text(change, language)


def link_path(change: Change) -> str:
    """The path of the material."""
    return f"/api/v1/materials/{change.subject}"


def page_path(change: Change) -> str:
    """The path of the material's page."""
    return material_path(change.subject)


def relevant_until(change: Change) -> datetime.datetime | None:
    """None: a material ages like any other news."""
    return None
