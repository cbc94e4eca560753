"""Texts typed before Unicode are refused as a whole; see `content.text.legacy_encodings`."""

from content.documents.records import RecordError
from content.text.legacy_encodings import encoding_of


def refuse_legacy_encoding(text: str) -> None:
    """Raise RecordError if the text is typed in TCVN3 or VNI."""
    if encoding := encoding_of(text):
        raise RecordError(
            "the text is typed in %(encoding)s, not in Unicode. Convert it first (for example with UniKey)",
            encoding=encoding,
        )
