"""What an amending act orders, piece by piece, as it was recognised in its text. Nothing here has been done yet."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from content.law.units import UnitPart

FULL_CERTAINTY = 1.0  # without any doubt; below it a person must look
CERTAINTY_LOST_PER_DOUBT = 0.3


class AmendingAction(StrEnum):
    REPLACE = "replace"  # sửa đổi, bổ sung … như sau
    INSERT = "insert"  # bổ sung … vào sau …
    REPEAL = "repeal"  # bãi bỏ
    REPLACE_PHRASE = "replace_phrase"  # thay thế cụm từ … bằng …
    INSERT_PHRASE = "insert_phrase"  # bổ sung cụm từ … vào sau cụm từ …
    DROP_PHRASE = "drop_phrase"  # bỏ cụm từ …
    TAKES_EFFECT = "takes_effect"  # of the act's own provisions, on a day of their own
    EXPIRES = "expires"  # a whole document: hết hiệu lực kể từ ngày … này có hiệu lực


@dataclass(frozen=True)
class TargetDocument:
    """A document as the act names it. Both empty: the act itself."""

    number: str = ""  # "100/2019/NĐ-CP"
    name: str = ""  # "Luật Xây dựng"

    @property
    def is_the_act(self):
        return not self.number and not self.name


@dataclass(frozen=True)
class AmendingInstruction:
    """One order about one unit.

    `eid` is the unit in the target document, "" the whole document. `text` is the new wording from its mark on, as it
    shall stand there; of a phrase order the phrase that comes. `phrase` is the phrase that goes, or the one it is put
    beside. `anchor` is the unit that an inserted one stands after (before, with `before`); "" where the act only says
    into what. `doubts` are codes (DOUBTS) for people to look at.
    """

    source: str  # eid in the act
    target: TargetDocument
    action: AmendingAction
    eid: str
    part: UnitPart = UnitPart.WHOLE
    text: str = ""
    phrase: str = ""
    anchor: str = ""
    before: bool = False
    on: datetime.date | None = (
        None  # the day the act names for it; None: that of the act, of TAKES_EFFECT: not fixed yet
    )
    doubts: tuple[str, ...] = field(default=())

    @property
    def certainty(self):
        """1.0 without a doubt, less with each; for people to sort by, not a probability."""
        return round(max(FULL_CERTAINTY - CERTAINTY_LOST_PER_DOUBT * len(self.doubts), 0.1), 1)

    @property
    def is_certain(self):
        return not self.doubts


DOUBT_MESSAGES = {
    "no_article": "Không rõ thuộc điều nào.",
    "no_text": "Không tìm thấy nội dung mới.",
    "text_not_split": "Không tách được nội dung mới cho từng đơn vị.",
    "unit_not_read": "Không đọc được cấu trúc của nội dung mới.",
    "no_target": "Không rõ văn bản bị sửa đổi.",
    "passage": "Chỉ sửa một đoạn, một câu; không xác định được đoạn nào.",
    "whole_document": "Áp dụng cho cả văn bản, không nêu điều, khoản nào.",
    "unclear_order": "Câu lệnh không rõ.",
    "higher_unit": "Đơn vị lớn hơn điều: chương, mục, phần, phụ lục.",
}
