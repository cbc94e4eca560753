"""Links inside texts: the words that name other provisions, and where they lead."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from content.mentions.queries import Link


class TextLinkSerializer(serializers.Serializer):
    """Words that name a document or its provisions."""

    start = serializers.IntegerField(help_text="Offset of the first code point in `text`.")
    end = serializers.IntegerField(help_text="Offset behind their last code point.")
    document = DocumentLinkSerializer()
    eids = serializers.ListField(
        child=serializers.CharField(), help_text="eids of the provisions; empty: the whole document."
    )
    url = serializers.URLField(help_text="URL of the first provision, or of the document.")
    page_url = serializers.URLField()


def links_of_units(units: Iterable[Any], links: Mapping[int, Iterable[Link]]) -> list[JSONObject]:
    """The links in the joined texts of units that have `text` and `version_pk`, in order. `links`: by that key."""
    found: list[JSONObject] = []
    at = 0
    for unit in units:
        found += [link_representation(link, at) for link in links.get(unit.version_pk, ())]
        at += len(unit.text)
    return found


def link_representation(link: Link, offset: int = 0) -> JSONObject:
    """`offset`: where the text of the unit begins in the text that is shown."""
    document, eid = link.document, link.eids[0] if link.eids else ""
    return {
        "start": link.start + offset,
        "end": link.end + offset,
        "document": document_link(document),
        "eids": list(link.eids),
        "url": resource_urls.provision_url(document, eid) if eid else resource_urls.document_url(document),
        "page_url": resource_urls.provision_page_url(document, eid),
    }
