"""Where our copy of a document comes from, and what it is worth."""

from rest_framework import serializers

OFFICIAL, CONSOLIDATED, UNOFFICIAL = "official", "consolidated", "unofficial"


class ProvenanceSerializer(serializers.Serializer):
    """Where our copy comes from; `sha256` is that of the bytes we were given."""

    source = serializers.CharField()
    source_url = serializers.CharField()
    legal_value = serializers.ChoiceField(
        [OFFICIAL, CONSOLIDATED, UNOFFICIAL],
        help_text="`official`: we read it at an official source. `consolidated`: a văn bản hợp nhất; where it differs, "
        "the acts it merges prevail. `unofficial`: another's copy; the official text prevails.",
    )
    imported_at = serializers.DateTimeField(help_text="When the document first came into the house.")
    fetched_at = serializers.DateTimeField(allow_null=True, help_text="When the bytes of this copy came.")
    sha256 = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)
    verified_at = serializers.DateTimeField(
        allow_null=True, help_text="When a person compared the copy with the original; null: nobody has."
    )
    verified_by = serializers.CharField(allow_null=True, help_text="Which office that was.")


def provenance_of(document):
    """The block as a dict; one query."""
    original = document.original_files.defer("content").last()
    return {
        "source": document.source,
        "source_url": document.source_url,
        "legal_value": legal_value_of(document),
        "imported_at": document.created_at,
        "fetched_at": original and original.imported_at,
        "sha256": original and original.sha256,
        "size": original and original.size,
        "verified_at": document.verified_at,
        "verified_by": document.verified_by or None,
    }


def legal_value_of(document):
    if not document.has_effect:
        return CONSOLIDATED
    return OFFICIAL if document.is_official_copy else UNOFFICIAL
