"""A document or a provision in the formats that are not JSON, a page or plain text: AKN, JSON-LD, Markdown."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from api.renderers import JSONLDRenderer
from api.v1.text_formats.facts import TextFacts
from api.v1.text_formats.legislation import document_as_legislation, provision_as_legislation
from api.v1.text_formats.markdown import markdown_text
from content.akn.documents import document_xml, provision_xml
from content.akn.metadata import MEDIA_TYPE
from content.akn.shown import shown_text
from content.documents import provision_queries


class AknRenderer(BaseRenderer):
    """Declares the media type only. legislation.gov.uk and others serve Akoma Ntoso under this name."""

    media_type, format, charset = MEDIA_TYPE, "akn", "utf-8"


class MarkdownRenderer(BaseRenderer):
    """Declares the media type only (RFC 7763)."""

    media_type, format, charset = "text/markdown", "md", "utf-8"


FURTHER_RENDERERS: list[type[BaseRenderer]] = [AknRenderer, JSONLDRenderer, MarkdownRenderer]
FURTHER_RESPONSES = {  # of the contract
    (200, MEDIA_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "Akoma Ntoso 3.0 (XML)."),
    (200, "application/ld+json"): OpenApiResponse(OpenApiTypes.OBJECT, "schema.org Legislation with ELI."),
    (200, "text/markdown"): OpenApiResponse(OpenApiTypes.BINARY, "CommonMark with tables and a front matter."),
}
FURTHER_FORMATS = [renderer.format for renderer in FURTHER_RENDERERS]


def refuse_fields(request: Request) -> None:
    """Raises ValidationError if `fields` is given: formats other than JSON have no fields."""
    if "fields" in request.query_params:
        raise ValidationError({"fields": [_("`fields` works with JSON only.")]}, code="invalid")


def text_in_format(text_format: str, facts: TextFacts) -> HttpResponse:
    """The document, or the unit that `facts` name, in one of FURTHER_FORMATS. The unit is there on the day."""
    document, day, eid = facts.document, facts.day, facts.eid
    if text_format == AknRenderer.format:
        xml = provision_xml(document, eid, day) if eid else document_xml(document, day)
        return HttpResponse(xml or b"", content_type=f"{MEDIA_TYPE}; charset=utf-8")
    shown = shown_text(document, day, eid)
    if text_format == MarkdownRenderer.format:
        units = [] if eid else provision_queries.units_shown_on(document, day)
        written = markdown_text(facts, shown, [unit for unit in units if unit.is_removed])
        return HttpResponse(written, content_type="text/markdown; charset=utf-8; variant=GFM")
    if eid:
        text = "".join(each.text for each in shown.provisions)
        described = provision_as_legislation(facts, shown.provisions[0].heading, text)
    else:
        described = document_as_legislation(facts, shown.provisions)
    return HttpResponse(JSONRenderer().render(described), content_type="application/ld+json")
