"""JSON of documents: a row of a list, and one document with its outline.

The serializers of documents.py say what the fields are, for the contract. These functions write the same fields:
serializers with their fields took most of the time of a list. tests/api/documents/test_representations.py compares
the two.
"""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.documents import provisions
from api.v1.documents.effect_doubts import doubt_of_document
from api.v1.documents.provenance import provenance_with
from api.v1.link_serializers import document_link
from content.document_reads.shown import ShownDocument
from content.documents.citations import cite_document
from content.documents.effect import Effect, effect_of, effect_source_on
from content.documents.models import LegalDocument
from content.documents.text_dates import TextDate
from content.law.doc_types import DocType
from content.organisations.models import Organisation, Province


def summary_representation(document: LegalDocument, day: datetime.date) -> JSONObject:
    """The document in a list. `document` has its issuer, province, topics, status events and effect doubts fetched."""
    return _summary(document, effect_of(document, day), day)


def _summary(document: LegalDocument, effect: Effect, day: datetime.date) -> JSONObject:
    events = document.status_events.all()
    return {
        "key": document.key,
        "url": resource_urls.document_url(document),
        "page_url": resource_urls.document_page_url(document),
        "type": document.doc_type,
        "type_name": str(DocType(document.doc_type).label),
        "number": document.number,
        "title": document.title,
        "is_sample": document.is_sample,
        "completeness": document.completeness,
        "issuer": document.issuer and _organisation_link(document.issuer),
        "province": document.province and _province_link(document.province),
        "commune": document.commune_name,
        "issued_on": document.issued_on,
        "effective_on": effect.effective_on,
        "expires_on": effect.expires_on,
        "effect_status": effect.status,
        "effect_status_name": str(effect.status.label) if effect.status else None,
        "effect_source": effect_source_on(events, day, is_stated=document.effect_stated_on is not None),
        "effect_doubt": doubt_of_document(document, day),
        "topics": [
            {"key": topic.key, "url": resource_urls.topic_url(topic), "number": topic.number, "name": topic.name}
            for topic in document.topics.all()
        ],
    }


def _organisation_link(organisation: Organisation) -> JSONObject:
    return {
        "key": organisation.key,
        "url": resource_urls.organisation_url(organisation),
        "code": organisation.code,
        "name": organisation.shown_name,
    }


def _province_link(province: Province) -> JSONObject:
    return {
        "key": province.key,
        "url": resource_urls.province_url(province),
        "code": province.code,
        "name": province.name,
    }


def detail_representation(shown: ShownDocument, day: datetime.date) -> JSONObject:
    """One document with outline, effect and provenance."""
    document = shown.document
    effect = effect_of(document, day)
    return _summary(document, effect, day) | {
        "expiry_scheduled": effect.expiry_scheduled,
        "effect_stated_on": document.effect_stated_on,
        "effect_note": None if document.has_effect else effect_note(),
        "consolidates": [document_link(each) for each in shown.consolidated],
        "citation": cite_document(document),
        "signer": document.signer,
        "gazette_number": document.gazette_number,
        "gazette_on": document.gazette_on,
        "updated_at": _moment(document.updated_at),
        "provenance": _provenance(shown),
        "as_of": day,
        "text_is_of": TextDate(document, day, shown.applied).of_all,
        "outline": provisions.outline_representation(document, shown.outline()),
    }


def effect_note() -> str:
    """Why a consolidated text has no status."""
    return _("A consolidated text has no effect of its own. The acts that it merges apply and prevail.")


def _provenance(shown: ShownDocument) -> JSONObject:
    facts = provenance_with(shown.document, shown.original_file)
    return facts | {name: _moment(facts[name]) for name in ("imported_at", "fetched_at", "verified_at", "received_at")}


def _moment(moment: datetime.datetime | None) -> str | None:
    """As a serializer writes it: in the time of Viet Nam."""
    return timezone.localtime(moment).isoformat() if moment else None
