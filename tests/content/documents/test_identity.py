"""What a key calls a document that has no number: an address never changes, so it may name nobody."""

import pytest

from content.documents import identity


@pytest.mark.parametrize(
    "title",
    [
        "Quyết định khen thưởng ông Nguyễn Văn An",
        "QUYẾT ĐỊNH VỀ VIỆC KHEN THƯỞNG ÔNG NGUYỄN VĂN AN",
        "Về việc giải quyết khiếu nại của ông Kibunuma",
        "quyết định khen thưởng nguyễn văn an",
        "Kết luận về đơn của bà hoa",
        "Trả lời công dân, điện thoại 0912345678",
    ],
)
def test_a_title_that_may_tell_who_somebody_is_gives_a_hash(title):
    assert identity.words_in_address("", title) == identity.title_hash(title)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Quy chế dân chủ ở cơ sở", "quy-che-dan-chu-o-co-so"),
        ("Quy định về Bà mẹ Việt Nam anh hùng", "quy-dinh-ve-ba-me-viet-nam-anh-hung"),
        ("HIẾN PHÁP NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "hien-phap-nuoc-cong-hoa-xa-hoi-chu-nghia-viet-nam"),
    ],
)
def test_any_other_title_is_readable_in_it(title, words):
    assert identity.words_in_address("", title) == words


def test_a_number_stands_for_the_title():
    assert identity.words_in_address("12/2024/QĐ-UBND", "Khen thưởng ông Nguyễn Văn An") == "12-2024-qd-ubnd"
