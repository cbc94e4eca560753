"""What an editor must know of the address of a document before it is published: it never changes."""

from django.utils.translation import gettext as _

from content.documents import identity
from content.documents.records import DocumentRecord
from content.text.vietnamese import slug


def address_warning(record: DocumentRecord) -> str:
    """What to check in the title of a document without a number, whose address will hold its words; empty if none.

    A title that seems to name a person is not in the address, see `identity.words_in_address`.
    """
    words = identity.words_in_address(record.number, record.title)
    if not words or words != slug(record.title):
        return ""
    message = _(
        "There is no number, so the address will hold these words for ever: «%(words)s». If they tell who somebody "
        "is, change the title before it is published."
    )
    return message % {"words": words}
