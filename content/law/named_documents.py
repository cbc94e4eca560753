"""The document that an act names, by number or name: «khoản 2 Điều 5 của Luật Xây dựng số 50/2014/QH13». Pure."""

import re
from dataclasses import dataclass

from content.law.lexer.document_words import ACT_WORD, PRINTED_NUMBER, YEAR_OF_NAME

_DOCUMENT = re.compile(
    rf"(?<!\w)(?:của |tại |trong |theo )?(?P<name>(?:{ACT_WORD})(?! này)"
    rf"(?:(?! số:? ?[0-9]|,? ?(?:đã )?được | như sau|[:;.\n\ue000]| năm [0-9]{{4}}| có hiệu lực| hết hiệu lực"
    rf"| ban hành kèm| bằng | và (?:bổ sung|sửa đổi)|, cụm từ).){{0,200}})"
    rf"(?: (?:năm )?(?P<year>{YEAR_OF_NAME}))?(?:\s*số:?\s*(?P<number>(?-i:{PRINTED_NUMBER})))?",
    re.IGNORECASE,
)
_AMENDED_BEFORE = re.compile(
    r",?\s*(?:đã )?được (?:sửa đổi|bổ sung|sửa đổi,? bổ sung)(?: một số [^;:\n]*?)?"
    r" (?:theo|bởi|tại|bằng|năm)(?!\w)[^;:\n]*?(?=\s+như sau|[;:\n]|$)",
    re.IGNORECASE,
)


_YEAR_IN_TITLE = re.compile(rf"\s+(?:năm\s+)?{YEAR_OF_NAME}$")
_BEGINS_WITH_TYPE = re.compile(rf"(?:{ACT_WORD})\s+\S", re.IGNORECASE)
MAX_TITLE_WORDS = 60  # of an act that names itself


@dataclass(frozen=True)
class TargetDocument:
    """A document as the act names it. Both fields are empty for the act itself."""

    number: str = ""  # "100/2019/NĐ-CP"
    name: str = ""  # "Luật Xây dựng"

    @property
    def is_the_act(self) -> bool:
        return not self.number and not self.name


def find_target_document(words: str) -> tuple[TargetDocument | None, str]:
    """(the document named, or None; the words without its name and without its earlier amendments)."""
    words = _AMENDED_BEFORE.sub("", words)
    match = next((m for m in _DOCUMENT.finditer(words) if m["number"] or m["name"][0].isupper()), None)
    if not match:
        return None, words
    name = " ".join(match["name"].split()).rstrip(" ,")
    name = re.split(r" (?:ngày|của (?:Chính phủ|Quốc hội|Bộ trưởng|Thủ tướng))(?!\w)", name)[0].rstrip(" ,")
    rest = f"{words[: match.start()].rstrip()} {words[match.end() :].lstrip()}".strip()
    return TargetDocument(match["number"] or "", f"{name} {match['year']}" if match["year"] else name), rest


def split_by_document(words: str) -> list[str]:
    """The words in parts, each up to a document that is named by number; none if they do not name two of them.

    Documents that amended one of them before do not count.
    """
    plain = _AMENDED_BEFORE.sub("", words)
    named = [match for match in _DOCUMENT.finditer(plain) if match["number"]]
    if len({match["number"] for match in named}) < 2:
        return []
    ends = [match.end() for match in named]
    return [plain[start:end].strip(" ;,") for start, end in zip([0, *ends], ends, strict=False)]


def with_this_act(words: str, title: str, number: str) -> str:
    """The words with «Luật này» where the act with that title and number names itself in full.

    Law 63/2014/QH13 Art. 100(2): «khoản 1 Điều 93 của Luật tổ chức Viện kiểm sát nhân dân có hiệu lực kể từ …». Another
    number or year behind the name tells an earlier act of that name.
    """
    own = _YEAR_IN_TITLE.sub("", " ".join(title.split()))
    if not _BEGINS_WITH_TYPE.match(own) or len(own.split()) > MAX_TITLE_WORDS:
        return words
    name = r"\s+".join(map(re.escape, own.split()))
    own_number = rf"(?:\s+số:?\s*{re.escape(number)})" if number else "(?!)"
    return re.sub(
        rf"(?<!\w){name}(?!\w)(?:{own_number}(?![\w/])|(?!\s+(?:số|năm)(?!\w)|\s+\d|,? (?:đã )?được ))",
        "Luật này",
        words,
        flags=re.IGNORECASE,
    )
