import re, unicodedata

LEVELS = {"điều": "art", "khoản": "clause", "điểm": "point"}
ORDER = ["art", "clause", "point"]


def eid(words):
    """«điểm a khoản 2 Điều 15» → art_15__clause_2__point_a; đ is written dd."""
    found = re.findall(r"(điều|khoản|điểm)\s+(\w+)", unicodedata.normalize("NFC", words).lower())
    units = {LEVELS[level]: number.replace("đ", "dd") for level, number in found}
    return "__".join(f"{level}_{units[level]}" for level in ORDER if level in units)


assert eid(unicodedata.normalize("NFD", "Điều 15")) == "art_15"  # as a Mac types it
assert eid("điểm a khoản 2 Điều 15") == "art_15__clause_2__point_a"
