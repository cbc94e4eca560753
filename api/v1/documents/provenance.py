"""Provenance of a document: source, legal value and verification of our copy."""

from typing import Any

from rest_framework import serializers

from api.fields import ByteCountField
from api.types import JSONObject
from content.copies import url_at_home
from content.document_reads.shown import FileFacts
from content.documents.models import LegalDocument, OriginalFile

OFFICIAL, CONSOLIDATED, UNOFFICIAL = "official", "consolidated", "unofficial"


class ProvenanceSerializer(serializers.Serializer):
    """Source and legal value of our copy. `sha256` is the hash of the imported file."""

    source: Any = serializers.CharField()
    source_url = serializers.URLField(allow_null=True, help_text="URL of the copy at the source; null: none is known.")
    legal_value = serializers.ChoiceField(
        [OFFICIAL, CONSOLIDATED, UNOFFICIAL],
        help_text="Whether our copy may be relied on.",
    )
    territory = serializers.CharField(
        allow_null=True, help_text="Unit whose body issued it, at the time; null: a central document, or unknown."
    )
    imported_at = serializers.DateTimeField(help_text="Time of the first import of the document.")
    fetched_at = serializers.DateTimeField(allow_null=True, help_text="Time of the import of this copy.")
    sha256 = serializers.CharField(allow_null=True)
    size = ByteCountField(allow_null=True)
    verified_at = serializers.DateTimeField(
        allow_null=True, help_text="Time when a person compared the copy with the original; null: not compared."
    )
    verified_by = serializers.CharField(allow_null=True, help_text="Office that compared it.")
    home = serializers.CharField(allow_null=True, help_text="Host of the installation it is a copy of; null: ours.")
    home_url = serializers.URLField(allow_null=True, help_text="Its URL there.")
    received_at = serializers.DateTimeField(allow_null=True, help_text="When the copy last changed here.")
    witnesses = serializers.IntegerField(help_text="Other installations that hold the same words.")


def provenance_of(document: LegalDocument) -> JSONObject:
    """The provenance as a dict. One query."""
    return provenance_with(document, document.original_files.defer("content").last())


def provenance_with(document: LegalDocument, original: OriginalFile | FileFacts | None) -> JSONObject:
    """The provenance as a dict. `original`: the file that the document was last imported from."""
    return {
        "source": document.source,
        "source_url": document.source_url or None,
        "legal_value": legal_value_of(document),
        "territory": territory_of(document),
        "imported_at": document.created_at,
        "fetched_at": original and original.imported_at,
        "sha256": original and original.sha256,
        "size": original and original.size,
        "verified_at": document.verified_at,
        "verified_by": document.verified_by or None,
        "home": document.home or None,
        "home_url": url_at_home(document.home, f"/api/v1/documents/{document.key}"),
        "received_at": document.updated_at if document.home else None,
        "witnesses": document.witness_count,
    }


def territory_of(document: LegalDocument) -> str | None:
    """«Tỉnh Phú Thọ»; «Xã Hòa Vang, Thành phố Đà Nẵng»."""
    if document.province is None:
        return None
    return ", ".join(filter(None, [document.commune_name, document.province.name]))


def legal_value_of(document: LegalDocument) -> str:
    if not document.has_effect:
        return CONSOLIDATED
    return OFFICIAL if document.is_official_copy else UNOFFICIAL
