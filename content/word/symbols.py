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
_SYMBOL_ROWS = {  # the first code of a row; a blank inside it is no sign
    0x21: "!∀#∃%&∋()*+,-./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    0xA0: "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
}
_IN_SYMBOL = {first + at: sign for first, row in _SYMBOL_ROWS.items() for at, sign in enumerate(row) if sign != " "} | {
    0x20: " "
}
_BULLET = "•"
_BULLETS = dict.fromkeys((0x6C, 0x6E, 0x73, 0x74, 0x75, 0x76, 0x77, 0x9E, 0x9F, 0xA7, 0xD8), _BULLET)
_IN_WINGDINGS = {
    "Wingdings": {
        **_BULLETS,
        **dict.fromkeys((0x6F, 0x71, 0x72, 0xA8), "☐"), 0xFD: "☒", 0xFE: "☑",
        **{0x80 + at: sign for at, sign in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")},
        0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xF0: "⇒", 0xFB: "✗", 0xFC: "✓",
    },
    "Wingdings 2": {0xA3: "☐", 0x52: "☑", 0x53: "☒", 0x54: "☒"},
}  # fmt: skip
_PRIVATE = range(0xF020, 0xF100)
_WORD = re.compile("[A-Za-z]{2,}")  # Greek letters stand alone in a law


def is_of_symbols(font: str) -> bool:
    """Whether letters of this font are shown as other signs."""
    return font == "Symbol" or font.startswith("Wingdings")


def letter_of_symbol(font: str, code: str, *, begins: bool) -> str:
    """The Unicode letter of a w:sym: of the fonts Symbol and Wingdings; UNREADABLE for others.

    `begins`: it is the first of its line. A picture of Wingdings that is not in the table is a bullet there.
    """
    try:
        number = int(code, 16)
    except ValueError:
        return UNREADABLE
    if 0xF000 <= number <= 0xF0FF:
        number -= 0xF000
    elif number > 0xFF:
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else UNREADABLE
    letter = _letter(font, number)
    return _BULLET if begins and letter == UNREADABLE and font.startswith("Wingdings") else letter


def letters_of_symbols(font: str, text: str, *, begins: bool) -> tuple[str, bool]:
    """(text of a run of this font as it is shown, whether a person must look at it).

    Doubtful: a sign that is not in the table, a letter of the private use area in a font that has no table, a word in
    a font of symbols, which is more likely a word in the wrong font than Greek. `begins` as in `letter_of_symbol`.
    """
    if not is_of_symbols(font):
        return text, any(ord(sign) in _PRIVATE for sign in text)
    if font == "Symbol" and (_WORD.search(text) or any(sign.isalpha() and ord(sign) > 0xFF for sign in text)):
        return "".join(sign if sign.isalpha() else _shown(font, sign) for sign in text), True
    written = "".join(_shown(font, sign) for sign in text)
    if begins and written.strip() == UNREADABLE and font.startswith("Wingdings"):
        written = written.replace(UNREADABLE, _BULLET)
    is_doubtful = UNREADABLE in written
    return (text if is_doubtful and _WORD.search(text) else written), is_doubtful


def _shown(font: str, sign: str) -> str:
    code = ord(sign) - 0xF000 if ord(sign) in _PRIVATE else ord(sign)
    is_blank_or_beyond = sign.isspace() or code > 0xFF or code < 0x20
    return sign if is_blank_or_beyond else _letter(font, code)


def _letter(font: str, code: int) -> str:
    table = _IN_SYMBOL if font == "Symbol" else _IN_WINGDINGS.get(font, {})
    return table.get(code, UNREADABLE)
