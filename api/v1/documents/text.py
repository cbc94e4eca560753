"""The whole text of a document: units as JSON, a page for people, plain text."""

from csp.decorators import csp
from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import date as written
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin, with_last_modified
from api.negotiation import FormatOrAcceptNegotiation
from api.parameters import KnownParametersOnly, requested_as_of
from api.sparse_fields import select_fields
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.documents import provenance
from api.v1.documents import provisions as provision_door
from api.v1.documents.published_documents import document_or_404
from content.documents import effect_queries, provision_queries
from content.documents.effect import effect_of
from content.documents.text_dates import TextDate
from content.parsing import layout

PAGE_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
}
DEEPEST_HEADING = 6  # HTML has six levels of headings


class HTMLPageRenderer(BaseRenderer):
    """Names the media type; `TextView` makes the page itself."""

    media_type, format, charset = "text/html", "html", "utf-8"


class PlainTextRenderer(BaseRenderer):
    media_type, format, charset = "text/plain", "txt", "utf-8"


class DocumentTextView(PublicReadMixin, KnownParametersOnly, APIView):
    """The whole text as it stands on the day of `as_of`."""

    may_be_gone = True
    renderer_classes = [JSONRenderer, HTMLPageRenderer, PlainTextRenderer]
    content_negotiation_class = FormatOrAcceptNegotiation
    own_parameters = ("fields", "format", "as_of")

    @extend_schema(
        operation_id="getDocumentText",
        tags=["documents"],
        auth=[],
        summary="The whole text: its units as JSON, a page for people, or plain text",
        description="By `Accept` or `format`. In the page each unit's element has the eid as its id: "
        "`…/text?format=html#art_15__clause_2`. The plain text is, to the letter, what `sha256` is of; "
        "whether it is `complete` or `partial` stands in the header `Completeness`, and of which day its words are in "
        "`Text-Is-Of` (as `text_is_of`).",
        parameters=[
            OpenApiParameter("key", {"type": "string", "pattern": "^[a-z0-9-]+$"}, "path"),
            AS_OF_PARAMETER,
            OpenApiParameter("format", str, enum=["json", "html", "txt"], description="Beats Accept."),
        ],
        responses={
            (200, "application/json"): provision_door.DocumentTextSerializer,
            (200, "text/html"): OpenApiResponse(OpenApiTypes.STR, "A page."),
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, "UTF-8."),
        },
    )
    def get(self, request, key):
        document, day = document_or_404(key), requested_as_of(request)
        form = request.accepted_renderer.format
        if form != "json" and "fields" in request.query_params:
            raise ValidationError({"fields": [_("Only of JSON.")]}, code="invalid")
        if form == "json":
            response = Response(select_fields(request, provision_door.document_text_representation(document, day)))
        elif form == "html":
            response = text_page(request._request, document, day)
        else:
            text = "".join(provision.text for provision in provision_queries.provisions_on(document, day))
            response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Completeness"] = document.completeness  # plain text has no other place to say it
        response["Text-Is-Of"] = TextDate(document, day).of_all
        return with_last_modified(response, effect_queries.last_modified(document, day))


@csp(PAGE_POLICY)
def text_page(request, document, day):
    """The text as a page that also prints well. Its words are Vietnamese law; the frame is in the reader's language."""
    units = list(page_units(provision_queries.provisions_on(document, day)))
    return render(
        request,
        "api/text.html",
        {
            "document": document,
            "units": units,
            "outline": [unit for unit in units if unit["title"]],
            "effect": effect_of(document, day),
            "text_is_of": TextDate(document, day).of_all,
            "day": written(day, "d/m/Y"),
            "provenance": provenance.provenance_of(document),
        },
    )


def page_units(provisions):
    """Each provision (in order) as the page shows it; levels of headings follow one another without a gap."""
    levels = {}
    for provision in provisions:
        title, rest = layout.split_title(provision.kind, provision.number, provision.heading, provision.text)
        above = levels.get(provision.parent_id, 1)
        levels[provision.pk] = level = min(above + 1, DEEPEST_HEADING) if title else above
        yield {
            "eid": provision.eid,
            "kind": provision.kind,
            "title": title,
            "lines": layout.title_lines(title, provision.heading),
            "level": level,
            "blocks": layout.text_blocks(rest, is_table=provision.kind == "table"),
        }
