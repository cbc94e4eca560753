"""Provisions cited in words, small to large."""

import datetime
from types import SimpleNamespace

import pytest

from content.documents.citations import cite_document, cite_provision


def a_work(doc_type, number, title, issued_on=datetime.date(2024, 1, 18)):
    return SimpleNamespace(doc_type=doc_type, number=number, title=title, issued_on=issued_on)


def units(*pairs):
    return [SimpleNamespace(kind=kind, number=number) for kind, number in pairs]


LAND = a_work("law", "31/2024/QH15", "Luật Đất đai 2024")


@pytest.mark.parametrize(
    ("lineage", "words"),
    [
        ([("article", "15"), ("clause", "2"), ("point", "a")], "điểm a khoản 2 Điều 15 Luật Đất đai năm 2024"),
        ([("chapter", "II"), ("section", "1"), ("article", "15")], "Điều 15 Luật Đất đai năm 2024"),
        ([("chapter", "II"), ("section", "1")], "Mục 1 Chương II Luật Đất đai năm 2024"),
        ([("annex", "I"), ("form", "01"), ("paragraph", "")], "Mẫu số 01 Phụ lục I Luật Đất đai năm 2024"),
        ([("preamble", "")], "Luật Đất đai năm 2024"),
    ],
)
def test_units(lineage, words):
    assert cite_provision(LAND, units(*lineage)) == words


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (a_work("decree", "100/2019/NĐ-CP", "Nghị định quy định …"), "Nghị định số 100/2019/NĐ-CP"),
        (a_work("law", "1/2012/QH13", "Luật Phòng, chống rửa tiền"), "Luật Phòng, chống rửa tiền năm 2024"),
        (a_work("code", "91/2015/QH13", "Bộ luật dân sự 2015"), "Bộ luật dân sự năm 2015"),
        (a_work("law", "31/2024/QH15", "Luật Đất đai năm 2024", None), "Luật Đất đai năm 2024"),
        (a_work("law", "1/SL", "Luật Cũ", None), "Luật Cũ"),
        (
            a_work("law", "35/2024/QH15", "Luật Đường bộ của Quốc hội, số 35/2024/QH15", None),
            "Luật Đường bộ năm 2024",
        ),
        (
            a_work("law", "1/2030/QH17", "Luật bãi bỏ Luật Đường bộ, số 35/2024/QH15", None),
            "Luật bãi bỏ Luật Đường bộ, số 35/2024/QH15 năm 2030",
        ),
        (a_work("notice", "", "Thông báo nghỉ lễ"), "Thông báo nghỉ lễ"),
    ],
)
def test_documents(work, words):
    assert cite_document(work) == words
