"""What a text of Word holds beside w:t: symbols of a font, and formulas.

Formulas (ECMA-376 Part 1, 22.1) are written on one line, «(a+b)/(c)», which a person must compare: brackets and signs
that Word draws itself are not made again in every case.
"""

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FORMULA, FORMULA_TEXT = f"{_M}oMath", f"{_M}t"
FORMULA_MARKS = {  # tag: (what is written before it, after it)
    f"{_M}{name}": marks
    for name, marks in {
        "num": ("(", ")/"), "den": ("(", ")"), "sup": ("^(", ")"), "sub": ("_(", ")"), "rad": ("√(", ")"),
        "d": ("(", ")"), "mr": ("", "; "),
    }.items()
}  # fmt: skip
UNREADABLE = "\ufffd"
_TICK_BOXES = frozenset({0x6F, 0x71, 0x72, 0xA8, 0xFE, 0xFD, 0xA3, 0x52, 0x53, 0x54})
_IN_SYMBOL = {
    0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xB0: "°", 0xA5: "∞", 0x2D: "-",
    0xB7: "•", 0xA2: "′", 0xB2: "″", 0xE5: "Σ", 0xD6: "√", 0xAE: "→", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ",
    0x44: "Δ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x53: "Σ", 0x73: "σ", 0x66: "φ", 0x57: "Ω", 0x77: "ω", 0x68: "η",
    0x71: "θ", 0x72: "ρ", 0x74: "τ", 0x65: "ε",
}  # fmt: skip


def letter_of_symbol(font: str, code: str) -> str:
    """The Unicode letter of a w:sym: of the font Symbol, and boxes to tick; UNREADABLE for others."""
    try:
        number = int(code, 16)
    except ValueError:
        return UNREADABLE
    if 0xF000 <= number <= 0xF0FF:
        number -= 0xF000
    elif number > 0xFF:
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else UNREADABLE
    if font.startswith("Wingdings"):
        return "□" if number in _TICK_BOXES else "•"
    return _IN_SYMBOL.get(number, UNREADABLE) if font == "Symbol" else UNREADABLE
