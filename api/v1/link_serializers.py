"""What several doors share: how other objects name a document, and how words of readers come in."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.fields import StrictCharField
from api.v1 import resource_urls
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.people import text_input


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


VISIBLE_CHARACTERS = r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*"


@extend_schema_field({"type": "string", "pattern": f"^{VISIBLE_CHARACTERS}[0-9A-Za-z]{VISIBLE_CHARACTERS}$"})
class ReaderTextField(StrictCharField):
    """Words of a reader: something to read, and nothing that cannot be seen."""

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        try:
            return text_input.clean_text(value, self.field_name, max_length=self.max_length)
        except RuleBroken as broken:
            code = {"too_long": "max_length"}.get(broken.code, broken.code)  # as DRF calls it everywhere else
            raise ValidationError(broken.message, code=code) from None
