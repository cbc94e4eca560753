"""Superscripts and subscripts in plain text: «10⁶», «CO₂»; «x^(a+b)» and «x_(max)» where Unicode has no such letter.

Joined to what is before them they would be other numbers: 10⁶ would become 106.
"""

import re

SUPERSCRIPT, SUBSCRIPT = "superscript", "subscript"
RAISED, LOWERED = "raised", "lowered"  # by hand, in the size of the other letters
ON_LINE = "baseline"
_AS = {RAISED: SUPERSCRIPT, LOWERED: SUBSCRIPT}
MAX_RAISED = 20  # characters; longer text is only set small, as a remark in brackets is
_LETTERS = {
    SUPERSCRIPT: dict(zip("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True)),
    SUBSCRIPT: dict(zip("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}
_PLAIN = {place: {small: sign for sign, small in reversed(each.items())} for place, each in _LETTERS.items()}
_DEGREES = {"^(o)": "o", "^(O)": "o", "^(º)": "o", "⁰": "0"}  # what a raised sign was written as
_SCALE = re.compile(r"\s?[CF](?![^\W\d_])")  # Celsius, Fahrenheit
_BEGINS = {SUPERSCRIPT: "^(", SUBSCRIPT: "_("}


def add_raised(parts: list[str], text: str, place: str) -> None:
    """Add the text of a run to the parts of a line. `place`: SUPERSCRIPT or SUBSCRIPT; anything else is plain.

    RAISED and LOWERED mean the same where letters stand right before the run; a whole line may be moved up or down.
    Blanks, marks of notes in square brackets and signs that stand alone («3.» with a raised stop) stay plain. Runs that
    follow each other share a bracket. A raised «o» or «0» before C or F is the sign of degrees: «30°C».
    """
    if place in _AS:
        place = _AS[place] if _last_sign(parts).strip() else ""
    if place == SUPERSCRIPT and text.strip() in ("oC", "oF", "0C", "0F", "ºC", "ºF"):
        text, place = text.replace(text.strip()[0], "°"), ""
    sign = _DEGREES.get(parts[-1]) if parts and _SCALE.match(text) else None
    if sign == "o" or (sign == "0" and _last_sign(parts[-2::-1][:1]).isdigit()):
        parts[-1] = "°"
    letters, begins = _LETTERS.get(place, {}), _BEGINS.get(place, "")
    words = text.strip()
    is_note = words.startswith("[") and words.endswith("]")  # «[1]», as consolidated texts have
    is_plain = (
        is_note or not letters or len(words) > MAX_RAISED or not any(sign.isalnum() or sign in "+-−=" for sign in words)
    )
    if is_plain:
        parts.append(text)
        return
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    is_going_on = not before and bool(parts) and parts[-1].startswith(begins) and parts[-1].endswith(")")
    if is_going_on:
        parts[-1] = f"{parts[-1][:-1]}{words})"
    elif all(sign in letters for sign in words):
        parts.append(before + "".join(letters[sign] for sign in words))
    elif not before and parts and parts[-1].strip() and all(sign in _PLAIN[place] for sign in parts[-1].lstrip()):
        small = parts[-1].lstrip()
        blank = parts[-1][: len(parts[-1]) - len(small)]
        parts[-1:] = [blank, f"{begins}{''.join(_PLAIN[place][sign] for sign in small)}{words})"]
    else:
        parts += [before, f"{begins}{words})"]
    if after:
        parts.append(after)


def _last_sign(parts: list[str]) -> str:
    """The last sign of the last part that has one; "" if none has."""
    return next((part[-1] for part in reversed(parts) if part), "")
