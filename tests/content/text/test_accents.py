"""Accents for what was typed without, learnt from texts."""

import numpy as np

from content.text.accents import Spellings, learn_spellings
from content.text.vietnamese import one_spelling

SPEED = "Tốc độ tối đa của xe máy."
TEXTS = [SPEED, "Đồ gỗ và đồ đạc.", "Văn hoá và văn hóa, quý vị hoàn toàn tuỳ ý.", "Từ 30 ngày."] * 5


def restored(text, *may_change):
    words = text.split()
    return " ".join(learn_spellings(TEXTS).with_accents(words, may_change or [True] * len(words)))


def test_neighbours_tell_which_accents_a_syllable_has():
    assert restored("toc do toi da") == "tốc độ tối đa"
    assert restored("do go") == "đồ gỗ"


def test_capitals_stay_and_so_does_what_is_unknown_or_has_marks_or_may_not_change():
    assert restored("Toc do toi da") == "Tốc độ tối đa"
    assert restored("TOC DO TOI DA") == "TỐC ĐỘ TỐI ĐA"
    assert restored("xin toc do") == "xin tốc độ"
    assert restored("tốc do") == "tốc độ"
    assert restored("tóc do") == "tóc đồ"
    assert restored("toc do", True, False) == "tốc do"
    assert restored("tu 9 ngay") == "từ 9 ngày"


def test_abbreviations_and_units_stay_as_they_were_typed_but_for_their_d():
    taught = learn_spellings(["vật liệu", "nđ quy định", "giá điện kwh"] * 5)
    assert taught.with_accents(["VAT", "ND", "lieu"], [True] * 3) == ["VAT", "NĐ", "liệu"]
    assert taught.with_accents(["gia", "dien", "kWh"], [True] * 3) == ["giá", "điện", "kWh"]


def test_two_spellings_of_one_word_are_counted_as_one():
    assert one_spelling("văn hoá, thuỷ, Hoà, quý, hoàn") == "văn hóa, thủy, Hòa, quý, hoàn"
    assert restored("van hoa quy vi hoan toan") == "văn hóa quý vị hoàn toàn"


def test_what_was_seen_seldom_is_taken_for_a_slip_of_the_pen():
    assert learn_spellings(["tốc độ", "tốc đọ"]).forms == []
    assert learn_spellings([]).with_accents(["toc"], [True]) == ["toc"]


def test_texts_read_in_parts_teach_the_same(monkeypatch):
    whole = learn_spellings(TEXTS)
    monkeypatch.setattr("content.text.accents.WORDS_PER_CHUNK", 7)
    parts = learn_spellings(iter(TEXTS))
    assert (whole.forms, whole.times.tolist()) == (parts.forms, parts.times.tolist())
    assert whole.pairs.tolist() == parts.pairs.tolist() and whole.together.tolist() == parts.together.tolist()


def test_they_are_the_same_once_they_were_kept():
    one = learn_spellings(TEXTS)
    pairs, together = np.frombuffer(one.pairs.tobytes(), np.uint32), np.frombuffer(one.together.tobytes(), np.uint16)
    assert Spellings(one.forms, one.times, pairs, together).with_accents(["toc", "do"], [True, True]) == ["tốc", "độ"]
