"""What the doors to a document and to its parts share."""

from django.http import Http404
from django.utils import timezone

from api.problems import DocumentWithdrawn
from content.documents import queries


def document_or_404(key):
    """The published document of that key, as lists have it. Raises Http404, and Withdrawn where it was taken back."""
    document = queries.public_documents().filter(key=key).first()
    if document:
        return document
    withdrawn = queries.withdrawn_documents().filter(key=key).first()
    if withdrawn is None:
        raise Http404
    raise DocumentWithdrawn(timezone.localdate(withdrawn.withdrawn_at), withdrawn.withdrawal_reason)
