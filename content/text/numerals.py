"""Numbers in Vietnamese words, in the northern reading («linh», «nghìn», «tư», «lăm», «mốt»). Pure."""

DIGIT_WORDS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 1_000_000_000
MAX_DIGITS = 18  # of a number read as one; longer ones are read digit by digit
ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def number_in_words(number: int) -> str:
    """The words of an int from 0 to 10**MAX_DIGITS − 1. 105 → «một trăm linh năm»."""
    if number >= BILLION:
        billions, rest = divmod(number, BILLION)
        return " ".join([number_in_words(billions), "tỷ", *([_groups_in_words(rest, True)] if rest else [])])
    return _groups_in_words(number, False) or DIGIT_WORDS[0]


def digits_in_words(digits: str) -> str:
    return " ".join(DIGIT_WORDS[int(digit)] for digit in digits)


def roman_value(digits: str) -> int | None:
    """The value of Roman digits I to C; None for wrong spellings (IIII, VX)."""
    values = [ROMAN_DIGITS[digit] for digit in digits]
    following = [*values[1:], 0]
    number = sum(-value if value < after else value for value, after in zip(values, following, strict=True))
    return number if as_roman(number) == digits else None


def as_roman(number: int) -> str:
    """A number from 1 to 399 in Roman digits."""
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    written = ""
    for value, sign in signs:
        written += sign * (number // value)
        number %= value
    return written


def _groups_in_words(number: int, goes_on: bool) -> str:
    """A number below a billion; "" for 0. `goes_on`: words come before it, so its hundreds are said even when zero."""
    words: list[str] = []
    for size, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, number = divmod(number, size)
        if group:
            words += [_below_thousand_in_words(group, goes_on or bool(words)), *([name] if name else [])]
    return " ".join(words)


def _below_thousand_in_words(number: int, goes_on: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = [DIGIT_WORDS[hundreds], "trăm"] if hundreds or goes_on else []
    if rest and words and rest < 10:
        return " ".join([*words, "linh", DIGIT_WORDS[rest]])
    return " ".join([*words, *([_below_hundred_in_words(rest)] if rest else [])])


def _below_hundred_in_words(number: int) -> str:
    tens, unit = divmod(number, 10)
    if tens == 0:
        return DIGIT_WORDS[unit]
    front = "mười" if tens == 1 else f"{DIGIT_WORDS[tens]} mươi"
    last = {0: "", 1: "một" if tens == 1 else "mốt", 4: "bốn" if tens == 1 else "tư", 5: "lăm"}.get(
        unit, DIGIT_WORDS[unit]
    )
    return f"{front} {last}".strip()
