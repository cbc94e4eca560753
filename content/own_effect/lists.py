"""Lists of own units that begin on another day: «Các quy định sau đây có hiệu lực từ ngày …: a) Khoản 1 Điều 2; …»."""

import datetime
import re
from dataclasses import dataclass

from content.law.grammar import cited_units
from content.law.lexer.document_words import THIS_ACT, date_of
from content.law.lexer.unit_lexicon import UNIT
from content.own_effect.days import DATE

_PARTS = rf"(?:quy định|nội dung|{UNIT})(?!\w)"
_LIST_OPENS = re.compile(
    rf"(?<!\w)(?:(?:sau|dưới) đây|(?:các|những)\s+{_PARTS}(?:(?:,| và)\s+{_PARTS}){{0,3}}\s+sau)(?!\w)[^:]*:$",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"(?<!hết )(?<!không )(?<!\w)(?:có hiệu lực(?: thi hành)?|(?:được\s+)?(?:thực hiện|áp dụng|thi hành)),?(?:\s+kể)?"
    r"\s+từ\s+(?P<when>[^:]*)",
    re.IGNORECASE,
)
_WHEN = re.compile(rf"{DATE}(?P<rest>.*)$", re.IGNORECASE)
_PLAIN = re.compile(
    rf"(?:riêng\s+)?(?:đối với\s+)?(?:các|những)\s+{_PARTS}(?:(?:,| và)\s+{_PARTS}){{0,3}}\s+(?:sau(?: đây)?|dưới đây)"
    rf"(?:\s+(?:của|tại)\s+{THIS_ACT})?(?:\s+thì)?(?:\s+(?:sẽ|bắt đầu))?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ListHead:
    """What a line says of the units that its list names. Not certain: perhaps only something in them begins then.

    `eids` are the units that the line itself names: «Các khoản sau đây của Điều 5 …».
    """

    on: datetime.date | None
    is_certain: bool
    eids: tuple[str, ...] = ()


def list_head(sentence: str, *, is_exception: bool) -> ListHead | None:
    """What the sentence says of the items that follow; None where it opens no list of what begins on another day.

    «…, trừ các quy định sau đây:» opens one whose days are not known.
    """
    if not (sentence.endswith(":") and _LIST_OPENS.search(sentence)):
        return None
    takes = _TAKES.search(sentence)
    if takes is None:
        return ListHead(None, is_certain=False) if is_exception and _PLAIN.match(sentence) else None
    when = _WHEN.match(takes["when"])
    day = date_of(when.groups()[:3]) if when else None
    is_plain = _PLAIN.fullmatch(sentence, 0, takes.start()) is not None
    eids = tuple(each.eid for each in cited_units(sentence[: takes.start()]) if each.is_placed)
    is_certain = is_plain and day is not None and not (when and when["rest"].strip(" ,;."))
    return ListHead(day, is_certain, eids)
