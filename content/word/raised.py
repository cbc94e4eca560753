"""Superscripts and subscripts in plain text: «10⁶», «CO₂»; «x^(a+b)» and «x_(max)» where Unicode has no such letter.

Joined to what is before them they would be other numbers: 10⁶ would become 106.
"""

SUPERSCRIPT, SUBSCRIPT = "superscript", "subscript"
MAX_RAISED = 20  # characters; longer text is only set small, as a remark in brackets is
_LETTERS = {
    SUPERSCRIPT: dict(zip("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True)),
    SUBSCRIPT: dict(zip("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}
_BEGINS = {SUPERSCRIPT: "^(", SUBSCRIPT: "_("}


def add_raised(parts: list[str], text: str, place: str) -> None:
    """Add the text of a run to the parts of a line. `place`: SUPERSCRIPT or SUBSCRIPT; anything else is plain.

    Blanks, marks of notes in square brackets and signs that stand alone («3.» with a raised stop) stay plain. Runs that
    follow each other share a bracket.
    """
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
    else:
        parts += [before, f"{begins}{words})"]
    if after:
        parts.append(after)
