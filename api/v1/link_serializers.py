"""Links to documents, as other resources contain them."""

from rest_framework import serializers

from api.v1 import resource_urls
from content.documents.models import LegalDocument


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
