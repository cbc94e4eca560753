"""Questions that were answered elsewhere are published with their law, once."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from content.changes.models import Change
from content.qa import queries, services
from content.qa.models import Answer, Question
from content.qa.services import outdated
from tests.builders import a_document, answerer, correct_law

pytestmark = pytest.mark.django_db
ROW = {
    "id": "q-1",
    "question": "Mẫu là gì?",
    "answer": "Theo khoản 1 Điều 2, mẫu là vật để thử.",
    "references": [
        {"number": "1/2019/QH14", "article": "2", "clause": "1", "point": "đ"},
        {"number": "1/2019/QH14", "article": "2", "clause": "9"},
        {"number": "999/2020/NĐ-CP", "article": "1"},
    ],
}


def taken_in(tmp_path, capsys, *rows):
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    call_command("import_questions", str(file), source="thử")
    return capsys.readouterr().out


def test_what_is_present_is_cited_what_is_not_is_reported_and_a_repeat_changes_nothing(tmp_path, capsys):
    law = a_document("1/2019/QH14")
    told = taken_in(tmp_path, capsys, ROW)
    assert told.splitlines() == [
        "Dòng 1: không tìm thấy căn cứ này: 1/2019/QH14 2 9",
        "Dòng 1: không tìm thấy căn cứ này: 999/2020/NĐ-CP 1",
        "Câu hỏi: 1 (1 mới, 0 không đổi, 0 bỏ qua)",
    ]
    (shown,) = queries.public_questions()
    assert (shown.source, shown.public_title, shown.reader) == ("thử:q-1", "Mẫu là gì?", None)
    assert [citation.eid for citation in shown.current_answers[0].basis.citations.all()] == [
        "art_2__clause_1__point_dd"
    ]
    assert taken_in(tmp_path, capsys, ROW | {"answer": "Khác"}).endswith("(0 mới, 1 không đổi, 0 bỏ qua)\n")
    assert Answer.objects.get().text == ROW["answer"]
    assert Change.objects.filter(event_type="question.answered").values_list("notify", flat=True).get() is False
    assert (
        outdated.flag_answers_citing(correct_law(law, "Mẫu không đặt tên", "Mẫu không tên")) == 1
    )  # it lives as any other
    services.revise(shown, by=answerer(), reason="Luật đã đổi")


def test_a_file_that_is_not_there_or_not_utf_8_is_told_in_one_sentence(tmp_path):
    with pytest.raises(CommandError) as told:
        call_command("import_questions", "/nope")
    assert str(told.value) == "Không đọc được /nope. Hãy kiểm tra đường dẫn và quyền đọc."
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b'{"id": "\xff"}')
    with pytest.raises(CommandError) as told:
        call_command("import_questions", str(file))
    assert str(told.value) == f"{file} không phải UTF-8. Hãy lưu lại bằng UTF-8."


def test_personal_data_is_not_taken_over_and_the_rest_is(tmp_path, capsys):
    told = taken_in(tmp_path, capsys, ROW | {"answer": "Gọi 0912 345 678"}, ROW | {"id": "q-2", "references": []})
    assert "Bỏ qua dòng 1: Hãy bỏ dữ liệu cá nhân trước khi công bố: Số điện thoại." in told
    assert [question.source for question in Question.objects.all()] == ["thử:q-2"]


@pytest.mark.parametrize(
    "bad", ["{", "[]", '{"id": 1}', '{"id": "a", "question": "b", "answer": "c", "references": 1}']
)
def test_a_bad_line_is_named_and_nothing_is_taken_in(tmp_path, capsys, bad):
    with pytest.raises(CommandError, match="Dòng 2"):
        taken_in(tmp_path, capsys, ROW, bad)
    assert Question.objects.count() == 0


def test_the_real_collection_is_taken_in_without_its_law(capsys):
    file = Path(settings.BASE_DIR).parent / "shared/data/qa_traffic_dev.jsonl"
    if not file.exists():
        pytest.skip("the shared data is not here")
    call_command("import_questions", str(file))
    assert capsys.readouterr().out.endswith("Câu hỏi: 147 (147 mới, 0 không đổi, 0 bỏ qua)\n")


def test_a_part_of_a_number_cites_nothing_though_one_document_alone_has_it(tmp_path, capsys):
    a_document("36/2024/NĐ-CP", doc_type="decree", text="Điều 1. Mẫu\n1. Một.\n2. Hai.")
    for number in ("36/2024", "nghị định 36"):
        told = taken_in(tmp_path, capsys, ROW | {"id": number, "references": [{"number": number, "article": "1"}]})
        assert f"Dòng 1: không tìm thấy căn cứ này: {number} 1" in told
