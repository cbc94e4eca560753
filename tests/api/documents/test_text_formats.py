"""The text as Akoma Ntoso, JSON-LD and Markdown, of a document and of a provision."""

import datetime
import json
import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from api.v1.text_formats import markdown
from content.akn.shown import ShownText
from content.documents.effect import StatusEventKind
from content.publishing import services as publishing
from tests.builders import A_LAW, a_document, amend, an_amending_law

pytestmark = pytest.mark.django_db

TABLE = (
    "Điều 4. Mức | phạt\nTheo bảng:\nHành vi\tMức\nVượt <đèn> đỏ\t4.000.000 | *đồng*\n"
    "- Gạch đầu dòng\n# Không là tiêu đề\n"
)


@pytest.fixture
def law():
    return a_document("31/2024/QH15", title="Luật Mẫu", text=A_LAW.format(number="31/2024/QH15") + TABLE)


def get(path, status=200, **headers):
    answer = Client().get(f"/api/v1/documents/{path}", **headers)
    assert answer.status_code == status, answer.content
    return answer


class Letters(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_data(self, data):
        self.found.append(data)


def rendered_letters(text):
    """The letters of what a reader of Markdown sees, without white space."""
    parser = Letters()
    parser.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    return "".join("".join(parser.found).split())


def body(text):
    return re.fullmatch(r"---\n.*?\n---\n\n(.*)", text, re.DOTALL)[1]


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("?format=akn", "*/*", "application/akn+xml; charset=utf-8"),
        ("", "application/akn+xml", "application/akn+xml; charset=utf-8"),
        ("?format=jsonld", "text/html", "application/ld+json"),
        ("", "application/ld+json", "application/ld+json"),
        ("?format=md", "*/*", "text/markdown; charset=utf-8; variant=GFM"),
        ("", "text/markdown", "text/markdown; charset=utf-8; variant=GFM"),
        ("", "*/*", "application/json"),
    ],
)
@pytest.mark.parametrize("place", ["text", "provisions/art_2"])
def test_format_or_accept_selects_the_format(law, place, query, accept, media_type):
    answer = get(f"{law.key}/{place}{query}", HTTP_ACCEPT=accept)
    assert answer["Content-Type"] == media_type
    assert answer["ETag"]
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("place", ["text", "provisions/art_2"])
def test_fields_belong_to_json(law, place):
    assert get(f"{law.key}/{place}?format=akn&fields=key", 400).json()["errors"][0]["pointer"] == "/fields"
    get(f"{law.key}/{place}?format=pdf", 406)
    get(f"{law.key}/provisions/art_99?format=akn", 404)


def test_markdown_has_a_front_matter_headings_tables_and_links(law):
    citing = a_document(
        "7/2025/QH15", title="Luật Dẫn chiếu",
        text="Điều 1. Phạm vi\n1. Theo khoản 1 Điều 2 Luật Mẫu số 31/2024/QH15.\nĐiều 2. Khác\nHết.\n",
    )  # fmt: skip
    text = get(f"{citing.key}/text?format=md").content.decode()
    lines = dict(line.split(": ", 1) for line in text.split("---")[1].strip().split("\n"))
    front = {name: json.loads(value) for name, value in lines.items()}
    assert (front["number"], front["effect_status"], front["akn"]) == (
        "7/2025/QH15", "in_force", "/akn/vn/act/luat/2019/7-2025-qh15",
    )  # fmt: skip
    assert "Article 15" in front["licence"]
    assert "# Điều 1. Phạm vi" in body(text)
    link = (
        "[khoản 1 Điều 2 Luật Mẫu số 31/2024/QH15](http://127.0.0.1:8000/van-ban/luat-2019-31-2024-qh15/dieu-2/khoan-1)"
    )
    assert f"1\\. Theo {link}." in body(text)
    table = "| Hành vi | Mức |\n| --- | --- |\n| Vượt \\<đèn\\> đỏ | 4.000.000 \\| \\*đồng\\* |"
    assert table in get(f"{law.key}/text?format=md").content.decode()


def removed_in_markdown(document, day):
    text = get(f"{document.key}/text?format=md&as_of={day}").content.decode()
    (line,) = [line for line in text.split("---")[1].split("\n") if line.startswith("removed: ")]
    return json.loads(line.removeprefix("removed: "))


def test_markdown_names_what_acts_removed(law):
    amend(
        an_amending_law(law, instructions="1. Bãi bỏ điểm b khoản 1 Điều 2.\n2. Bãi bỏ Điều 4.", number="9/2024/QH15")
    )
    assert removed_in_markdown(law, "2024-12-31") == []
    act = "Luật sửa đổi, bổ sung một số điều của Luật Mẫu 9/2024/QH15 năm 2024"
    assert removed_in_markdown(law, "2025-01-01") == [
        {"eid": "art_2__clause_1__point_b", "heading": "", "on": "2025-01-01", "act": act},
        {"eid": "art_4", "heading": "Mức | phạt", "on": "2025-01-01", "act": act},
    ]


@pytest.mark.parametrize("place", ["text", "provisions/art_4", "provisions/art_2__clause_1__point_dd"])
def test_markdown_that_is_rendered_has_the_letters_of_the_text(law, place):
    text = get(f"{law.key}/{place}?format=md").content.decode()
    shown = get(f"{law.key}/{place}").json()
    plain = shown["text"] if "text" in shown else "".join(each["text"] for each in shown["provisions"])
    assert rendered_letters(body(text)) == "".join(plain.split())


class AUnit:
    def __init__(self, kind, text):
        self.kind, self.text, self.number, self.heading = kind, text, "1", ""
        self.pk, self.parent_id, self.version_pk = 1, None, 1


MARKUP = some.sampled_from(
    [
        *"*_`[]()<>#+-=.!|~&\\:1a \t\n\"'$^{}", "    ", "1. ", "- ", "# ", "---", "***", "&lt;", "<b>",
        "https://a.vn", "[a](b)", "```", "~~a~~", "Điều 1. ",
    ]
)  # fmt: skip


@example("table", "a|b\tc\nd|e\tf\n")
@example("clause", "1. a\n    b\n# c\n\\")
@given(some.sampled_from(["article", "clause", "table", "paragraph"]), some.lists(MARKUP, max_size=30).map("".join))
def test_nothing_in_a_text_becomes_markup(kind, text):
    written = "\n\n".join(markdown._blocks_of(ShownText([AUnit(kind, text)], {}))) + "\n"
    assert rendered_letters(written) == "".join(text.split())


def test_json_ld_says_what_is_known_of_the_law_and_its_articles(law):
    described = get(f"{law.key}/text?format=jsonld").json()
    home = "http://127.0.0.1:8000"
    assert described["@type"] == "Legislation"
    assert described["@id"] == f"{home}/eli/vn/luat/2019/31-2024-qh15"
    assert described["url"] == f"{home}/van-ban/{law.key}"
    assert described["legislationIdentifier"] == "31/2024/QH15"
    assert described["legislationLegalForce"] == "https://schema.org/InForce"
    assert [each["name"] for each in described["hasPart"]][:2] == [
        "Điều 1. Phạm vi điều chỉnh",
        "Điều 2. Giải thích từ ngữ",
    ]
    article = get(f"{law.key}/provisions/art_2?format=jsonld").json()
    assert article["@id"] == f"{home}/eli/vn/luat/2019/31-2024-qh15/!main~art_2"
    assert article["isPartOf"]["@id"] == described["@id"]
    assert article["text"] == get(f"{law.key}/provisions/art_2").json()["text"]


def test_json_ld_leaves_out_the_force_that_is_unknown_or_doubtful():
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ")
    force = "legislationLegalForce"
    assert get(f"{law.key}/text?format=jsonld").json()[force].endswith("/InForce")
    law.effect_doubts.create(
        act=a_document("2/2019/QH14"), kind="ends", scope="part", eids=["art_1"], from_on=datetime.date(2020, 2, 1),
        words="Điều 1 hết hiệu lực",
    )  # fmt: skip
    assert force not in get(f"{law.key}/text?format=jsonld").json()
    assert force not in get(f"{law.key}/provisions/art_1?format=jsonld").json()
    assert get(f"{law.key}/provisions/art_2?format=jsonld").json()[force].endswith("/InForce")
    publishing.enter_status_event(law, StatusEventKind.EXPIRES, on=datetime.date(2024, 1, 1))
    before = get(f"{law.key}/provisions/art_2?format=jsonld&as_of=2023-12-31").json()
    after = get(f"{law.key}/provisions/art_2?format=jsonld&as_of=2024-01-01").json()
    assert [each[force].rpartition("/")[2] for each in (before, after)] == ["InForce", "NotInForce"]


def test_json_ld_has_versions_and_only_relations_that_somebody_confirmed(law):
    act = an_amending_law(law, "2/2024/QH15")
    assert "eli:amended_by" not in get(f"{law.key}/text?format=jsonld").json()
    amend(act)
    described = get(f"{law.key}/text?format=jsonld&as_of=2025-06-01").json()
    assert [each["name"] for each in described["eli:amended_by"]] == [act.title]
    assert described["legislationDateVersion"] == "2025-01-01"
    assert [each["legislationDateVersion"] for each in described["workExample"]] == ["2025-01-01"]
    theirs = get(f"{act.key}/text?format=jsonld").json()
    assert [each["name"] for each in theirs["legislationAmends"]] == [law.title]
