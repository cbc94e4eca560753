"""Full text of a document as JSON, as an HTML page and as plain text."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import date as written
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin, with_last_modified
from api.entity_tags.tags import entity_tag, unchanged, with_entity_tag
from api.negotiation import FormatOrAcceptNegotiation
from api.parameters import KnownParametersOnly, requested_as_of
from api.renderers import HTMLPageRenderer, PlainTextRenderer
from api.sparse_fields import select_fields
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.documents import provenance, provisions
from api.v1.documents.effect_doubts import doubts_on, effect_doubt_representation
from api.v1.documents.published_documents import (
    DOCUMENT_PATH_PARAMETER,
    document_on_or_404,
    text_state_or_404,
)
from api.v1.documents.whole_texts import turn_of_whole_text
from api.v1.text_formats.answers import (
    FURTHER_FORMATS,
    FURTHER_RENDERERS,
    FURTHER_RESPONSES,
    refuse_fields,
    text_in_format,
)
from content.document_reads import queries as reads
from content.document_reads.queries import State
from content.documents import effect_queries, provision_queries, queries
from content.documents.citations import cite_document
from content.documents.effect import StatusEventKind, StatusEventScope, effect_of, event_counts_from
from content.documents.models import LegalDocument
from content.documents.provision_queries import AmendmentOfUnit, ShownUnit
from content.documents.text_dates import TextDate
from content.law.eids import SEPARATOR, eid_in_words, eid_lineage
from content.law.units import KINDS_BELOW_ARTICLE
from content.parsing import layout
from content.vietnam_time import today

PAGE_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
}
with_page_policy: Any = csp(PAGE_POLICY)
DEEPEST_HEADING = 6  # HTML has six levels of headings


class DocumentTextView(PublicReadMixin, KnownParametersOnly, APIView):
    """The full text of a document on the day of `as_of`."""

    can_be_gone = True
    renderer_classes = [JSONRenderer, HTMLPageRenderer, PlainTextRenderer, *FURTHER_RENDERERS]
    content_negotiation_class = FormatOrAcceptNegotiation
    extra_parameters = ("fields", "format", "as_of")

    @extend_schema(
        operation_id="getDocumentText",
        tags=["documents"],
        auth=[],
        summary="Get the full text in the format that you ask for",
        description="`Accept` or `format` selects the media type. In the HTML page the id of each element is the eid: "
        "`…/text?format=html#art_15__clause_2`. `sha256` is the hash of the plain text. Plain text and XML have only "
        "words that are there on the day; JSON and HTML keep a line for each removed unit. The header `Completeness` "
        "is `complete` or `partial`; the header `Text-Is-Of` has the value of `text_is_of`.",
        parameters=[
            DOCUMENT_PATH_PARAMETER,
            AS_OF_PARAMETER,
            OpenApiParameter(
                "format",
                str,
                enum=["json", "html", "txt", *FURTHER_FORMATS],
                description="Media type. Overrides Accept.",
            ),
        ],
        responses={
            (200, "application/json"): provisions.DocumentTextSerializer,
            (200, "text/html"): OpenApiResponse(OpenApiTypes.STR, "HTML page."),
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, "Plain text in UTF-8."),
            **FURTHER_RESPONSES,
        },
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        day, text_format = requested_as_of(request), request.accepted_renderer.format
        if text_format in FURTHER_FORMATS:  # they show more than the state has
            with turn_of_whole_text():
                return self._written(request, key, day, text_format)
        state = text_state_or_404(key, day)
        tag = entity_tag(request, state.text)
        known = unchanged(request, tag, state.modified_at)
        if known:
            known["Completeness"], known["Text-Is-Of"] = _headers_of(state, day)
            return known
        with turn_of_whole_text():
            return with_entity_tag(self._written(request, key, day, text_format), tag)

    def _written(self, request: Request, key: str, day: datetime.date, text_format: str) -> HttpResponse:
        document = document_on_or_404(key, day)
        if text_format != "json":
            refuse_fields(request)
        if text_format == "json":
            response: HttpResponse = Response(
                select_fields(request, provisions.document_text_representation(document, day))
            )
        elif text_format == "html":
            response = text_page(request._request, document, day)
        elif text_format in FURTHER_FORMATS:
            response = text_in_format(text_format, provisions.text_facts(document, day))
        else:
            text = "".join(provision.text for provision in provision_queries.provisions_on(document, day))
            response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Completeness"] = document.completeness  # plain text has no field for it
        response["Text-Is-Of"] = TextDate(document, day).of_all.value  # WSGI wants a plain str
        return with_last_modified(response, effect_queries.last_modified(document, day))


def _headers_of(state: State, day: datetime.date) -> tuple[str, str]:
    """(Completeness, Text-Is-Of), without the text."""
    shown = reads.shown_document(state)
    return shown.document.completeness, TextDate(shown.document, day, shown.applied).of_all.value


@with_page_policy
def text_page(request: HttpRequest, document: LegalDocument, day: datetime.date) -> HttpResponse:
    """The text as an HTML page, also for printing. The labels are in the reader's language."""
    units = list(page_units(document, provision_queries.units_shown_on(document, day), day))
    return render(
        request,
        "api/text.html",
        {
            "document": document,
            "units": units,
            "outline": [unit for unit in units if unit["title"]],
            "effect": effect_of(document, day),
            "expired_parts": _expired_parts(document, day),
            "effect_doubts": [effect_doubt_representation([doubt]) for doubt in doubts_on(document, day)],
            "text_is_of": TextDate(document, day).of_all,
            "day": written(day, "d/m/Y"),
            "today_url": "" if day == today() else f"{request.path}?format=html",
            "provenance": provenance.provenance_of(document),
        },
    )


def _expired_parts(document: LegalDocument, day: datetime.date) -> list[JSONObject]:
    """The units of the document that are no longer in force, in order: which part «hết hiệu lực một phần» means."""
    kind, part = StatusEventKind.EXPIRES, StatusEventScope.PART
    past = [event for event in document.status_events.all() if event_counts_from(event) <= day]
    eids = {eid for event in past if (event.kind, event.scope) == (kind, part) for eid in event.eids}
    outermost = [eid for eid in eids if eids.isdisjoint(eid_lineage(eid)[:-1])]
    in_order = document.provisions.filter(eid__in=outermost).order_by("position").values_list("eid", flat=True)
    return [{"eid": eid, "name": eid_in_words(eid)} for eid in in_order]


def page_units(document: LegalDocument, units: Iterable[ShownUnit], day: datetime.date) -> Iterator[JSONObject]:
    """The units on `day`, in order, as dicts for the template. Heading levels have no gaps."""
    levels: dict[int | None, int] = {}
    amended: dict[int | None, AmendmentOfUnit | None] = {}
    for unit in units:
        provision = unit.provision
        amended[provision.pk] = unit.amendment
        if unit.is_removed:
            change = _change_of_unit(document, unit.amendment, day) if unit.amendment else None
            yield removed_unit_of_page(unit, levels.get(provision.parent_id, 1), change)
            continue
        title, rest = layout.split_title(provision.kind, provision.number, provision.heading, provision.text)
        is_told_above = unit.amendment == amended.get(provision.parent_id)
        amendment = None if is_told_above else unit.amendment
        above = levels.get(provision.parent_id, 1)
        levels[provision.pk] = level = min(above + 1, DEEPEST_HEADING) if title else above
        yield {
            "eid": provision.eid,
            "kind": provision.kind,
            "title": title,
            "lines": layout.title_lines(title, provision.heading),
            "level": level,
            "blocks": layout.text_blocks(rest, is_table=provision.kind == "table"),
            "amended": amendment and _change_of_unit(document, amendment, day),
            "removed": None,  # a template takes long to find that a name is missing
        }


def removed_unit_of_page(unit: ShownUnit, level_above: int, change: JSONObject | None) -> JSONObject:
    """A unit that stays as one line: its number and heading, by which act and since when it is no longer there.

    `change`: `on`, `act` in words, and the addresses `act_url` and `before_url`.
    """
    provision = unit.provision
    title, _rest = layout.split_title(provision.kind, provision.number, "", "")
    name = eid_in_words(provision.eid.rpartition(SEPARATOR)[2])
    title = ". ".join(filter(None, [title or name[:1].upper() + name[1:], provision.heading]))
    return {
        "eid": provision.eid,
        "kind": f"{provision.kind} removed",
        "title": title if provision.kind not in KINDS_BELOW_ARTICLE else "",
        "lines": [title],
        "level": min(level_above + 1, DEEPEST_HEADING),
        "blocks": [],
        "is_repealed": unit.is_repealed,
        "removed": change,
    }


def _change_of_unit(document: LegalDocument, amendment: AmendmentOfUnit, day: datetime.date) -> JSONObject:
    """The act is read on `day` as well, where it was there by then."""
    of_day = f"&as_of={day}" if day != today() and queries.was_issued_by(amendment.act, day) else ""
    return {
        "on": amendment.on,
        "act": cite_document(amendment.act),
        "act_url": resource_urls.document_text_url(amendment.act) + f"?format=html{of_day}",
        "before_url": resource_urls.document_text_url(document)
        + f"?format=html&as_of={amendment.on - datetime.timedelta(days=1)}",
    }
