"""Links to documents and materials, as other resources contain them.

The serializer says what a link is, for the contract. `document_link` writes it: making a serializer and its fields took
longer than all the rest of a link, and an answer has hundreds. A test compares the two.
"""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from content.document_reads.shown import LinkedDocument
from content.documents.models import LegalDocument
from content.media.models import Material


class DocumentLinkSerializer(serializers.ModelSerializer):
    """A link to a document."""

    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    class Meta:
        model = LegalDocument
        fields = ["key", "url", "page_url", "number", "title", "is_sample", "completeness"]
        extra_kwargs = {
            "is_sample": {"read_only": True, "help_text": "True for a sample text, which is not law."},
            "completeness": {
                "read_only": True,
                "help_text": "Whether our copy has the whole text.",
            },
        }

    def get_url(self, document: LegalDocument) -> str:
        return resource_urls.document_url(document)

    def get_page_url(self, document: LegalDocument) -> str:
        return resource_urls.document_page_url(document)


def document_link(document: LegalDocument | LinkedDocument) -> JSONObject:
    """The link to a document as a dict, as DocumentLinkSerializer describes it."""
    return {
        "key": document.key,
        "url": resource_urls.document_url(document),
        "page_url": resource_urls.document_page_url(document),
        "number": document.number,
        "title": document.title,
        "is_sample": document.is_sample,
        "completeness": document.completeness,
    }


@extend_schema_serializer(component_name="MaterialReference")
class MaterialLinkSerializer(serializers.ModelSerializer):
    """A link to a material."""

    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    class Meta:
        model = Material
        fields = ["key", "url", "page_url", "kind", "title", "language"]
        read_only_fields = fields

    def get_url(self, material: Material) -> str:
        return resource_urls.material_url(material)

    def get_page_url(self, material: Material) -> str:
        return resource_urls.material_page_url(material)
