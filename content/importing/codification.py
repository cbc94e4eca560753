"""The official codification (Bộ pháp điển): articles, each with a remark that names the document it comes from.

Articles become partial records, one for each document. Type, number and date of issue identify a document. If sources
contradict one another, the majority of articles decides; what remains unclear is a RecordError, never a guess.
"""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from content.documents import citations
from content.documents.records import AmendmentRecord, ArticleRecord, DocumentRecord, RecordError, RecordWarning
from content.importing import document_heads, json_fields
from content.importing.json_fields import JsonObject
from content.importing.known_names import KnownNames
from content.law import official_numbers
from content.law.doc_types import TYPE_NAMES, DocType
from content.text.vietnamese import nfc

SOURCE = "phapdien"
CHANGE_KINDS = (  # changes after which less of an article is in force
    "được sửa đổi",
    "được sửa đổi, bổ sung",
    "bị bãi bỏ",
    "bị hủy bỏ",
)
REPEAL_KINDS = ("bị bãi bỏ", "bị hủy bỏ")
_ARTICLE = re.compile(r"\d{1,4}[a-zđ]?")
_SMALL = re.compile("Về|Quy|Ban|Hướng|Sửa|Bãi|Phê|Công|Thực")  # first words of titles that are not names


@dataclass(frozen=True)
class CodifiedArticle:
    """One article of the codification. "" and None if the source says nothing."""

    code: str  # "14.3.LQ.1"
    heading_number: str  # of the heading (đề mục) that contains it: "14.3"
    title: str
    text: str
    article: str  # number in its document
    doc_type: str  # as the remark has it: «Thông tư»
    number: str
    doc_title: str = ""
    issued_on: datetime.date | None = None
    issuer: str = ""
    effective_on: datetime.date | None = None
    item: str = ""  # identifies the document at the source of the codification
    amended: tuple[AmendmentRecord, ...] = ()
    files: tuple[str, ...] = ()  # names of attachments


def codified_article(record: Any) -> CodifiedArticle:
    """The article of one JSON object. Raises RecordError for a field of another shape."""
    if not isinstance(record, dict):
        raise RecordError("not a JSON object ({…})")
    article = json_fields.text_field(record, "src_article")
    return CodifiedArticle(
        code=json_fields.text_field(record, "code"),
        heading_number=json_fields.text_field(record, "subtopic"),
        title=json_fields.text_field(record, "title"),
        text=json_fields.text_field(record, "text"),
        article=article,
        doc_type=json_fields.text_field(record, "src_type"),
        number=official_numbers.clean_number(json_fields.text_field(record, "src_number")),
        doc_title=json_fields.text_field(record, "src_title"),
        issued_on=json_fields.date_field(record, "src_issued"),
        issuer=json_fields.text_field(record, "src_issuer"),
        effective_on=json_fields.date_field(record, "src_effective"),
        item=json_fields.text_field(record, "vbpl_item"),
        amended=tuple(_amendments(record, article)),
        files=tuple(json_fields.text_list_field(record, "files")),
    )


def _amendments(record: JsonObject, article: str) -> Iterator[AmendmentRecord]:
    for each in json_fields.list_field(record, "amended_by"):
        if not isinstance(each, dict):
            raise RecordError("%(name)s: not a list of objects", name="amended_by")
        on = json_fields.parse_vietnamese_date(json_fields.text_field(each, "effective"))
        kind = json_fields.text_field(each, "kind")
        if on and kind in CHANGE_KINDS:
            by, where = json_fields.text_field(each, "doc_number"), json_fields.text_field(each, "article")
            yield AmendmentRecord(article, on, by, ends=kind in REPEAL_KINDS, by_article=where)


@dataclass(frozen=True)
class ArticleIdentity:
    """What identifies the document of an article, small enough to hold for every article of the codification."""

    place: int  # of the row
    doc_type: str
    item: str
    issued_on: datetime.date | None


def article_identity(place: int, row: CodifiedArticle) -> ArticleIdentity:
    return ArticleIdentity(place, row.doc_type, row.item, row.issued_on)


def group_by_document(rows: Sequence[ArticleIdentity]) -> list[list[int]]:
    """Split the articles of one number into documents: lists of places, in the order of the first article of each.

    A law and a resolution may have the same number, and several circulars may share a number that lost its beginning
    («2018/TT-BTNMT»): type and date of issue tell them apart. An article that does not say follows its item, then the
    majority.
    """
    types: dict[str, Counter[str]] = defaultdict(Counter)
    days: dict[str, datetime.date] = {}
    for each in rows:
        types[each.item or each.doc_type][each.doc_type] += 1
        if each.item and each.issued_on:
            days.setdefault(each.item, each.issued_on)
    typed = [(types[each.item or each.doc_type].most_common(1)[0][0], each) for each in rows]
    usual = {}
    for doc_type in {doc_type for doc_type, _ in typed}:
        known = Counter(days.get(each.item, each.issued_on) for own, each in typed if own == doc_type)
        known.pop(None, None)
        usual[doc_type] = known.most_common(1)[0][0] if known else None
    documents: dict[tuple[str, datetime.date | None], list[int]] = {}
    for doc_type, each in typed:
        key = (doc_type, days.get(each.item) or each.issued_on or usual[doc_type])
        documents.setdefault(key, []).append(each.place)
    return list(documents.values())


def record_of_document(rows: Sequence[CodifiedArticle], names: KnownNames) -> tuple[DocumentRecord, list[RecordError]]:
    """(partial record of a document's articles, errors of articles that could not be used). Raises RecordError."""
    first = rows[0]
    if not first.number:
        raise RecordError(
            "%(article)s: the remark gives no official number of the document", article=first.code or first.title
        )
    doc_type = json_fields.parse_doc_type(Counter(each.doc_type for each in rows).most_common(1)[0][0])
    articles, problems = _articles(rows)
    if not articles:
        raise problems[0]
    notes: list[RecordWarning] = []
    title = next((each.doc_title for each in rows if each.doc_title), "")
    if not title:
        notes.append(RecordWarning("no_title", "Pháp điển không ghi tên văn bản: tên ở đây chỉ là loại và số hiệu."))
    if any(each.files for each in rows):
        notes.append(RecordWarning("attachments", "Có nội dung nằm trong tệp đính kèm, không có ở đây."))
    number, issued_on = first.number, next((each.issued_on for each in rows if each.issued_on), None)
    if issued_on and _has_lost_serial(number, issued_on):
        if not title:
            raise RecordError(
                "%(article)s: «%(number)s» has lost its serial, and the remark gives no title",
                article=first.code,
                number=number,
            )
        number = ""
        words = f"Nguồn ghi số hiệu «{first.number}», thiếu phần số ở đầu: số hiệu chưa rõ."
        notes.append(RecordWarning("number_cut_off", words))
    made = DocumentRecord(
        doc_type=doc_type,
        number=number,
        title=_full_title(doc_type, title) if title else citations.cite_by_number(doc_type, first.number),
        text="",
        issuer=_issuer(rows, notes, names),
        issued_on=issued_on,
        effective_on=_most_frequent_day([each.effective_on for each in rows]),
        source=SOURCE,
        articles=tuple(articles),
        amended=tuple(dict.fromkeys(change for each in rows for change in _amendments_of(each))),
        topics=_topic_keys(rows, names),
        notes=tuple(notes),
    )
    return made, problems


def _has_lost_serial(number: str, issued_on: datetime.date) -> bool:
    """Whether the number lost its beginning, «2018/TT-BTNMT» of a circular of 2018. A serial may look like a year."""
    parsed = official_numbers.parse_number(number)
    return bool(parsed and parsed.year is None and parsed.serial == str(issued_on.year))


def _amendments_of(row: CodifiedArticle) -> list[AmendmentRecord]:
    """The article's amendments. «Bị bãi bỏ» mostly means a part: the article has ended only if no text is left."""
    is_left = row.text.strip() or row.files
    return [replace(change, ends=change.ends and not is_left) for change in row.amended]


def _articles(rows: Sequence[CodifiedArticle]) -> tuple[list[ArticleRecord], list[RecordError]]:
    """(articles, an error for each row that is a second, different text of its article).

    If the remark's number is missing or taken, the number at the end of the code is used («9.1.NĐ.3.19»), if it is
    free.
    """
    found: dict[str, ArticleRecord] = {}
    problems: list[RecordError] = []
    for each in sorted(rows, key=lambda each: not each.code.endswith(f".{each.article}")):
        by_code = each.code.rpartition(".")[2]
        article = ArticleRecord(each.article, nfc(each.title), nfc(each.text), each.code)
        if _words_of(article) == _words_of(found.get(each.article)):
            continue
        if not each.article or (each.article in found and by_code not in found):
            article = replace(article, number=by_code)
        if not _ARTICLE.fullmatch(article.number):
            problems.append(RecordError("%(article)s: the remark names no article", article=each.code or each.title))
        elif article.number in found:
            problems.append(
                RecordError(
                    "%(article)s: a second text of Điều %(number)s of %(document)s",
                    article=each.code,
                    number=article.number,
                    document=each.number,
                )
            )
        else:
            found[article.number] = article
    return list(found.values()), problems


def _words_of(article: ArticleRecord | None) -> list[str] | None:
    return f"{article.heading} {article.text}".split() if article else None


def _full_title(doc_type: DocType, title: str) -> str:
    """«Giao thông đường thủy nội địa» is the name of a Luật Giao thông đường thủy nội địa."""
    kind = TYPE_NAMES.get(doc_type, "")
    title = " ".join(nfc(title).split()).strip(" .,")
    if not kind or title.lower().startswith(kind.lower()) or (doc_type == DocType.LAW and title.startswith("Bộ luật")):
        return title
    if _SMALL.fullmatch(title.split()[0]):
        title = title[0].lower() + title[1:]
    return f"{kind} {title}"


def _issuer(rows: Sequence[CodifiedArticle], notes: list[RecordWarning], names: KnownNames) -> str:
    stated = next((each.issuer for each in rows if each.issuer), "").strip(" .")
    if body := stated and names.body_by_name(stated):
        return body
    name = document_heads.issuer_name_by_number(rows[0].number, notes, names)
    if stated and not name:
        notes.append(RecordWarning("issuer_left_out", f"Cơ quan ban hành theo pháp điển: {stated}."))
    return name


def _most_frequent_day(days: Iterable[datetime.date | None]) -> datetime.date | None:
    counted = Counter(day for day in days if day)
    return counted.most_common(1)[0][0] if counted else None


def _topic_keys(rows: Sequence[CodifiedArticle], names: KnownNames) -> tuple[str, ...]:
    """Keys of the headings; of the subject if the heading is unknown."""
    topics = names.topics_by_number
    keys = (topics.get(each.heading_number) or topics.get(each.heading_number.partition(".")[0]) for each in rows)
    return tuple(sorted({key for key in keys if key}))
