"""`manage.py import_quiz`: drafts with their law, by name or number; every line that has none is refused."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from content.question_banks.models import QuestionBank, QuizQuestion
from tests.builders import a_document

pytestmark = pytest.mark.django_db
ROW = {
    "id": "q-1",
    "kind": "Trắc nghiệm",
    "question": "Mẫu là gì?",
    "choices": {"A": "Một con vật", "B": "Vật để thử", "C": "Một loại thuế", "D": "Cả A và B"},
    "correct": "B",
    "relevant": [{"law_id": "Luật Thử nghiệm", "article_id": "2"}, {"law_id": "Luật Không Có", "article_id": "1"}],
}
TRUE = ROW | {"id": "q-2", "kind": "Đúng/Sai", "choices": {"A": "Đúng", "B": "Sai"}, "correct": "A"}


def imported(tmp_path, capsys, *rows):
    file = tmp_path / "quiz.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    call_command("import_quiz", str(file), licence="CC BY 4.0")
    return capsys.readouterr().out.splitlines()


def test_what_is_here_is_cited_the_rest_reported_and_the_same_file_twice_changes_nothing(tmp_path, capsys):
    a_document("7/2019/QH14", title="Luật Thử nghiệm")
    by_number = TRUE | {"id": "q-3", "relevant": [{"law_id": "7/2019/QH14", "article_id": "3"}]}
    told = imported(tmp_path, capsys, ROW, TRUE, by_number)
    assert told == [
        "Dòng 1: không tìm thấy căn cứ này: Luật Không Có 1",
        "Dòng 2: không tìm thấy căn cứ này: Luật Không Có 1",
        "Câu hỏi trắc nghiệm: 3 (3 mới, 0 không đổi, 0 bỏ qua)",
    ]
    rows = QuizQuestion.objects.order_by("pk")
    assert [(row.kind, row.right, row.keeps_order, row.status, row.source, row.licence) for row in rows] == [
        ("single", 2, True, "draft", "quiz:q-1", "CC BY 4.0"),
        ("true_false", 1, True, "draft", "quiz:q-2", "CC BY 4.0"),
        ("true_false", 1, True, "draft", "quiz:q-3", "CC BY 4.0"),
    ]
    cited = [[(each.document.number, each.eid) for each in row.basis.citations.all()] for row in rows]
    assert cited == [[("7/2019/QH14", "art_2")], [("7/2019/QH14", "art_2")], [("7/2019/QH14", "art_3")]]
    before = list(rows.values())
    assert imported(tmp_path, capsys, ROW, TRUE, by_number)[-1].endswith("(0 mới, 3 không đổi, 0 bỏ qua)")
    assert (list(rows.values()), QuestionBank.objects.count()) == (before, 1)


def test_a_line_without_a_provision_or_that_is_no_question_is_refused_by_its_number(tmp_path, capsys):
    a_document("7/2019/QH14", title="Luật Thử nghiệm")
    wrong = [
        ROW | {"relevant": []},
        ROW | {"relevant": [{"law_id": "Luật Thử nghiệm", "article_id": "99"}]},
        "{",
        "[]",
        ROW | {"correct": "E"},
        ROW | {"kind": "Tự luận"},
        ROW | {"choices": []},
        "[" * 100_000,
    ]
    told = imported(tmp_path, capsys, *wrong)
    refused = [line for line in told if line.startswith("Bỏ qua dòng")]
    assert [line.partition(":")[0] for line in refused] == [f"Bỏ qua dòng {number}" for number in range(1, 9)]
    assert "Trích dẫn ít nhất một quy định" in refused[0]
    assert QuizQuestion.objects.count() == 0


def test_a_file_that_cannot_be_read_is_told_in_one_sentence(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_quiz", "/nope")
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError):
        call_command("import_quiz", str(tmp_path / "x"))


def test_a_real_collection_is_imported_where_its_laws_are_here_and_twice_changes_nothing(capsys):
    file = Path(settings.BASE_DIR).parent / "shared/data/quiz_alqac.jsonl"
    if not file.exists():
        pytest.skip("needs ../shared/data")
    articles = "\n".join(f"Điều {number}. Mẫu\nQuy định thứ {number}." for number in range(1, 60))
    for number, name in enumerate(("Luật Điện ảnh", "Luật Giáo dục", "Luật Tố tụng hành chính")):
        a_document(f"{number + 1}/2019/QH14", title=name, text=articles)
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    names = {"luật điện ảnh", "luật giáo dục", "luật tố tụng hành chính"}
    here = [
        row for row in rows
        if any(each["law_id"].lower() in names and int(each["article_id"]) < 60 for each in row["relevant"])
    ]  # fmt: skip
    for outcome in (f"{len(here)} mới, 0 không đổi", f"0 mới, {len(here)} không đổi"):
        call_command("import_quiz", str(file))
        *told, last = capsys.readouterr().out.splitlines()
        assert last == f"Câu hỏi trắc nghiệm: {len(rows)} ({outcome}, {len(rows) - len(here)} bỏ qua)"
        assert sum(line.startswith("Bỏ qua dòng") for line in told) == len(rows) - len(here)
    assert QuizQuestion.objects.count() == len(here) > 20
