"""One document as a source gives it: what importers hand to the services that store it."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext


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
    province: str = ""  # key, code or name of the province whose body issued it; "": the issuer or the text says it
    commune_code: str = ""  # five digits, where a commune issued it
    commune_name: str = ""
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
    """A line or a file gives no record. `str()` is English, for the import's report; `in_active_language()` for a page.

    `template`: an English msgid without a period at its end, «%(name)s: not a text»; `parameters`: its values.
    `detail`: what a library said, which only the report gets. `lines`: how many lines of the file the error concerns.
    """

    def __init__(self, template: str, *, lines: int = 1, detail: str = "", **parameters: str | int) -> None:
        super().__init__(template)
        self.template = template
        self.parameters = parameters
        self.detail = detail
        self.lines = lines

    def __str__(self) -> str:
        articles = f" ({self.lines} articles of this document)" if self.lines > 1 else ""
        return f"{self.template % self.parameters}{': ' if self.detail else ''}{self.detail}{articles}"

    def in_active_language(self) -> str:
        """The sentence as a person reads it, without its period."""
        return gettext(self.template) % self.parameters


def refuse_long_text(text: str) -> None:
    """Raise RecordError for a text that is longer than any law."""
    if len(text) > MAX_TEXT_LENGTH:
        raise RecordError(
            "the text is longer than %(most)d million characters. Split it into several documents",
            most=MAX_TEXT_LENGTH // 2**20,
        )
