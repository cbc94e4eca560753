"""Lookup of published documents by key, for all views below `documents/{key}`."""

import contextlib
import datetime
from typing import NoReturn, cast

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.v1.documents.absences import DocumentNotYetIssued, DocumentWithdrawn
from content import sql
from content.document_reads import queries as reads
from content.document_reads.queries import State
from content.documents import queries
from content.documents.models import LegalDocument

DOCUMENT_KEY = "[a-z0-9-]+"
DOCUMENT_PATH_PARAMETER = OpenApiParameter("key", {"type": "string", "pattern": f"^{DOCUMENT_KEY}$"}, "path")
FILTERS_BY_EFFECT = {"status", "doubt"}


def one_moment_for_effect(request: Request) -> contextlib.AbstractContextManager[None]:
    """A block in which a list that is narrowed by effect reads one moment: its rows show what its filter found.

    Such a list takes several statements (`effect_queries`); another list takes none more than before.
    """
    return sql.snapshot() if FILTERS_BY_EFFECT & request.query_params.keys() else contextlib.nullcontext()


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
    refuse_not_yet_issued(document, day)
    return document


def refuse_not_yet_issued(document: LegalDocument, day: datetime.date) -> None:
    """Raise DocumentNotYetIssued if the document was issued after `day`."""
    if not queries.was_issued_by(document, day):
        raise DocumentNotYetIssued(cast(datetime.date, document.issued_on))


def document_state_or_404(key: str, day: datetime.date) -> State:
    """What `getDocument` shows on `day`. Raises as `document_or_404`."""
    return reads.document_state(key, day) or _absent(key)


def provision_state_or_404(key: str, eid: str, day: datetime.date) -> State:
    """What `getProvision` shows on `day`. Raises as `document_or_404`."""
    return reads.provision_state(key, eid, day) or _absent(key)


def text_state_or_404(key: str, day: datetime.date) -> State:
    """The state of what `getDocumentText` shows on `day`. Raises as `document_or_404`."""
    return reads.text_state(key, day) or _absent(key)


def _absent(key: str) -> NoReturn:
    document_or_404(key)
    raise Http404  # it was published between the two statements
