"""Messages about questions and answers, in Vietnamese and English. The title of a question stays Vietnamese."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import event_types
from content.changes.models import Change
from content.law.page_paths import question_path
from content.qa import queries
from notifications.follows.models import NotificationType
from notifications.messages.message_text import MessageText

NOTIFICATION_TYPES: Mapping[str, NotificationType] = {  # event type → which followers are notified
    event_types.QUESTION_ANSWERED: NotificationType.QUESTION,
    event_types.QUESTION_BASIS_CHANGED: NotificationType.QUESTION,
    event_types.QUESTION_RETURNED: NotificationType.QUESTION,  # this and the next: only its reader
    event_types.QUESTION_CLOSED: NotificationType.QUESTION,
}


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for a `question.*` change. `title` is empty if the question is no longer public."""
    if title is None:
        title = queries.public_title_of(change.subject)
    with override(language):
        bodies = _asker_bodies() if change.reader_id else _public_bodies()
        return MessageText(title or _("A question about the law"), bodies[change.event_type])


def lock_screen_text(change: Change, language: str) -> MessageText:
    """The text for a lock screen: it does not contain the title of the question."""
    with override(language):
        return MessageText(_("Your question"), _asker_bodies()[change.event_type])


def link_path(change: Change) -> str:
    """The path of the question; for its reader, that of their own copy."""
    if change.reader_id:
        return f"/api/v1/questions/mine/{change.subject}"
    return f"/api/v1/questions/{change.subject}"


def page_path(change: Change) -> str:
    """The path of the question's page."""
    return question_path(change.subject)


def relevant_until(_change: Change) -> datetime.datetime | None:
    """None: news about a question has no fixed end."""
    return None


def _asker_bodies() -> dict[str, str]:
    return {
        event_types.QUESTION_ANSWERED: _("Your question was answered. Tap to read."),
        event_types.QUESTION_BASIS_CHANGED: _("The law behind an answer to you has changed. Tap to see what."),
        event_types.QUESTION_RETURNED: _("We need more detail on your question. Tap to add it."),
        event_types.QUESTION_CLOSED: _("There is news of your question. Tap to read."),
    }


def _public_bodies() -> dict[str, str]:
    return {
        event_types.QUESTION_ANSWERED: _("A question was answered. Tap to read."),
        event_types.QUESTION_BASIS_CHANGED: _("The law that this answer cites has changed. Tap to see what."),
    }
