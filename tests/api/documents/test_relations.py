"""A document's relations through the API: facts by default, proposals only as such."""

import datetime

import pytest

from content.documents.models import LegalDocument
from content.people import services as people
from content.relations import services
from content.relations.models import Relation
from tests.builders import a_document, a_draft

pytestmark = pytest.mark.django_db

TEXT = """LUẬT
Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
Điều 1. Phạm vi
Việc này theo khoản 1 Điều 2 Luật Khác số 8/2011/QH13.
Điều 2. Hiệu lực thi hành
Luật Cũ số 5/2010/QH12 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.
"""


@pytest.fixture
def hoa():
    return people.create_account("hoa", roles=["approver"])[0]


@pytest.fixture
def old():
    return a_document("5/2010/QH12", title="Luật Cũ", issued_on=datetime.date(2010, 1, 1))


@pytest.fixture
def new(old):
    return a_document("1/2019/QH14", title="Luật Mới", text=TEXT)


def ask(api, document, query=""):
    answer = api("get", f"documents/{document.key}/relations{query}")
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def kinds_and_statuses(rows):
    return [(row["kind"], row["direction"], row["status"]) for row in rows]


def test_a_proposal_is_no_fact_and_shown_only_to_whom_asks_for_it(api, new, old):
    assert ask(api, new) == ask(api, old) == []
    assert kinds_and_statuses(ask(api, new, "?status=proposed")) == [
        ("based_on", "outgoing", "proposed"),
        ("cites", "outgoing", "proposed"),
        ("repeals", "outgoing", "proposed"),
    ]
    assert kinds_and_statuses(ask(api, old, "?status=proposed&status=confirmed")) == [
        ("repeals", "incoming", "proposed")
    ]


def test_what_was_confirmed_is_seen_from_both_ends(api, new, old, hoa):
    services.confirm_relation(Relation.objects.get(kind="repeals"), by=hoa)
    (out,), (into,) = ask(api, new), ask(api, old)
    assert out.pop("decided_at")
    assert out == {
        "kind": "repeals",
        "direction": "outgoing",
        "label": "bãi bỏ",
        "document": {
            "key": old.key,
            "url": f"http://127.0.0.1:8000/api/v1/documents/{old.key}",
            "page_url": f"http://127.0.0.1:8000/van-ban/{old.key}",
            "number": "5/2010/QH12",
            "title": "Luật Cũ",
            "is_sample": False,
            "completeness": "complete",
        },
        "document_text": "Luật Cũ số 5/2010/QH12",
        "scope": "whole",
        "effective_on": "2020-01-01",
        "source_eid": "art_2",
        "source_url": f"http://127.0.0.1:8000/api/v1/documents/{new.key}/provisions/art_2",
        "target_eids": [],
        "evidence": "Luật Cũ số 5/2010/QH12 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.",
        "status": "confirmed",
        "status_name": "Đã xác nhận",
        "stated_by": None,
    }
    assert (into["direction"], into["label"], into["document"]["key"]) == ("incoming", "bị bãi bỏ bởi", new.key)
    assert into["document_text"] == "Luật Mới năm 2019"
    assert ask(api, new, "?lang=en")[0]["label"] == "repeals"
    assert ask(api, old, "?lang=en")[0]["label"] == "is repealed by"


def test_filters_by_kind_and_direction(api, new, old):
    assert kinds_and_statuses(ask(api, new, "?status=proposed&kind=cites&kind=repeals")) == [
        ("cites", "outgoing", "proposed"),
        ("repeals", "outgoing", "proposed"),
    ]
    assert ask(api, new, "?status=proposed&direction=incoming") == []
    assert kinds_and_statuses(ask(api, old, "?status=proposed&direction=incoming")) == [
        ("repeals", "incoming", "proposed")
    ]
    assert ask(api, new, "?status=proposed&kind=cites")[0]["target_eids"] == ["art_2__clause_1"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("kind=eats", "kind"), ("status=rejected", "status"), ("direction=up", "direction"), ("stat=x", "stat"),
     ("cursor=junk", "cursor"), ("page_size=0", "page_size"), ("direction=incoming&direction=outgoing", "direction")],
)  # fmt: skip
def test_a_bad_parameter_is_400_and_named(api, new, query, parameter):
    answer = api("get", f"documents/{new.key}/relations?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{parameter}")


def test_drafts_are_told_of_nowhere(api, old, hoa):
    draft = a_draft("2/2019/QH14", text=TEXT)
    for relation in draft.relations.all():
        services.confirm_relation(relation, by=hoa)
    assert ask(api, old) == []
    assert api("get", f"documents/{draft.key}/relations").status_code == 404
    new = a_document("1/2019/QH14", text=TEXT)
    services.confirm_relation(new.relations.get(kind="repeals"), by=hoa)
    LegalDocument.objects.filter(pk=old.pk).update(status="draft", published_at=None)
    (row,) = ask(api, new)
    assert (row["document"], row["document_text"]) == (None, "Luật Cũ số 5/2010/QH12")


def test_what_was_rejected_is_shown_to_nobody(api, new, hoa):
    services.reject_relation(Relation.objects.get(kind="repeals"), by=hoa)
    assert "repeals" not in [
        kind for kind, *_ in kinds_and_statuses(ask(api, new, "?status=proposed&status=confirmed"))
    ]


def test_pages_hold_every_relation_once_and_have_an_etag(api, new):
    url, seen = f"documents/{new.key}/relations?status=proposed&page_size=2", []
    first = api("get", url)
    while url:
        page = api("get", url).json()
        seen += [row["kind"] for row in page["results"]]
        url = page["next"]
    assert seen == ["based_on", "cites", "repeals"]
    again = api("get", f"documents/{new.key}/relations?status=proposed&page_size=2", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304


def test_the_query_count_does_not_grow_with_the_rows(api, new, hoa, django_assert_num_queries):
    for kind in ("repeals", "cites", "based_on"):
        services.confirm_relation(Relation.objects.get(kind=kind), by=hoa)
        with django_assert_num_queries(5):
            ask(api, new)
