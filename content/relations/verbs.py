"""The words by which a document acts on another, and what each may mean. Pure.

Sources: the thirteen pairs of vbpl.vn; Decree 78/2025/NĐ-CP on how acts word repeals and amendments. «Thay thế cụm từ»
changes words and replaces no document.
"""

import itertools
import re

from content.law.doc_types import DocType
from content.law.grammar import cited_eids
from content.relations.models import RelationKind as Kind

KINDS_WITHOUT_EFFECT = (Kind.CITES, Kind.BASED_ON)  # say nothing of the other's effect
KINDS_ALWAYS_IN_PART = (Kind.AMENDS, Kind.CORRECTS)
KINDS_WITH_TARGET_UNITS = (
    Kind.AMENDS, Kind.REPEALS, Kind.REPLACES, Kind.CITES, Kind.CORRECTS, Kind.SUSPENDS, Kind.STAYS, Kind.INTERPRETS,
    Kind.IMPLEMENTS, Kind.GUIDES,
)  # fmt: skip
DETAILING_KINDS = (Kind.IMPLEMENTS, Kind.GUIDES)
DETAILING_TYPES = (DocType.DECREE, DocType.CIRCULAR, DocType.JOINT_CIRCULAR, DocType.RESOLUTION, DocType.JOINT_RESOLUTION,
             DocType.DECISION)  # fmt: skip

LEGAL_BASIS = re.compile(r"\s*Căn cứ(?: vào)?\s*:?\s*", re.IGNORECASE)
LEGAL_BASIS_CONTINUED = re.compile(r"\s*(?:Hiến pháp|Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định)\s")
ENACTS_AMENDMENT = re.compile(r"ban hành (?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Thông tư)[^;]{0,20}?sửa đổi")

_SUBJECT = r"(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Chỉ thị|Lệnh) này"
DETAILING_WORDS = re.compile(
    r"(?<!\w)(?:quy định chi tiết|hướng dẫn (?:chi tiết )?(?:việc )?(?:thi hành|thực hiện|áp dụng)"
    r"|chi tiết thi hành)(?!\w)",
    re.IGNORECASE,
)
_CHANGED_ITEM = r"(?:các |một số )?(?:cụm từ|từ|tên|biểu|phụ lục|mẫu|danh mục|đoạn)(?!\w)"
_OPENING = (
    (
        Kind.AMENDS,
        r"bãi bỏ(?:,| và) sửa đổi(?:, bổ sung)?"
        r"|sửa đổi(?:(?:,| và)? bổ sung)?(?:(?:,| và)? (?:thay thế|bãi bỏ))?|bổ sung",
    ),
    (Kind.AMENDS, rf"(?:thay thế|thay|bỏ|bãi bỏ|h[uủ][ỷy] bỏ)\s+{_CHANGED_ITEM}"),
    (Kind.REPLACES, r"thay thế"),
    (Kind.REPEALS, r"bãi bỏ|h[uủ][ỷy] bỏ"),
    (Kind.CORRECTS, r"đính chính"),
    (Kind.STAYS, r"đình chỉ (?:việc )?thi hành"),
    (Kind.SUSPENDS, r"(?:tạm )?ngưng hiệu lực"),
)
_VERB_PATTERNS = [(kind, re.compile(rf"(?:{words})(?!\w)", re.IGNORECASE)) for kind, words in _OPENING]
_OF_THIS = re.compile(rf"{_SUBJECT}(?:\s+có hiệu lực[^.;]{{0,120}}?(?:,|và|;)\s*(?:và\s+)?)?\s*")
_MAY_OPEN = re.compile(
    rf"(?:sửa|bổ|thay|bỏ|bãi|h[uủ]|đính|đình|tạm|ngưng|giải|công|nay|{_SUBJECT})(?!\w)|h[uủ][ỷy]", re.IGNORECASE
)
_PARTS = re.compile(
    r"(?:;|(?<=[\d”])(?:,|\s+và)|(?<=\d[a-zđ])(?:,|\s+và))\s+"
    r"(?=(?:sửa đổi|bổ sung|bãi bỏ|thay thế|thay|bỏ|h[uủ][ỷy] bỏ)[^;:]{0,12}?"
    r"\s(?:các |một số )?(?:điểm|khoản|điều|cụm từ|từ|đoạn|tên|chương|mục)(?!\w))",
    re.IGNORECASE,
)
_INTERPRETS = re.compile(r"giải thích\s+(?:các |một số )?(?:điểm|khoản|điều|quy định)(?!\w)", re.IGNORECASE)
_PROMULGATES = re.compile(r"(?:nay )?công bố\s", re.IGNORECASE)
PASSIVE_VERB = re.compile(
    r"(?<!chưa )(?<!không )(?<!còn )(?:hết hiệu lực|được thay thế|bị thay thế|được bãi bỏ|bị bãi bỏ|hết giá trị"
    r"|(?:bị )?(?:tạm )?ngưng hiệu lực|bị đình chỉ)(?!\w)"
)
CONDITION = re.compile(
    r"(?<!\w)(?:trước ngày|sau ngày|khi|nếu|trường hợp|thì|theo|đến ngày|cho đến)(?!\w)", re.IGNORECASE
)
UNITS_FIRST = re.compile(
    r"(?:Các\s+)?(?:điểm|khoản|điều|tên|đoạn)\s[^:;]{0,120}?(?:được (?:sửa đổi|bổ sung|sửa)|sửa đổi)", re.IGNORECASE
)
_LIST_INTRODUCTION = re.compile(r"(?<!\w)(?:sau đây|dưới đây|sau)(?!\w)[^:]{0,160}:\s*\Z")
_INTO = re.compile(r"\s+vào(?=\s+(?:các\s+)?(?:khoản|[Đđ]iều)\s)")
_BESIDES = re.compile(r"\s+vào\s+(?:trước|sau)(?!\w)|\s+(?:như sau|bằng)(?!\w)")


def opening_verb(line, doc_type):
    """(kind, offset after the verb) of a line that begins by saying what its document does; None otherwise."""
    if not _MAY_OPEN.match(line):
        return None
    subject = _OF_THIS.match(line)
    start = subject.end() if subject else 0
    for kind, verb in _VERB_PATTERNS:
        if match := verb.match(line, start):
            return kind, match.end()
    if doc_type in DETAILING_TYPES and (match := DETAILING_WORDS.match(line, start)) and subject:
        return detailing_kind(match[0]), match.end()
    if doc_type == DocType.RESOLUTION and (match := _INTERPRETS.match(line, start)):
        return Kind.INTERPRETS, match.start() + len("giải thích")
    if doc_type == DocType.ORDER and (match := _PROMULGATES.match(line, start)):
        return Kind.PROMULGATES, match.end()
    return None


def split_by_verb(line, start):
    """(start, end) of each thing a line does, begun where it begins: «Bãi bỏ khoản 1; sửa đổi khoản 2 như sau:»."""
    cuts = [start, *(match.end() for match in _PARTS.finditer(line)), len(line)]
    return list(itertools.pairwise(cuts))


def detailing_kind(words):
    return Kind.GUIDES if words.lower().endswith("áp dụng") else Kind.IMPLEMENTS


def scope_of_detail(words):
    return "part" if "một số" in words else "whole"


def passive_kind(words, after=""):
    """What another did to the document that «hết hiệu lực», «được thay thế» …

    «Hết hiệu lực» alone says only that it ends: `repeals`. The finder makes it `replaces` where the acts bear one name;
    of others a person says whether they were also replaced.
    """
    if "thay thế" in words:
        return Kind.AMENDS if re.match(r"\s+(?:bằng|thành)(?!\w)", after) else Kind.REPLACES
    if "ngưng hiệu lực" in words:
        return Kind.SUSPENDS
    return Kind.STAYS if "đình chỉ" in words else Kind.REPEALS


def list_kind(line):
    """The kind that the head of a list gives to each line under it: «Các văn bản sau đây hết hiệu lực …:»."""
    if not introduces_list(line) or CONDITION.search(line):
        return None
    suffers = PASSIVE_VERB.search(line)
    return passive_kind(suffers[0]) if suffers else None


def introduces_list(line):
    return line.rstrip().endswith(":") and _LIST_INTRODUCTION.search(line) is not None


def changed_eids(words, article):
    """The eids that a statement changes: «Bổ sung khoản 4 vào sau khoản 3 Điều 6» is about clause 4 of article 6."""
    words = _INTO.sub(" ", words)
    besides = _BESIDES.search(words)
    if besides is None:
        return cited_eids(words, article=article)
    if named := cited_eids(words[: besides.start()]):
        return named
    if "vào" not in besides[0]:  # «Thay thế cụm từ … bằng cụm từ … tại Điều 4»
        return cited_eids(words, article=article)
    stands_in = re.search(r"[Đđ]iều\s+(\d{1,4}[a-zđ]?)(?!\w)", words[besides.end() :])
    return cited_eids(words[: besides.start()], article=stands_in[1] if stands_in else article)
