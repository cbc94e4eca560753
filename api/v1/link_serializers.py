"""What several doors share: how other objects name a document, and how words of readers come in."""

from rest_framework import serializers

from api.v1 import resource_urls
from content.documents.models import LegalDocument


class DocumentLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = LegalDocument
        fields = ["key", "url", "number", "title", "is_sample", "completeness"]
        extra_kwargs = {
            "is_sample": {"read_only": True, "help_text": "True: no law, but a text to try things with."},
            "completeness": {
                "read_only": True,
                "help_text": "`partial`: only some of its articles are here, those of the codification (Pháp điển).",
            },
        }

    def get_url(self, document) -> str:
        return resource_urls.document_url(document)
