"""One document as a source gives it: what importers hand to the services that store it."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRecord:
    """A document as its source gives it. Texts are not normalised yet; dates are Vietnamese days.

    A record with `articles` is partial: it holds only these articles, and `text` is ignored.
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
    def is_partial(self) -> bool:
        return bool(self.articles)


@dataclass(frozen=True)
class ArticleRecord:
    """One article of a document whose whole text the source does not have."""

    number: str  # "12a"
    heading: str
    text: str  # after the heading
    code: str = ""  # in the codification: "1.1.LQ.1"


@dataclass(frozen=True)
class AmendmentRecord:
    """An article is amended or repealed from the day `on`, by the document of number `by`."""

    article: str
    on: datetime.date
    by: str
    ends: bool = False  # repealed as a whole
    by_article: str = ""  # the article of the amending document that says so; "" if unknown


@dataclass(frozen=True)
class RecordWarning:
    """Something in a record that an editor should check, as a guess. `message` is Vietnamese."""

    code: str  # "guessed", "left_out", …: for programs
    message: str


@dataclass(frozen=True)
class OriginalBytes:
    """The file a record was read from, byte for byte."""

    name: str
    media_type: str
    content: bytes


MAX_TEXT_LENGTH = 4 * 2**20  # characters; the longest known law has 2 MiB


class RecordError(Exception):
    """A line or a file gives no record. The message is one sentence for the import's report.

    `lines`: how many lines of the file that concerns, for the progress bar.
    """

    def __init__(self, message: str, *, lines: int = 1) -> None:
        super().__init__(message)
        self.lines = lines


def refuse_long_text(text: str) -> None:
    """Raise RecordError for a text that is longer than any law."""
    if len(text) > MAX_TEXT_LENGTH:
        raise RecordError(f"the text is longer than {MAX_TEXT_LENGTH // 2**20} million characters")
