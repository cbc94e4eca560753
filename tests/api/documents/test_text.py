"""The whole text: units as JSON, a page for people, plain text to the letter."""

import hashlib
import itertools
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from content.people import services as people
from content.publishing import services
from content.relations import services as relations
from tests.builders import A_LAW, a_document

pytestmark = pytest.mark.django_db

TABLE = "Điều 4. Mức\nTheo bảng:\nHành vi\tMức\nVượt <đèn> đỏ\t4.000.000 đồng\n"


@pytest.fixture
def law():
    return a_document("31/2024/QH15", title="Luật Mẫu", text=A_LAW.format(number="31/2024/QH15") + TABLE)


def text(law, query="", **headers):
    return Client().get(f"/api/v1/documents/{law.key}/text{query}", **headers)


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/json"),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("", "text/plain", "text/plain; charset=utf-8"),
        ("", "text/*", "text/html; charset=utf-8"),
        ("", "application/json;q=0.1, text/plain;q=0.5", "text/plain; charset=utf-8"),
        ("", "text/html;q=0, */*", "application/json"),
        ("?format=txt", "text/html", "text/plain; charset=utf-8"),
        ("?format=html", "application/json", "text/html; charset=utf-8"),
        ("?format=json", "text/html", "application/json"),
    ],
)
def test_format_beats_accept_and_accept_has_weights(law, query, accept, media_type):
    answer = text(law, query, HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    head = Client().head(f"/api/v1/documents/{law.key}/text{query}", HTTP_ACCEPT=accept)
    assert (head["Content-Type"], head["ETag"], head.content) == (media_type, answer["ETag"], b"")


@pytest.mark.parametrize(("query", "accept"), [("?format=pdf", "*/*"), ("?format=ics", "text/html"), ("", "image/png")])
def test_what_is_not_given_is_406(law, query, accept):
    answer = text(law, query, HTTP_ACCEPT=accept)
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    assert answer["Content-Type"] == "application/problem+json; charset=utf-8"


@pytest.mark.parametrize("query", ["?format=html&fields=url", "?format=txt&fields=url", "?forma=html", "?format="])
def test_a_parameter_that_would_be_ignored_is_refused(law, query):
    assert text(law, query).status_code in (400, 406)
    assert text(law, "?format=html&fields=url").json()["errors"][0]["pointer"] == "/fields"


def test_options_are_told_as_json_whatever_is_accepted(law):
    answer = Client().options(f"/api/v1/documents/{law.key}/text?format=html", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_each_form_has_its_own_etag_and_is_304_to_whom_has_it(law):
    tags = {text(law, f"?format={form}")["ETag"] for form in ("json", "html", "txt")}
    assert len(tags) == 3
    page = text(law, "?format=html")
    assert "Accept" in page["Vary"]
    assert text(law, "?format=html", HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 304
    assert text(law, "?format=txt", HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 200


def test_the_plain_text_is_the_text_to_the_letter(law):
    answer = text(law, "?format=txt")
    assert hashlib.sha256(answer.content).hexdigest() == law.content_hash
    assert "đ) Mẫu không đặt tên.\n" in answer.content.decode()


class Page(HTMLParser):
    """What a screen reader meets: ids, headings with their levels, cells, languages, words."""

    def __init__(self, content):
        super().__init__()
        self.ids, self.headings, self.cells, self.langs, self.words, self.open = [], [], [], {}, [], []
        self.feed(content)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.open.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "lang" in attributes:
            self.langs[tag] = attributes["lang"]
        assert tag not in ("script", "style", "img", "iframe", "form")
        assert not any(name.startswith("on") or name == "style" for name in attributes)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        inner = self.open[-1] if self.open else ""
        heading = next((tag for tag in self.open if re.fullmatch("h[1-6]", tag)), None)
        if heading and data.strip():
            self.headings.append((int(heading[1]), data.strip()))
        if inner in ("th", "td"):
            self.cells.append((inner, data))
        self.words.append(data)


def test_the_page_has_anchors_headings_in_order_tables_and_the_language_of_the_law(law):
    page = Page(text(law, "?format=html&lang=en").content.decode())
    eids = ["preamble", "chp_1", "art_1", "art_2", "art_2__clause_1", "art_2__clause_1__point_dd", "art_4"]
    assert [eid for eid in page.ids if eid in eids] == eids
    assert len(set(page.ids)) == len(page.ids)
    assert page.headings[:4] == [
        (1, "Luật Mẫu"),
        (2, "Chương I"),
        (2, "QUY ĐỊNH CHUNG"),
        (3, "Điều 1. Phạm vi điều chỉnh"),
    ]
    levels = [level for level, _words in page.headings]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.cells == [("th", "Hành vi"), ("th", "Mức"), ("td", "Vượt <đèn> đỏ"), ("td", "4.000.000 đồng")]
    assert (page.langs["html"], page.langs["main"], page.langs["h1"]) == ("en", "vi", "vi")


def test_the_page_loads_our_stylesheet_and_icon_and_nothing_else(law):
    answer = text(law, "?format=html")
    policy = dict(rule.split(" ", 1) for rule in answer["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert '/api/text.css"' in answer.content.decode()
    assert "style-src" not in text(law, "?format=json")["Content-Security-Policy"]


def test_the_page_says_what_the_copy_is_worth_and_the_document_too(law):
    words = "".join(Page(text(law, "?format=html").content.decode()).words)
    assert "Bản không chính thức: bản chính thức có giá trị áp dụng." in words
    assert "Chưa có người đối chiếu với bản gốc." in words
    hoa = people.create_account("hoa", roles=["approver"])[0]
    services.verify_copy(law, by=hoa, office="Ban biên tập")
    provenance = Client().get(f"/api/v1/documents/{law.key}").json()["provenance"]
    assert (provenance["legal_value"], provenance["verified_by"]) == ("unofficial", "Ban biên tập")
    assert "Ban biên tập" in text(law, "?format=html").content.decode()
    official = a_document(is_official_copy=True)
    assert Client().get(f"/api/v1/documents/{official.key}").json()["provenance"]["legal_value"] == "official"


@pytest.mark.parametrize("form", ["json", "html", "txt"])
def test_the_query_count_of_a_text_does_not_grow_with_its_units(django_assert_max_num_queries, form):
    for articles in (1, 30):
        units = "".join(f"Điều {number}. Mẫu\n1. Một;\n2. Hai.\n" for number in range(1, articles + 1))
        law = a_document(text=units)
        with django_assert_max_num_queries(8):
            assert text(law, f"?format={form}").status_code == 200


def test_a_provision_has_a_text_for_voices(law):
    provision = Client().get(f"/api/v1/documents/{law.key}/provisions/art_2__clause_1__point_dd").json()
    assert provision["speech_text"] == "Điểm đê. Mẫu không đặt tên.\n"


def test_a_consolidated_text_has_no_status_and_points_at_what_it_merges():
    merged = a_document("34/2016/NĐ-CP", doc_type="decree", issuer="Chính phủ")
    words = "NGHỊ ĐỊNH\nNghị định số 34/2016/NĐ-CP của Chính phủ.\nCăn cứ Hiến pháp;\nĐiều 1. Mẫu\nMẫu.\n"
    vbhn = a_document("3/VBHN-BTP", doc_type="consolidated_text", issuer="Chính phủ", text=words)
    hoa = people.create_account("hoa", roles=["approver"])[0]
    assert Client().get(f"/api/v1/documents/{vbhn.key}").json()["consolidates"] == []
    relations.confirm_relation(vbhn.relations.get(), by=hoa)
    shown = Client().get(f"/api/v1/documents/{vbhn.key}").json()
    assert (shown["effect_status"], shown["effect_status_name"], shown["provenance"]["legal_value"]) == (
        None,
        None,
        "consolidated",
    )
    assert shown["effect_note"].startswith("Văn bản hợp nhất không có hiệu lực riêng")
    assert [document["key"] for document in shown["consolidates"]] == [merged.key]
    listed = Client().get("/api/v1/documents?status=in_force").json()["results"]
    assert [document["key"] for document in listed] == [merged.key]
    assert "Văn bản hợp nhất không có hiệu lực riêng" in text(vbhn, "?format=html").content.decode()
    provision = Client().get(f"/api/v1/documents/{vbhn.key}/provisions/art_1").json()
    assert provision["effect_status"] is None
