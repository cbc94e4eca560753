"""Wording that an act quotes in lines of its own: «… như sau:» and then “Điều 5. …”. Pure."""

import re

UNCLOSED = -1
_OPENING = "“„«"
_SIGN = re.compile(r"[“”„«»\"]")
_TAIL = re.compile(r"[\s.,;:/”»\"]*")  # what may stand between the end of a quotation and that of its line


def quotation_end(text: str, start: int, end: int) -> int | None:
    """The end of the line in which the quotation that begins at `start` is closed, within text[start:end].

    None where no quotation begins there and where its sentence goes on behind it; UNCLOSED where it is not closed.
    """
    if start >= end or text[start] not in _OPENING + '"':
        return None
    depth = 0
    for sign in _SIGN.finditer(text, start, end):
        opens = sign[0] in _OPENING or (sign[0] == '"' and not depth)
        depth += 1 if opens else -1
        if depth > 0:
            continue
        line_end = text.find("\n", sign.end(), end)
        line_end = end if line_end < 0 else line_end
        return line_end if _TAIL.fullmatch(text, sign.end(), line_end) else None
    return UNCLOSED
