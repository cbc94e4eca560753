"""Lookup of published documents by key, for all views below `documents/{key}`."""

import datetime
from typing import cast

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter

from api.v1.documents.absences import DocumentNotYetIssued, DocumentWithdrawn
from content.documents import queries
from content.documents.models import LegalDocument

DOCUMENT_KEY = "[a-z0-9-]+"
DOCUMENT_PATH_PARAMETER = OpenApiParameter("key", {"type": "string", "pattern": f"^{DOCUMENT_KEY}$"}, "path")


def document_or_404(key: str) -> LegalDocument:
    """The published document with that key. Raises Http404, or DocumentWithdrawn if it was withdrawn."""
    document = queries.public_documents().filter(key=key).first()
    if document:
        return document
    withdrawn = queries.withdrawn_documents().filter(key=key).first()
    if withdrawn is None:
        raise Http404
    raise DocumentWithdrawn(timezone.localdate(withdrawn.withdrawn_at), withdrawn.withdrawal_reason)


def document_on_or_404(key: str, day: datetime.date) -> LegalDocument:
    """As `document_or_404`, of a document as it was on `day`. Raises DocumentNotYetIssued if it was issued later."""
    document = document_or_404(key)
    if not queries.was_issued_by(document, day):
        raise DocumentNotYetIssued(cast(datetime.date, document.issued_on))
    return document
