"""What is said about questions and answers, in Vietnamese and English. A question's own words stay Vietnamese."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import kinds
from content.qa import queries
from notifications.follows.models import Kind
from notifications.messages.words import Words

KINDS = {  # which changes are told, and to followers of what
    kinds.QUESTION_ANSWERED: Kind.QUESTION,
    kinds.QUESTION_BASIS_CHANGED: Kind.QUESTION,
    kinds.QUESTION_RETURNED: Kind.QUESTION,  # these two to the asker alone
    kinds.QUESTION_CLOSED: Kind.QUESTION,
}


def words(change, language, title=None):
    """The words for a `question.*` change; `title` is empty where the question is public no more."""
    if title is None:
        title = queries.public_title(change.subject)
    with override(language):
        bodies = _own_bodies() if change.reader_id else _public_bodies()
        return Words(title or _("A question about the law"), bodies[change.kind])


def generic(change, language):
    """The words for a lock screen: that there is news, not of what."""
    with override(language):
        return Words(_("Your question"), _own_bodies()[change.kind])


def path(change):
    if change.reader_id:
        return f"/api/v1/questions/mine/{change.subject}"
    return f"/api/v1/questions/{change.subject}"


def _own_bodies():
    return {
        kinds.QUESTION_ANSWERED: _("Your question was answered. Tap to read."),
        kinds.QUESTION_BASIS_CHANGED: _("The law behind an answer to you has changed. Tap to see what."),
        kinds.QUESTION_RETURNED: _("We need more detail on your question. Tap to add it."),
        kinds.QUESTION_CLOSED: _("There is news of your question. Tap to read."),
    }


def _public_bodies():
    return {
        kinds.QUESTION_ANSWERED: _("A question was answered. Tap to read."),
        kinds.QUESTION_BASIS_CHANGED: _("The law that this answer cites has changed. Tap to see what."),
    }
