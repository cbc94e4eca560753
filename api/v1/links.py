"""How other objects name a document."""

from rest_framework import serializers

from api.v1 import addresses
from content.documents.models import LegalDocument


class DocumentLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = LegalDocument
        fields = ["key", "url", "number", "title", "is_specimen", "completeness"]
        extra_kwargs = {
            "is_specimen": {"read_only": True, "help_text": "True: no law, but a text to try things with."},
            "completeness": {
                "read_only": True,
                "help_text": "`partial`: only some of its articles are here, those of the codification (Pháp điển).",
            },
        }

    def get_url(self, document) -> str:
        return addresses.of_document(document)
