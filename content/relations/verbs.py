"""The verbs by which a document acts on another, and the relation each may mean. Pure.

Sources: the thirteen pairs of vbpl.vn; Decree 78/2025/NĐ-CP on how acts word repeals and amendments. «Thay thế cụm từ»
replaces a phrase, not a document.
"""

import itertools
import re

from content.law.doc_types import DocType
from content.law.grammar import cited_eids, first_article
from content.law.lexer.document_words import ACT_WORD, THIS_ACT
from content.law.lexer.unit_lexicon import ANNEX, ARTICLE, CLAUSE, FORM, PARAGRAPH, UNIT, UNIT_OR_CHAPTER
from content.relations.models import Relation, RelationKind

KINDS_WITHOUT_EFFECT = (RelationKind.CITES, RelationKind.BASED_ON)  # do not change the effect of the other document
KINDS_ALWAYS_IN_PART = (RelationKind.AMENDS, RelationKind.CORRECTS)
KINDS_WITH_TARGET_UNITS = (
    RelationKind.AMENDS,
    RelationKind.REPEALS,
    RelationKind.REPLACES,
    RelationKind.CITES,
    RelationKind.CORRECTS,
    RelationKind.SUSPENDS,
    RelationKind.STAYS,
    RelationKind.INTERPRETS,
    RelationKind.IMPLEMENTS,
    RelationKind.GUIDES,
)
DETAILING_KINDS = (RelationKind.IMPLEMENTS, RelationKind.GUIDES)
DETAILING_TYPES = (
    DocType.DECREE,
    DocType.CIRCULAR,
    DocType.JOINT_CIRCULAR,
    DocType.RESOLUTION,
    DocType.JOINT_RESOLUTION,
    DocType.DECISION,
)

LEGAL_BASIS = re.compile(r"\s*Căn cứ(?: vào)?\s*:?\s*", re.IGNORECASE)
LEGAL_BASIS_CONTINUED = re.compile(rf"\s*(?:{ACT_WORD})\s")
ENACTS_AMENDMENT = re.compile(rf"ban hành (?:{ACT_WORD})[^;]{{0,20}}?sửa đổi")

DETAILING_WORDS = re.compile(
    r"(?<!\w)(?:quy định chi tiết|hướng dẫn (?:chi tiết )?(?:việc )?(?:thi hành|thực hiện|áp dụng)"
    r"|chi tiết thi hành)(?!\w)",
    re.IGNORECASE,
)
_CHANGED_ITEM = rf"(?:các |một số )?(?:cụm từ|từ|tên|biểu|{ANNEX}|{FORM}|danh mục|{PARAGRAPH})(?!\w)"
_OPENING = (
    (
        RelationKind.AMENDS,
        r"bãi bỏ(?:,| và) sửa đổi(?:, bổ sung)?"
        r"|sửa đổi(?:(?:,| và)? bổ sung)?(?:(?:,| và)? (?:thay thế|bãi bỏ))?|bổ sung",
    ),
    (RelationKind.AMENDS, rf"(?:thay thế|thay|bỏ|bãi bỏ|h[uủ][ỷy] bỏ)\s+{_CHANGED_ITEM}"),
    (RelationKind.REPLACES, r"thay thế"),
    (RelationKind.REPEALS, r"bãi bỏ|h[uủ][ỷy] bỏ"),
    (RelationKind.CORRECTS, r"đính chính"),
    (RelationKind.STAYS, r"đình chỉ (?:việc )?thi hành"),
    (RelationKind.SUSPENDS, r"(?:tạm )?ngưng hiệu lực"),
)
_VERB_PATTERNS = [(kind, re.compile(rf"(?:{words})(?!\w)", re.IGNORECASE)) for kind, words in _OPENING]
_SUBJECT_PATTERN = re.compile(rf"{THIS_ACT}(?:\s+có hiệu lực[^.;]{{0,120}}?(?:,|và|;)\s*(?:và\s+)?)?\s*")
_MAY_OPEN = re.compile(
    rf"(?:sửa|bổ|thay|bỏ|bãi|h[uủ]|đính|đình|tạm|ngưng|giải|công|nay|{THIS_ACT})(?!\w)|h[uủ][ỷy]", re.IGNORECASE
)
_PARTS = re.compile(
    r"(?:;|(?<=[\d”])(?:,|\s+và)|(?<=\d[a-zđ])(?:,|\s+và))\s+"
    r"(?=(?:sửa đổi|bổ sung|bãi bỏ|thay thế|thay|bỏ|h[uủ][ỷy] bỏ)[^;:]{0,12}?"
    rf"\s(?:các |một số )?(?:{UNIT_OR_CHAPTER}|cụm từ|từ|{PARAGRAPH}|tên)(?!\w))",
    re.IGNORECASE,
)
_INTERPRETS = re.compile(rf"giải thích\s+(?:các |một số )?(?:{UNIT}|quy định)(?!\w)", re.IGNORECASE)
_PROMULGATES = re.compile(r"(?:nay )?công bố\s", re.IGNORECASE)
PASSIVE_VERB = re.compile(
    r"(?<!chưa )(?<!không )(?<!còn )(?:hết hiệu lực|được thay thế|bị thay thế|được bãi bỏ|bị bãi bỏ|hết giá trị"
    r"|(?:bị )?(?:tạm )?ngưng hiệu lực|bị đình chỉ)(?!\w)"
)
CONDITION = re.compile(
    r"(?<!\w)(?:trước ngày|sau ngày|khi|nếu|trường hợp|thì|theo|đến ngày|cho đến)(?!\w)", re.IGNORECASE
)
UNITS_FIRST = re.compile(
    rf"(?:Các\s+)?(?:{UNIT}|tên|{PARAGRAPH})\s[^:;]{{0,120}}?(?:được (?:sửa đổi|bổ sung|sửa)|sửa đổi)", re.IGNORECASE
)
_LIST_INTRODUCTION = re.compile(r"(?<!\w)(?:sau đây|dưới đây|sau)(?!\w)[^:]{0,160}:\s*\Z")
_INTO_UNIT = re.compile(rf"(?<!\s)\s+vào(?=\s+(?:các\s+)?(?:{CLAUSE}|(?i:{ARTICLE}))\s)")
_BESIDE_UNIT = re.compile(r"(?<!\s)\s+(?:vào\s+(?:trước|sau)|như sau|bằng)(?!\w)")


def opening_verb(line: str, doc_type: str) -> tuple[RelationKind, int] | None:
    """(kind, offset after the verb) of a line that begins with what its document does; None otherwise."""
    if not _MAY_OPEN.match(line):
        return None
    subject = _SUBJECT_PATTERN.match(line)
    start = subject.end() if subject else 0
    for kind, verb in _VERB_PATTERNS:
        if match := verb.match(line, start):
            return kind, match.end()
    if doc_type in DETAILING_TYPES and (match := DETAILING_WORDS.match(line, start)) and subject:
        return detailing_kind(match[0]), match.end()
    if doc_type == DocType.RESOLUTION and (match := _INTERPRETS.match(line, start)):
        return RelationKind.INTERPRETS, match.start() + len("giải thích")
    if doc_type == DocType.ORDER and (match := _PROMULGATES.match(line, start)):
        return RelationKind.PROMULGATES, match.end()
    return None


def split_by_verb(line: str, start: int) -> list[tuple[int, int]]:
    """(start, end) of each action of a line: «Bãi bỏ khoản 1; sửa đổi khoản 2 như sau:» has two."""
    cuts = [start, *(match.end() for match in _PARTS.finditer(line)), len(line)]
    return list(itertools.pairwise(cuts))


def detailing_kind(words: str) -> RelationKind:
    return RelationKind.GUIDES if words.lower().endswith("áp dụng") else RelationKind.IMPLEMENTS


def scope_of_detail(words: str) -> Relation.Scope:
    return Relation.Scope.PART if "một số" in words else Relation.Scope.WHOLE


def passive_kind(words: str, after: str = "") -> RelationKind:
    """The relation that «hết hiệu lực», «được thay thế» … means for the document that is acted on.

    «Hết hiệu lực» alone only says that it ends: `repeals`. The scanner makes it `replaces` if the two documents have
    the same name; in other cases a person decides whether it was also replaced.
    """
    if "thay thế" in words:
        return RelationKind.AMENDS if re.match(r"\s+(?:bằng|thành)(?!\w)", after) else RelationKind.REPLACES
    if "ngưng hiệu lực" in words:
        return RelationKind.SUSPENDS
    return RelationKind.STAYS if "đình chỉ" in words else RelationKind.REPEALS


def list_kind(line: str) -> RelationKind | None:
    """The kind that the first line of a list gives to each line under it: «Các văn bản sau đây hết hiệu lực …:»."""
    if not introduces_list(line) or CONDITION.search(line):
        return None
    passive = PASSIVE_VERB.search(line)
    return passive_kind(passive[0]) if passive else None


def introduces_list(line: str) -> bool:
    return line.rstrip().endswith(":") and _LIST_INTRODUCTION.search(line) is not None


def changed_eids(words: str, article: str | None) -> list[str]:
    """The eids that a statement changes: «Bổ sung khoản 4 vào sau khoản 3 Điều 6» is about clause 4 of article 6."""
    words = _INTO_UNIT.sub(" ", words)
    besides = _BESIDE_UNIT.search(words)
    if besides is None:
        return cited_eids(words, article=article)
    if named := cited_eids(words[: besides.start()]):
        return named
    if "vào" not in besides[0]:  # «Thay thế cụm từ … bằng cụm từ … tại Điều 4»
        return cited_eids(words, article=article)
    stands_in = first_article(words[besides.end() :])
    return cited_eids(words[: besides.start()], article=stands_in or article)
