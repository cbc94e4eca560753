"""Messages about playlists and channels, in Vietnamese and English. Titles stay in the language of the playlist."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes.event_types import EventType
from content.changes.models import Change
from content.law import page_paths
from notifications.follows.models import NotificationType
from notifications.messages.message_text import MessageText

NOTIFICATION_TYPES: Mapping[str, NotificationType] = {  # event type → which followers are notified
    EventType.PLAYLIST_CHANGED: NotificationType.MATERIAL,
    EventType.CHANNEL_STARTS_LIVE: NotificationType.MATERIAL,
}


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for a change of a playlist or of a channel that starts live. Both are public."""
    with override(language):
        heading = title or change.facts.get("title") or _("A playlist")
        if change.event_type == EventType.CHANNEL_STARTS_LIVE:
            return MessageText(heading, _("It is live now."))
        words = _("New materials in this playlist: %d.")
        return MessageText(heading, words % len(change.facts.get("added", [])))


def lock_screen_text(change: Change, language: str) -> MessageText:
    """The same: no news about playlists is private."""
    return full_text(change, language)


def link_path(change: Change) -> str:
    """The path of the playlist, or of what the channel plays now."""
    if change.event_type == EventType.CHANNEL_STARTS_LIVE:
        return f"/api/v1/channels/{change.subject}/now"
    return f"/api/v1/playlists/{change.subject}"


def page_path(change: Change) -> str:
    """The page of the playlist, or of the channel with what is live."""
    if change.event_type == EventType.CHANNEL_STARTS_LIVE:
        return page_paths.channel_path(change.subject)
    return page_paths.playlist_path(change.subject)


def relevant_until(change: Change) -> datetime.datetime | None:
    """The end of what is live; None for a playlist."""
    if change.event_type == EventType.CHANNEL_STARTS_LIVE:
        return datetime.datetime.fromisoformat(change.facts["ends_at"])
    return None
