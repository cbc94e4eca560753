"""What an importer hands over: one document as its source gives it, before any table knows it."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRecord:
    """Texts are as the source has them; the services normalise. Dates are Vietnamese days."""

    doc_type: str  # a DocType value
    number: str  # "" where the document has none
    title: str
    text: str
    issuer: str = ""  # name of the issuing body
    signer: str = ""
    issued_on: datetime.date | None = None
    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None
    official_status: str = ""  # an EffectStatus value the source states; "" where it states none
    gazette_number: str = ""
    gazette_on: datetime.date | None = None
    source: str = ""
    source_url: str = ""
    is_official_copy: bool = False  # only an importer that reads an official source itself may say so
    original: "Original | None" = None


@dataclass(frozen=True)
class Original:
    """The bytes a record was read from, as they came."""

    name: str
    media_type: str
    content: bytes


class Problem(Exception):
    """Why a line or a file gives no record: one sentence for the import's report."""
