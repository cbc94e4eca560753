"""Messages about provinces that were redrawn, in Vietnamese and English. Names stay Vietnamese."""

import datetime
from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes.event_types import EventType
from content.changes.models import Change
from notifications.follows.models import NotificationType
from notifications.messages.message_text import MessageText

NOTIFICATION_TYPES: Mapping[str, NotificationType] = {  # only who followed one of them, whatever they wanted of it
    EventType.PROVINCE_REDRAWN: NotificationType.NEW,
}


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for a `province.redrawn` change of one reader. The name is a fact of the change."""
    with override(language):
        day = datetime.date.fromisoformat(change.facts["on"])
        body = _("A province you follow was redrawn on %(day)s. You now follow this one.")
        return MessageText(change.facts["title"], body % {"day": date_format(day, "d/m/Y")})


def lock_screen_text(change: Change, language: str) -> MessageText:
    """The text for a lock screen: it does not say which province it is."""
    with override(language):
        return MessageText(_("What you follow"), _("There is news for you. Tap to read."))


def link_path(change: Change) -> str:
    """The path of the province that continues the former one."""
    return f"/api/v1/provinces/{change.subject}"


def page_path(change: Change) -> str:
    """Provinces have no page of their own."""
    return "/"


def relevant_until(change: Change) -> datetime.datetime | None:
    """News of a redrawn province ages like any other."""
    return None
