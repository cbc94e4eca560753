"""What is said about legal documents, in Vietnamese and English. A law's title stays Vietnamese: it is its name."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import kinds
from content.documents.models import DocType
from notifications.follows.models import Kind
from notifications.messages.words import Words

KINDS = {  # which changes are told, and to followers of what
    kinds.DOCUMENT_PUBLISHED: Kind.NEW,
    kinds.DOCUMENT_CORRECTED: Kind.AMENDED,  # these two only when an editor asks for it
    kinds.DOCUMENT_WITHDRAWN: Kind.AMENDED,
}


def words(change, language, title=None):
    """The words for a `document.*` change, whose line has the title. Raises KeyError for a change that is not told."""
    facts = change.facts
    with override(language):
        name = " ".join(filter(None, [str(DocType(facts["doc_type"]).label), facts["number"]]))
        bodies = {
            kinds.DOCUMENT_PUBLISHED: _("New document: %s. Tap to read."),
            kinds.DOCUMENT_CORRECTED: _("Our copy was corrected: %s. Tap to read."),
            kinds.DOCUMENT_WITHDRAWN: _("Withdrawn by us: %s. Tap to see why."),
        }
    return Words(facts["title"], bodies[change.kind] % name)


def path(change):
    """Where the document stands, under PUBLIC_URL."""
    return f"/api/v1/documents/{change.subject}"
