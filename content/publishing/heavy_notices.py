"""Heavy notices: faults of reading at which publication stops until a person accepts each by name.

A notice is heavy by its code, which is stored with the document (`LegalDocument.warnings`). Which codes are is said
here and nowhere else. A law that goes out with one of them hides a part of itself: a clause that is in the text of
another, an article that cannot be cited, letters that nobody can read.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.law import official_numbers
from content.law.doc_types import DocType
from content.parsing import ParserWarning
from content.people.text_input import is_blank

MAX_TITLE_LENGTH = 1_000  # characters; the longest of 4,258 acts of the codification has 748
TITLE_CODE = "absurd_title"
HEAVY_CODES = frozenset(
    {
        "missing_article",  # a number of an article is skipped
        "article_out_of_sequence",  # an article is in the text of another
        "swallowed_units",  # a clause or a point is in the text of another
        "clause_out_of_sequence",  # the same, far ahead of the count
        "list_of_contents",  # its lines are in the text of the preamble or of the last article
        "automatic_numbers",  # Word's numbers could not be made again
        "tracked_changes",  # nobody said yet whether they are the law
        "unknown_symbols",  # a sign of a font of symbols
        "struck_text",  # struck out: only a person can say whether it is still the law
        "unseen_text",  # white on white, or too small to read
        "text_box_place",  # a text box of Word stands beside a paragraph: before or after it
        "formulas",  # written on one line
        "outside_parts",  # of a DOCX: a file in the file, which is not read
        "unreadable_letters",
        "mixed_encodings",
        TITLE_CODE,
    }
)
HEAVY_IN_WHOLE_TEXTS = frozenset({"lost_units"})  # consolidated and partial texts leave out what was repealed
HEAVY_WHERE_ARTICLES_ARE = frozenset({"no_article"})
ALL_CODES = HEAVY_CODES | HEAVY_IN_WHOLE_TEXTS | HEAVY_WHERE_ARTICLES_ARE
TYPES_IN_ARTICLES = frozenset(
    {DocType.CONSTITUTION, DocType.CODE, DocType.LAW, DocType.ORDINANCE, DocType.DECREE, DocType.DECISION}
)
TYPES_IN_ARTICLES_SINCE = {  # before Law 17/2008/QH12 circulars were written in sections I, 1, a
    DocType.CIRCULAR: datetime.date(2009, 1, 1),
    DocType.JOINT_CIRCULAR: datetime.date(2009, 1, 1),
}


@dataclass(frozen=True)
class HeavyNotice:
    """One heavy notice of a text. `start` is an offset in the text, 0 for one about the whole."""

    code: str
    message: str
    start: int = 0
    place: int = 0  # among those of one code and start: several may be about the whole text

    @property
    def id(self) -> str:
        """Names the notice among those of one version of the document: «swallowed_units:5120»."""
        return f"{self.code}:{self.start}" + (f":{self.place}" if self.place else "")


class HeavyNoticesRefused(RuleBroken):
    """RuleBroken("heavy_notices"): heavy notices of a text that nobody accepted. `notices` are all of them."""

    def __init__(self, notices: Sequence[HeavyNotice]) -> None:
        words = _(
            "Heavy faults were found when the text was read: %(count)d. The first: %(first)s "
            "Correct the text, or accept each fault by name."
        )
        message = words % {"count": len(notices), "first": notices[0].message}
        super().__init__("heavy_notices", message, field="accepted")
        self.notices = tuple(notices)


@dataclass(frozen=True)
class NamedAcceptance:
    """«swallowed_units:93/2015/QH13»: heavy notices of that code may stay in the document of that number or key."""

    code: str
    document: str

    @classmethod
    def parse(cls, written: str) -> "NamedAcceptance":
        """Raises ValueError, with a sentence for people, for another form or a code that is not heavy."""
        code, _colon, document = written.partition(":")
        if not document.strip():
            words = _("«%(written)s»: write CODE:NUMBER, as the report of the import does.")
            raise ValueError(words % {"written": written})
        if code not in ALL_CODES:
            words = _("«%(code)s»: no heavy notice has this code. Known are %(known)s.")
            raise ValueError(words % {"code": code, "known": ", ".join(sorted(ALL_CODES))})
        return cls(code, document.strip())

    def __str__(self) -> str:
        return f"{self.code}:{self.document}"

    def is_about(self, number: str, key: str = "") -> bool:
        """Whether it names the document of this number or key."""
        wanted = official_numbers.number_key(self.document)
        return (bool(wanted) and wanted == official_numbers.number_key(number)) or (self.document == key != "")


def heavy_notices(document: LegalDocument) -> list[HeavyNotice]:
    """The heavy notices of a document as it is stored. No query."""
    found = [_notice_of_row(row) for row in document.warnings]
    return heavy_among(
        found,
        doc_type=document.doc_type,
        title=document.title,
        issued_on=document.issued_on,
        is_partial=document.is_partial,
    )


def heavy_among(
    notices: Iterable[HeavyNotice | ParserWarning],
    *,
    doc_type: str,
    title: str,
    issued_on: datetime.date | None,
    is_partial: bool,
) -> list[HeavyNotice]:
    """The heavy ones among notices of a text of that type, title and date of issue; that of its title is added."""
    codes = _heavy_codes(doc_type, issued_on, is_partial)
    found = [HeavyNotice(each.code, each.message, each.start) for each in notices if each.code in codes]
    if len(title) > MAX_TITLE_LENGTH:
        words = _("The title has %(length)d characters: it is no title. Shorten it to the name of the act.")
        found.insert(0, HeavyNotice(TITLE_CODE, words % {"length": len(title)}))
    found = list(dict.fromkeys(found))
    places: Counter[str] = Counter()
    for at, notice in enumerate(found):
        found[at] = replace(notice, place=places[notice.id])
        places[notice.id] += 1
    return found


def _heavy_codes(doc_type: str, issued_on: datetime.date | None, is_partial: bool) -> frozenset[str]:
    codes = HEAVY_CODES
    if not is_partial and doc_type != DocType.CONSOLIDATED_TEXT:
        codes |= HEAVY_IN_WHOLE_TEXTS
    since = TYPES_IN_ARTICLES_SINCE.get(DocType(doc_type)) if doc_type else None
    if doc_type in TYPES_IN_ARTICLES or (since and (issued_on is None or issued_on >= since)):
        codes |= HEAVY_WHERE_ARTICLES_ARE
    return codes


def _notice_of_row(row: Mapping[str, Any]) -> HeavyNotice:
    return HeavyNotice(row["code"], row["message"], row.get("start", 0))


def new_notices(before: Iterable[HeavyNotice], after: Iterable[HeavyNotice]) -> list[HeavyNotice]:
    """Those `after` a correction that the text did not have before it, wherever they stand now."""
    known = Counter((each.code, each.message) for each in before)
    found = []
    for notice in after:
        if known[notice.code, notice.message]:
            known[notice.code, notice.message] -= 1
        else:
            found.append(notice)
    return found


def refuse_unless_accepted(notices: Iterable[HeavyNotice], accepted: Collection[str], reason: str) -> None:
    """Refuse a text of which a heavy notice is not accepted, or is accepted without a reason.

    `accepted`: ids of notices, or codes, which stand for all notices of the code.

    Raises HeavyNoticesRefused, RuleBroken("reason_required").
    """
    found = list(notices)
    refused = [notice for notice in found if notice.id not in accepted and notice.code not in accepted]
    if refused:
        raise HeavyNoticesRefused(refused)
    if found and is_blank(reason):
        message = _("Say why the text may be published in spite of its heavy faults.")
        raise RuleBroken("reason_required", message, field="reason")


def facts_of_accepted(notices: Iterable[HeavyNotice]) -> dict[str, Any]:
    """For the audit: which heavy notices somebody accepted. Empty if there were none."""
    accepted = [{"code": each.code, "message": each.message, "start": each.start} for each in notices]
    return {"accepted": accepted} if accepted else {}
