"""Search queries as people type them: names and terms of law, with slips of the keyboard, brands and odd letters."""

import random

TERMS = (
    "kết hôn", "ly hôn", "hợp đồng lao động", "thừa kế", "đất đai", "giấy phép lái xe", "nồng độ cồn",
    "bảo hiểm thất nghiệp", "tạm trú", "thuế thu nhập cá nhân", "đăng ký kinh doanh", "xử phạt vi phạm hành chính",
    "luật đất đai 2024 điều 135", "NĐ168/2024", "36 2024 qh15", "khoan 2 dieu 8 luat hon nhan gia dinh",
    "135 luật đất đai", "đ6k2 nđ 168", "ldd 2024 d135", "l68/2024/NĐ-CP", "173 blhs", "điều 8 khoản 2 hôn nhân",
)  # fmt: skip
NAMES = ("Grab", "Samsung", "Shopee", "Nguyễn Văn A", "VNeID", "iPhone 15", "Đắk Lắk", "K'Krông", "kWh", "TP.HCM")
ODD_SIGNS = (
    "\u0301", "\u0323", "ð", "Ð", "с", "ß", "İ", "ﬁ", "²", "½", "٣", "Ⅳ", "\u200b", "\u00a0", "\u202e", "😀", "中",
    "'", '"', "\\", "%", "_", "&", "|", "!", ":*", "<->", "(", ")", "«", "»", "-", "/", ".", ",", "\t", "\n", "--",
)  # fmt: skip
LETTERS = "abcdeghiklmnopqrstuvxyăâđêôơư"


def typed_query(rng: random.Random) -> str:
    """One query. The same state of `rng` gives the same query; never blank, no NUL (the API refuses both)."""
    parts = [rng.choice(TERMS), *(rng.choice(NAMES) for _ in range(rng.randrange(2)))]
    text = " ".join(rng.sample(parts, len(parts)))
    for _ in range(rng.randrange(4)):
        text = _with_slip(text, rng)
    return text if text.strip() else rng.choice(TERMS)


def _with_slip(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) + 1)
    before, after = text[:place], text[place:]
    return rng.choice(
        (
            before + before[-1:] + after,  # a letter doubled
            before + after[1:],  # one left out
            before + rng.choice(LETTERS) + after,  # one too many
            before[:-1] + after[:1] + before[-1:] + after[1:],  # two swapped
            before + rng.choice(ODD_SIGNS) + after,
            before + after.replace(" ", "", 1),  # two words as one
            before.upper() + after,
        )
    )
