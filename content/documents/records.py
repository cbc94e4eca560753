"""What an importer hands over: one document as its source gives it, before any table knows it."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRecord:
    """Texts are as the source has them; the services normalise. Dates are Vietnamese days.

    A record with `articles` holds only these of a document (`text` is not looked at): it is partial.
    """

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
    original: "OriginalBytes | None" = None
    articles: "tuple[ArticleRecord, ...]" = ()
    amended: "tuple[AmendmentRecord, ...]" = ()  # articles that lost something
    topics: tuple[str, ...] = ()  # keys of topics the source files it under
    notes: "tuple[RecordWarning, ...]" = ()

    @property
    def is_partial(self):
        return bool(self.articles)


@dataclass(frozen=True)
class ArticleRecord:
    """One article that stands alone: its document as a whole is not at hand."""

    number: str  # "12a"
    heading: str
    text: str  # what follows the heading
    code: str = ""  # in the codification: "1.1.LQ.1"


@dataclass(frozen=True)
class AmendmentRecord:
    """From the day `on` an article is amended, or repealed in part, by the document of number `by`; or it `ends`."""

    article: str
    on: datetime.date
    by: str
    ends: bool = False  # nothing of it is left
    by_article: str = ""  # that of the amending document which says so; "" where the source does not tell


@dataclass(frozen=True)
class RecordWarning:
    """Something a person should look at: what was guessed, what was left out. `message` is Vietnamese."""

    code: str  # "guessed", "left_out", …: for programs
    message: str


@dataclass(frozen=True)
class OriginalBytes:
    """The bytes a record was read from, as they came."""

    name: str
    media_type: str
    content: bytes


class RecordError(Exception):
    """Why a line or a file gives no record: one sentence for the import's report."""
