"""What an amending act instructs, unit by unit, as recognised in its text. Nothing here has been carried out."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from content.amendments.reasons import Doubt
from content.law.named_documents import TargetDocument
from content.law.units import UnitPart

FULL_CERTAINTY = 1.0  # without doubts; below it a person must check
CERTAINTY_LOST_PER_DOUBT = 0.3


class AmendingAction(StrEnum):
    """What an instruction does. The comments give the words of an act."""

    REPLACE = "replace"  # sửa đổi, bổ sung … như sau
    INSERT = "insert"  # bổ sung … vào sau …
    REPEAL = "repeal"  # bãi bỏ
    REPLACE_PHRASE = "replace_phrase"  # thay thế cụm từ … bằng …
    INSERT_PHRASE = "insert_phrase"  # bổ sung cụm từ … vào sau cụm từ …
    DROP_PHRASE = "drop_phrase"  # bỏ cụm từ …
    TAKES_EFFECT = "takes_effect"  # of the act's own provisions, on a day of their own
    EXPIRES = "expires"  # a whole document: hết hiệu lực kể từ ngày … này có hiệu lực
    SUSPENDS = "suspends"  # a whole document: ngưng hiệu lực, đình chỉ việc thi hành
    RESUMES = "resumes"  # a whole document: có hiệu lực trở lại


@dataclass(frozen=True)
class AmendingInstruction:
    """One instruction about one unit.

    `eid` is the unit in the target document, "" the whole document. `text` is the new wording with its own number; for
    a phrase it is the new phrase. `phrase` is the phrase that is replaced or dropped, or the phrase beside which the
    new one is inserted. `anchor` is the unit after which a new unit is inserted (before which, with `before`); it is ""
    if the act only names the unit that contains it. `doubts` must be checked by a person.
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
    on: datetime.date | None = None  # its own day; None: the act's day, or (TAKES_EFFECT) a day not fixed yet
    doubts: tuple[Doubt, ...] = ()

    @property
    def certainty(self) -> float:
        """1.0 without doubts and less with each doubt. For sorting, not a probability."""
        return round(max(FULL_CERTAINTY - CERTAINTY_LOST_PER_DOUBT * len(self.doubts), 0.1), 1)

    @property
    def is_certain(self) -> bool:
        return not self.doubts
