"""What is said about questions and answers, in Vietnamese and English. A question's own words stay Vietnamese."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import event_types
from content.qa import queries
from notifications.follows.models import FollowKind
from notifications.messages.message_text import MessageText

FOLLOW_KINDS = {  # which changes are told, and to followers of what
    event_types.QUESTION_ANSWERED: FollowKind.QUESTION,
    event_types.QUESTION_BASIS_CHANGED: FollowKind.QUESTION,
    event_types.QUESTION_RETURNED: FollowKind.QUESTION,  # these two to the asker alone
    event_types.QUESTION_CLOSED: FollowKind.QUESTION,
}


def full_text(change, language, title=None):
    """The words for a `question.*` change; `title` is empty where the question is public no more."""
    if title is None:
        title = queries.public_title_of(change.subject)
    with override(language):
        bodies = _asker_bodies() if change.reader_id else _public_bodies()
        return MessageText(title or _("A question about the law"), bodies[change.event_type])


def lock_screen_text(change, language):
    """The words for a lock screen: that there is news, not of what."""
    with override(language):
        return MessageText(_("Your question"), _asker_bodies()[change.event_type])


def link_path(change):
    if change.reader_id:
        return f"/api/v1/questions/mine/{change.subject}"
    return f"/api/v1/questions/{change.subject}"


def _asker_bodies():
    return {
        event_types.QUESTION_ANSWERED: _("Your question was answered. Tap to read."),
        event_types.QUESTION_BASIS_CHANGED: _("The law behind an answer to you has changed. Tap to see what."),
        event_types.QUESTION_RETURNED: _("We need more detail on your question. Tap to add it."),
        event_types.QUESTION_CLOSED: _("There is news of your question. Tap to read."),
    }


def _public_bodies():
    return {
        event_types.QUESTION_ANSWERED: _("A question was answered. Tap to read."),
        event_types.QUESTION_BASIS_CHANGED: _("The law that this answer cites has changed. Tap to see what."),
    }
