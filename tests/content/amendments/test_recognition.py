"""What an amending act instructs, recognised in its text, and a text after it is applied."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import parsing
from content.amendments.consolidation import apply_instructions
from content.amendments.instructions import AmendingAction
from content.amendments.recognition.amending_acts import recognise_instructions
from content.diff import UnitText, unit_diffs
from content.law.units import UnitPart
from content.publishing import sample

TITLE = "Luật sửa đổi, bổ sung một số điều của Luật Mẫu số 1/2019/QH14"


def instructions(*lines, heading="Sửa đổi, bổ sung một số điều của Luật Mẫu số 1/2019/QH14"):
    """(action, eid) of what is recognised in an article of these lines."""
    return [(str(each.action), each.eid) for each in recognised(*lines, heading=heading)]


def recognised(*lines, heading="Sửa đổi, bổ sung một số điều của Luật Mẫu số 1/2019/QH14"):
    text = "\n".join([f"Điều 1. {heading}", *lines, "Điều 2. Trách nhiệm", "Ai cũng làm theo Luật này.", ""])
    return recognise_instructions(text, parsing.parse_text(text), title=TITLE)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1. Sửa đổi, bổ sung khoản 2 Điều 15 như sau:\n“2. Nội dung mới.”.", [("replace", "art_15__clause_2")]),
        ("1. Điều 13 được sửa đổi, bổ sung như sau:\n“Điều 13. Tên\n1. Một.”.", [("replace", "art_13")]),
        ("1. Bổ sung Điều 12a vào sau Điều 12 như sau:\n“Điều 12a. Tên\nMột.”.", [("insert", "art_12a")]),
        ("1. Bổ sung khoản 2a vào sau khoản 2 Điều 1 như sau:\n“2a. Một.”.", [("insert", "art_1__clause_2a")]),
        ("1. Bãi bỏ điểm c khoản 1 Điều 7.", [("repeal", "art_7__clause_1__point_c")]),
        ("1. Thay thế cụm từ “a b” bằng cụm từ “c” tại khoản 1 Điều 5 và tên Điều 7.",
         [("replace_phrase", "art_5__clause_1"), ("replace_phrase", "art_7")]),
        ("1. Bỏ cụm từ “a”, cụm từ “b” tại điểm p khoản 2 Điều 4.",
         [("drop_phrase", "art_4__clause_2__point_p"), ("drop_phrase", "art_4__clause_2__point_p")]),
        ("1. Bổ sung cụm từ “a” vào sau cụm từ “b” tại khoản 3 Điều 31.", [("insert_phrase", "art_31__clause_3")]),
        ("1. Bãi bỏ khoản 1, sửa đổi, bổ sung khoản 2 Điều 103 như sau:\n“2. Một.”.",
         [("repeal", "art_103__clause_1"), ("replace", "art_103__clause_2")]),
        ("1. Sửa đổi, bổ sung một số khoản của Điều 14 như sau:\na) Bãi bỏ khoản 2;\nb) Sửa đổi, bổ sung khoản 3"
         " như sau:\n“3. Một.”.", [("repeal", "art_14__clause_2"), ("replace", "art_14__clause_3")]),
        ("1. Bỏ từ “a,” tại các điều, khoản, điểm sau đây:\na) Khoản 1 Điều 69 và điểm a khoản 1 Điều 70;\nb) Điều 9.",
         [("drop_phrase", "art_69__clause_1"), ("drop_phrase", "art_70__clause_1__point_a"), ("drop_phrase", "art_9")]),
        ("1. Bãi bỏ từ “a” tại khoản 1 Điều 18; bãi bỏ điểm b khoản 1 Điều 41; điểm e khoản 1 Điều 66.",
         [("drop_phrase", "art_18__clause_1"), ("repeal", "art_41__clause_1__point_b"),
          ("repeal", "art_66__clause_1__point_e")]),
        ("1. Bãi bỏ các khoản, điều sau đây:\na) Khoản 2 Điều 7;\nb) Điều 9.",
         [("repeal", "art_7__clause_2"), ("repeal", "art_9")]),
    ],
)  # fmt: skip
def test_instructions_are_recognised(line, expected):
    assert instructions(*line.split("\n")) == expected


def test_an_instruction_has_its_target_its_anchor_its_text_and_no_doubt():
    (instruction,) = recognised("1. Bổ sung khoản 2a vào sau khoản 2 Điều 1 như sau:", "“2a. Một:", "a) Hai.”.")
    assert (instruction.target.number, instruction.anchor, instruction.text) == (
        "1/2019/QH14",
        "art_1__clause_2",
        "2a. Một:\na) Hai.",
    )
    assert (instruction.source, instruction.certainty, instruction.is_certain) == ("art_1__clause_1", 1.0, True)


def test_new_wording_of_several_units_is_cut_to_each():
    found = recognised("1. Sửa đổi, bổ sung khoản 1 và khoản 3 Điều 5 như sau:", "“1. Một:", "a) Hai.", "3. Ba.”.")
    assert [each.text for each in found] == ["1. Một:\na) Hai.", "3. Ba."]


def test_what_is_not_clear_carries_a_doubt():
    (instruction,) = recognised("1. Sửa đổi, bổ sung khoản 2 như sau:", "“2. Một.”.")
    assert (instruction.doubts, instruction.is_certain) == (("no_article",), False)
    (instruction,) = recognised("1. Sửa đổi, bổ sung khoản 2 Điều 5 như sau:", "Không có ngoặc kép.")
    assert instruction.doubts == ("no_text",)
    (instruction,) = recognised("1. Sửa đổi, bổ sung đoạn thứ hai khoản 2 Điều 5 như sau:", "“Một.”.")
    assert "passage" in instruction.doubts


def test_parts_of_units():
    heading, opening = recognised(
        "1. Sửa đổi, bổ sung tên Điều 9 như sau:",
        "“Điều 9. Tên mới”.",
        "2. Sửa đổi, bổ sung đoạn mở đầu khoản 4 Điều 48 như sau:",
        "“4. Mở đầu:”.",
    )
    assert (heading.eid, heading.part) == ("art_9", UnitPart.HEADING)
    assert (opening.eid, opening.part) == ("art_48__clause_4", UnitPart.OPENING)


def test_an_act_that_amends_nothing_has_no_instructions():
    assert instructions("1. Bổ sung kinh phí tại khoản 2 Điều 5 Luật này.", heading="Kinh phí") == []
    assert instructions("1. Bãi bỏ quyết định nêu tại khoản 1 Điều 3.", heading="Xử lý vi phạm") == []


EFFECT_CLAUSE = """Điều 6. Mức phạt
1. Một.
Điều 7. Hiệu lực thi hành
1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2025, trừ quy định tại khoản 2 Điều này.
2. Quy định tại điểm m khoản 3 Điều 6, điểm e khoản 4 Điều 26 của Nghị định này có hiệu lực thi hành từ ngày \
01 tháng 01 năm 2026; quy định tại điểm b khoản 1 Điều 32 của Nghị định này có hiệu lực thi hành theo quy định của \
pháp luật về khí thải.
3. Nghị định số 15/2013/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực thi hành.
"""


def test_the_effect_clause_of_an_act_names_parts_with_a_day_of_their_own_or_none_yet():
    found = recognise_instructions(EFFECT_CLAUSE, parsing.parse_text(EFFECT_CLAUSE), title="Nghị định mẫu")
    day = datetime.date
    assert [(each.action, each.eid, each.on, each.target.number) for each in found] == [
        (AmendingAction.TAKES_EFFECT, "", day(2025, 1, 1), ""),
        (AmendingAction.TAKES_EFFECT, "art_6__clause_3__point_m", day(2026, 1, 1), ""),
        (AmendingAction.TAKES_EFFECT, "art_26__clause_4__point_e", day(2026, 1, 1), ""),
        (AmendingAction.TAKES_EFFECT, "art_32__clause_1__point_b", None, ""),
    ]


@pytest.mark.parametrize(
    ("line", "doubts"),
    [
        ("1. Bãi bỏ khoản 1 Điều 19 của Luật Mẫu.", []),
        ("1. Bãi bỏ các quy định liên quan đến việc xác định thuế tại khoản 1 Điều 19, khoản 1 Điều 20.",
         ["unclear_order", "unclear_order"]),
        ("1. Bãi bỏ các nội dung quy định về thuế tại các điều, khoản sau đây:\na) Khoản 2 Điều 7;",
         ["unclear_order"]),
        ("1. Sửa đổi l khoản 5 Điều 74 như sau:\n“5. Một.”.", ["unclear_order"]),
    ],
)  # fmt: skip
def test_words_between_verb_and_unit_that_are_not_known_make_a_doubt(line, doubts):
    assert [doubt for each in recognised(*line.split("\n")) for doubt in each.doubts] == doubts


def test_the_first_paragraph_of_a_clause_is_its_opening_and_another_one_a_doubt():
    (first,) = recognised("1. Sửa đổi, bổ sung khổ đầu khoản 4 Điều 260 như sau:", "“4. Một.”.")
    assert (first.part, first.eid, first.doubts) == (UnitPart.OPENING, "art_260__clause_4", ())
    (second,) = recognised("1. Sửa đổi, bổ sung khổ thứ hai khoản 4 Điều 260 như sau:", "“Một.”.")
    assert "passage" in second.doubts


def test_a_length_of_time_is_no_article_and_a_word_no_point():
    assert instructions("1. Sửa đổi, bổ sung khoản 2 Điều 90; 06 tháng kể từ ngày đó như sau:", "“2. Một.”.") == [
        ("replace", "art_90__clause_2")
    ]
    assert instructions("1. Bãi bỏ khoản 2 Điều 9 là điểm ra khỏi đường.") == [("repeal", "art_9__clause_2")]


def test_an_act_written_with_the_icelandic_letter_is_read_as_any_other():
    assert instructions("1. B\u00e3i b\u1ecf kho\u1ea3n 2 \u00d0i\u1ec1u 9.") == [("repeal", "art_9__clause_2")]


pieces = st.sampled_from(
    ["Điều 1. ", "Sửa đổi, bổ sung ", "khoản 2 ", "điểm đ ", "Điều 7 ", "như sau:\n", "“", "”", "1. ", "a) ",
     "tại ", "\n", "Thay cụm từ ", "bằng ", "của Luật Mẫu ", "có hiệu lực từ ngày 30 tháng 02 năm 2024", "vào sau ",
     "và ", ", ", "\ue0009\ue001"]
)  # fmt: skip


@given(st.lists(pieces | st.text(max_size=5), max_size=40).map("".join))
@settings(deadline=None, max_examples=150)
def test_no_text_breaks_the_recogniser(text):
    recognise_instructions(text, parsing.parse_text(text), title=TITLE)


def unit_texts_of(text):
    units = parsing.parse_text(text).units
    return [
        UnitText(unit.eid, str(unit.kind), unit.number, unit.heading, text[unit.start : unit.end],
              None if unit.parent is None else units[unit.parent].eid)
        for unit in units
    ]  # fmt: skip


def test_the_sample_act_reads_as_its_amending_act_says():
    (act, _), (amending, _) = sample.sample_records()
    before = unit_texts_of(act.text)
    found = recognise_instructions(amending.text, parsing.parse_text(amending.text), title=amending.title)
    assert all(each.is_certain for each in found)
    after, failures = apply_instructions(before, found)
    said = {unit.eid: unit.text for unit in after}
    assert failures == []
    assert said["art_2__clause_2__point_dd"] == "đ) Người giữ dụng cụ và sửa dụng cụ.\n"
    assert said["art_6__clause_2"] == "2. Hộ bận việc được đổi buổi với hộ khác và ghi vào sổ vườn.\n"
    assert "art_3__clause_3" not in said
    eids = [unit.eid for unit in after]
    assert eids[eids.index("art_6__clause_3") + 1] == "art_6__clause_4"
    assert eids.index("art_8a__clause_2__point_b") == eids.index("art_8a") + 4 == eids.index("art_9") - 1
    changes = {each.eid: str(each.what) for each in unit_diffs(before, after)}
    assert (changes["art_4__clause_4"], changes["art_3__clause_3"]) == ("added", "removed")
    assert changes["art_4__clause_3"] == "changed"
    assert "art_4__clause_1" not in changes  # replaced with the same words


def test_what_cannot_be_carried_out_changes_nothing_and_says_why():
    before = unit_texts_of("Điều 1. Một\n1. Hai ba.\nĐiều 2. Bốn\nNăm.\n")
    found = recognised(
        "1. Bãi bỏ khoản 9 Điều 1.",
        "2. Bổ sung Điều 2 vào sau Điều 1 như sau:",
        "“Điều 2. Mới",
        "Một.”.",
        "3. Bỏ cụm từ “sáu” tại khoản 1 Điều 1.",
    )
    after, failures = apply_instructions(before, found)
    assert after == before
    assert {failure.failure for failure in failures} == {"unknown_provision", "exists_already", "phrase_not_found"}


def test_a_phrase_is_whole_words_and_leaves_no_double_space():
    before = unit_texts_of("Điều 1. Một\n1. Có xe, xe đạp, xeo và xe.\n")
    (instruction,) = recognised("1. Bỏ cụm từ “, xe đạp” tại khoản 1 Điều 1.")
    assert apply_instructions(before, [instruction])[0][-1].text == "1. Có xe, xeo và xe.\n"
    (instruction,) = recognised("1. Thay cụm từ “xe” bằng cụm từ “thuyền” tại Điều 1.")
    assert apply_instructions(before, [instruction])[0][-1].text == "1. Có thuyền, thuyền đạp, xeo và thuyền.\n"
    before = unit_texts_of("Điều 1. Một\n1. Uỷ ban, Ủy ban và uỷ ban.\n")
    (instruction,) = recognised("1. Thay cụm từ “Ủy ban” bằng cụm từ “Hội đồng” tại Điều 1.")
    assert apply_instructions(before, [instruction])[0][-1].text == "1. Hội đồng, Hội đồng và uỷ ban.\n"
    (instruction,) = recognised("1. Bãi bỏ cụm từ “e đạp” tại Điều 1.")
    assert [
        failure.failure for failure in apply_instructions(unit_texts_of("Điều 1. Một\n1. Xe đạp.\n"), [instruction])[1]
    ] == ["phrase_not_found"]


def test_a_phrase_that_also_begins_a_sentence_is_left_to_a_person():
    before = unit_texts_of("Điều 28. Một\n1. Lập quy hoạch nông thôn. Quy hoạch nông thôn gồm hai phần.\n")
    (instruction,) = recognised("1. Thay cụm từ “quy hoạch nông thôn” bằng cụm từ “quy hoạch chung” tại Điều 28.")
    after, (failure,) = apply_instructions(before, [instruction])
    assert (after, str(failure.failure)) == (before, "capitalised")  # as in 35/2018/QH14, Art. 28(18)


def test_the_number_of_an_amending_law_is_not_that_of_the_law_it_amended():
    text = (
        "QUỐC HỘI\nLUẬT\nQuốc hội ban hành Luật sửa đổi, bổ sung một số điều của Luật dầu khí năm 1993 đã được sửa "
        "đổi, bổ sung theo Luật sửa đổi, bổ sung một số điều của Luật dầu khí số 19/2000/QH10,\n"
        "Điều 1. Sửa đổi, bổ sung một số điều của Luật dầu khí:\n1. Bãi bỏ Điều 14.\n"
    )
    (order,) = recognise_instructions(
        text, parsing.parse_text(text), title="Luật sửa đổi, bổ sung một số điều của Luật dầu khí"
    )
    assert (order.target.name, order.target.number, order.eid) == ("Luật dầu khí", "", "art_14")


@pytest.mark.parametrize(
    "clause",
    [
        "Điểm b khoản 1 Điều 1, khoản 2 Điều 2 có hiệu lực từ ngày 01 tháng 01 năm 2027; điểm c khoản 1 Điều 1 có hiệu"
        " lực từ ngày 01 tháng 7 năm 2027.",
        "Điểm b khoản 1 Điều 1, khoản 2 Điều 2 có hiệu lực từ ngày 01 tháng 01 năm 2027 và điểm c khoản 1 Điều 1 có"
        " hiệu lực từ ngày 01 tháng 7 năm 2027.",
    ],
)
def test_two_days_of_one_sentence_are_read(clause):
    text = f"Điều 3. Hiệu lực thi hành\n2. {clause}\n"
    found = recognise_instructions(text, parsing.parse_text(text), title="Nghị định")
    assert {each.eid: str(each.on) for each in found} == {
        "art_1__clause_1__point_b": "2027-01-01",
        "art_2__clause_2": "2027-01-01",
        "art_1__clause_1__point_c": "2027-07-01",
    }
