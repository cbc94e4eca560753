"""What a text of Word holds beside plain letters: symbols of a font, and formulas.

Formulas (ECMA-376 Part 1, 22.1) are written on one line, «(a+b)/(c)», which a person must compare: brackets and signs
that Word draws itself are not made again in every case.

The codes of the font Symbol are those of Adobe's Symbol encoding (Unicode's mapping table ADOBE/symbol.txt). Word
stores them as w:sym, as letters of the private use area (U+F020 to U+F0FF) or, in files that were once .doc, as the
Latin letters of the same codes: «£ 80» in this font is «≤ 80».
"""

import re

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
_SYMBOL_ROWS = {  # the first code of a row; a blank inside it is no sign
    0x21: "!∀#∃%&∋()*+,-./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    0xA0: "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
}
_IN_SYMBOL = {first + at: sign for first, row in _SYMBOL_ROWS.items() for at, sign in enumerate(row) if sign != " "} | {
    0x20: " "
}
_IN_WINGDINGS = {0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xF0: "⇒", 0xFB: "✗", 0xFC: "✓"}
_BULLET = "•"
_PRIVATE = range(0xF020, 0xF100)
_WORD = re.compile("[A-Za-z]{2,}")  # Greek letters stand alone in a law


def is_of_symbols(font: str) -> bool:
    """Whether letters of this font are shown as other signs."""
    return font == "Symbol" or font.startswith("Wingdings")


def letter_of_symbol(font: str, code: str) -> str:
    """The Unicode letter of a w:sym: of the fonts Symbol and Wingdings; UNREADABLE for others."""
    try:
        number = int(code, 16)
    except ValueError:
        return UNREADABLE
    if 0xF000 <= number <= 0xF0FF:
        number -= 0xF000
    elif number > 0xFF:
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else UNREADABLE
    return _letter(font, number)


def letters_of_symbols(font: str, text: str) -> tuple[str, bool]:
    """(text of a run of this font as it is shown, whether a person must look at it).

    Doubtful: a sign that is not in the table, a letter of the private use area in a font that has no table, a word in
    the font Symbol, which is more likely a word in the wrong font than Greek.
    """
    if not is_of_symbols(font):
        return text, any(ord(sign) in _PRIVATE for sign in text)
    if font == "Symbol" and (_WORD.search(text) or any(sign.isalpha() and ord(sign) > 0xFF for sign in text)):
        return "".join(sign if sign.isalpha() else _shown(font, sign) for sign in text), True
    written = "".join(_shown(font, sign) for sign in text)
    return written, UNREADABLE in written


def _shown(font: str, sign: str) -> str:
    code = ord(sign) - 0xF000 if ord(sign) in _PRIVATE else ord(sign)
    is_blank_or_beyond = sign.isspace() or code > 0xFF or code < 0x20
    return sign if is_blank_or_beyond else _letter(font, code)


def _letter(font: str, code: int) -> str:
    if font.startswith("Wingdings"):
        if code in _TICK_BOXES:
            return "□"
        return _IN_WINGDINGS.get(code, _BULLET) if font == "Wingdings" else _BULLET
    return _IN_SYMBOL.get(code, UNREADABLE) if font == "Symbol" else UNREADABLE
