"""Fields of Word: their instructions are no text, and of some the result is not stored.

Source: ECMA-376 Part 1, 17.16. A field is w:fldChar begin, its instruction, separate, its result, end; or one
w:fldSimple.
"""

from dataclasses import dataclass

from lxml import etree

from content.word.xml import W

MAX_INSTRUCTION = 1_000  # characters
MAX_OPEN = 100
_NUMBERS_WITHOUT_RESULT = frozenset(
    {"LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT"}
)  # Word counts when it shows them


@dataclass
class _Field:
    instruction: str = ""
    is_in_instruction: bool = True
    has_result: bool = False


class Fields:
    """The open fields, outermost first."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    @property
    def is_in_instruction(self) -> bool:
        """Whether text that comes now is a part of an instruction."""
        return any(each.is_in_instruction for each in self._open)

    def note_result(self) -> None:
        """Text was read: it is the result of the open fields."""
        for each in self._open:
            each.has_result = True

    def take(self, element: etree._Element, name: str) -> bool:
        """Take the end of a w:fldChar, w:fldSimple or w:instrText. Whether a number is lost with it."""
        if name == "fldSimple":
            return _is_number_without_result(element.get(f"{W}instr", ""))
        if name == "instrText":
            if self._open and self._open[-1].is_in_instruction:
                self._open[-1].instruction = (self._open[-1].instruction + (element.text or ""))[:MAX_INSTRUCTION]
            return False
        match element.get(f"{W}fldCharType"):
            case "begin" if len(self._open) < MAX_OPEN:
                self._open.append(_Field())
            case "separate" if self._open:
                self._open[-1].is_in_instruction = False
            case "end" if self._open:
                ended = self._open.pop()
                return not ended.has_result and _is_number_without_result(ended.instruction)
        return False

    def end_paragraph(self) -> None:
        """Forget fields whose instruction does not end with its paragraph: else all that follows would be lost."""
        self._open = [each for each in self._open if not each.is_in_instruction]


def _is_number_without_result(instruction: str) -> bool:
    return instruction.strip().partition(" ")[0].upper() in _NUMBERS_WITHOUT_RESULT
