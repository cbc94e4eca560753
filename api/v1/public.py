"""What the doors to parts of a document share."""

from django.http import Http404

from content.documents import queries


def document_or_404(key):
    """The published document of that key, as lists have it. Raises Http404."""
    document = queries.public_documents().filter(key=key).first()
    if document is None:
        raise Http404
    return document
