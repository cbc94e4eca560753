"""What the doors to a document and to its parts share."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter

from api.problems import DocumentWithdrawn
from content.documents import queries

DOCUMENT_KEY = "[a-z0-9-]+"
DOCUMENT_PATH_PARAMETER = OpenApiParameter("key", {"type": "string", "pattern": f"^{DOCUMENT_KEY}$"}, "path")


def document_or_404(key):
    """The published document of that key, as lists have it. Raises Http404, and Withdrawn where it was taken back."""
    document = queries.public_documents().filter(key=key).first()
    if document:
        return document
    withdrawn = queries.withdrawn_documents().filter(key=key).first()
    if withdrawn is None:
        raise Http404
    raise DocumentWithdrawn(timezone.localdate(withdrawn.withdrawn_at), withdrawn.withdrawal_reason)
