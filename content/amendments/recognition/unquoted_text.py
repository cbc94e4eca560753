"""What a unit of an amending act says in its own words, before and between its quotations."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from content.amendments.instructions import TargetDocument
from content.parsing import Unit

PLACEHOLDER = "\ue000{}\ue001"  # replaces an inline quotation while the words around it are read
PLACEHOLDER_PATTERN = re.compile("\ue000([0-9]+)\ue001")
_INLINE = re.compile(  # with limits: without them the time is quadratic in marks that open and never close
    r"[“„]([^“”„]{0,2000}(?:“[^”]{0,500}”[^“”„]{0,2000}){0,40})”|\"([^\"”]{0,2000})[\"”]|«([^»]{0,2000})»"
)
_NUMBER = r"(?P<number>[0-9]{1,4}(?:\.[0-9]+)?[a-z]?/(?:[0-9]{4}/)?[A-ZĐ][A-ZĐa-z0-9.-]*[A-ZĐa-z0-9])"
_TYPES = r"(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Hiến pháp)"
_DOCUMENT = re.compile(
    rf"(?<!\w)(?:của |tại |trong |theo )?(?P<name>{_TYPES}(?! này)"
    rf"(?:(?! số:? ?[0-9]|,? ?(?:đã )?được | như sau|[:;.\n\ue000]| năm [0-9]{{4}}| có hiệu lực| hết hiệu lực"
    rf"| ban hành kèm| bằng | và (?:bổ sung|sửa đổi)|, cụm từ).){{0,200}})"
    rf"(?: (?:năm )?(?P<year>(?:19|20)[0-9]{{2}}))?(?:\s*số:?\s*{_NUMBER})?",
    re.IGNORECASE,
)
_AMENDED_BEFORE = re.compile(
    r",?\s*(?:đã )?được (?:sửa đổi|bổ sung|sửa đổi,? bổ sung)(?: một số [^;:\n]*?)?"
    r" (?:theo|bởi|tại|bằng|năm)(?!\w)[^;:\n]*?(?=\s+như sau|[;:\n]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class UnquotedText:
    """`words` with placeholders for inline quotations (`quotations`); `blocks` is the quoted wording that follows."""

    words: str
    quotations: tuple[str, ...]
    blocks: tuple[str, ...]

    def restore_quotations(self, words: str) -> str:
        """Put the inline quotations back into a part of `words`."""
        return PLACEHOLDER_PATTERN.sub(lambda match: self.quotations[int(match[1])], words)


def unquoted_heading(unit: Unit) -> UnquotedText:
    return _hold_quotations(unit.heading, ())


def unquoted_body(text: str, unit: Unit, quoted: Sequence[tuple[int, int]]) -> UnquotedText:
    """What a unit itself says after its number and heading. `quoted`: spans of its quotations, in order."""
    words: list[str] = []
    blocks: list[str] = []
    at = unit.body
    first = max(0, bisect_left(quoted, (unit.body,)) - 1)  # the one before may reach into the unit
    for place in range(first, len(quoted)):
        start, end = quoted[place]
        if start >= unit.end:
            break
        if end <= unit.body:
            continue
        words.append(text[at : max(start, at)])
        blocks.append(text[max(start, unit.body) : min(end, unit.end)].strip())
        at = min(end, unit.end)
    words.append(text[at : unit.end])
    said = words[0] if not blocks else " ".join([words[0], *(word for word in words[1:] if word.strip(" .;,/\n"))])
    return _hold_quotations(said, tuple(blocks))


def _hold_quotations(words: str, blocks: tuple[str, ...]) -> UnquotedText:
    quotations: list[str] = []

    def hold(match: re.Match[str]) -> str:
        quotations.append(next(part for part in match.groups() if part is not None))
        return PLACEHOLDER.format(len(quotations) - 1)

    own = " ".join(_INLINE.sub(hold, words).split())
    return UnquotedText(own.replace("\u00d0", "Đ").replace("\u00f0", "đ"), tuple(quotations), blocks)


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
