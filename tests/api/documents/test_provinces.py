"""Documents by territory: lists, facets, search, feeds, look-up, and what a document says of its own."""

import datetime

import pytest
from django.test import Client

from content.law.page_paths import document_path
from tests.builders import a_document, a_local_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def local():
    """«15/2024/QĐ-UBND» of Đà Nẵng and Kon Tum, one of Quảng Ngãi since it was redrawn, and a law."""
    a_document("31/2024/QH15")
    redrawn = {"issued_on": datetime.date(2025, 8, 1), "effective_on": datetime.date(2025, 8, 15)}
    return {
        "da-nang": a_local_document(province="48-da-nang").key,
        "kon-tum": a_local_document(province="62-kon-tum").key,
        "quang-ngai": a_local_document("1/2025/QĐ-UBND", province="51-quang-ngai-2025", **redrawn).key,
    }


def keys_of(answer):
    return {row["key"] for row in answer.json()["results"]}


def test_a_list_is_narrowed_to_a_province_a_territory_or_a_level(api, local):
    assert keys_of(api("get", "documents?province=62-kon-tum")) == {local["kon-tum"]}
    assert keys_of(api("get", "documents?province=51-quang-ngai-2025")) == {local["quang-ngai"]}
    merged = {local["kon-tum"], local["quang-ngai"]}
    assert keys_of(api("get", "documents?applies_in=51-quang-ngai-2025")) == merged
    assert keys_of(api("get", "documents?applies_in=62-kon-tum")) == {local["kon-tum"]}
    assert keys_of(api("get", "documents?level=local")) == set(local.values())
    assert len(keys_of(api("get", "documents?level=central"))) == 1
    assert api("get", "documents?province=99-khong-co").status_code == 400


def test_facets_count_by_province(api, local):
    counted = api("get", "documents/facets?level=local").json()["province"]
    assert sorted((each["value"], each["count"]) for each in counted) == [
        ("48-da-nang", 1), ("51-quang-ngai-2025", 1), ("62-kon-tum", 1)
    ]  # fmt: skip


def test_a_document_says_its_territory(api, local):
    detail = api("get", f"documents/{local['kon-tum']}").json()
    assert (detail["province"]["key"], detail["province"]["name"]) == ("62-kon-tum", "Tỉnh Kon Tum")
    assert (detail["commune"], detail["provenance"]["territory"]) == ("", "Tỉnh Kon Tum")
    assert detail["issuer"]["name"] == "Ủy ban nhân dân tỉnh Kon Tum"
    law = api("get", "documents?level=central").json()["results"][0]
    assert (law["province"], law["commune"]) == (None, "")


def test_a_commune_is_named_in_the_territory(api):
    document = a_local_document(province="48", commune_code="20194", commune_name="Xã Hòa Vang")
    detail = api("get", f"documents/{document.key}").json()
    assert (detail["commune"], detail["provenance"]["territory"]) == (
        "Xã Hòa Vang", "Xã Hòa Vang, Thành phố Đà Nẵng"
    )  # fmt: skip
    assert keys_of(api("get", "documents?level=local")) == {document.key}


def test_the_page_of_a_document_names_the_territory():
    document = a_local_document(province="48", commune_code="20194", commune_name="Xã Hòa Vang")
    shown = Client().get(document_path(document.key), {"lang": "vi"}, headers={"Accept": "text/html"})
    assert 'Địa bàn</dt><dd lang="vi">Xã Hòa Vang, Thành phố Đà Nẵng</dd>' in shown.content.decode()


def looked_up(api, query):
    answer = api("get", f"documents/lookup?{query}").json()
    return answer["certainty"], {each["document"]["key"] for each in answer["candidates"]}


def test_a_number_of_several_provinces_gives_all_and_of_one_its_own(api, local):
    both = {local["da-nang"], local["kon-tum"]}
    assert looked_up(api, "number=15/2024/QĐ-UBND") == ("ambiguous", both)
    assert looked_up(api, "number=15/2024/QĐ-UBND&province=48-da-nang") == ("exact", {local["da-nang"]})
    assert looked_up(api, "number=15/2024/QĐ-UBND&province=51-quang-ngai-2025") == ("likely", {local["kon-tum"]})
    assert looked_up(api, "number=15/2024/QĐ-UBND&province=25-phu-tho") == ("unknown", set())
    assert looked_up(api, "akn=/akn/vn-48/act/quyet-dinh/2024/15-2024-qd-ubnd") == ("exact", {local["da-nang"]})
    for wrong in ("number=1&province=khong-co", "name=Luật&province=48-da-nang"):
        assert api("get", f"documents/lookup?{wrong}").status_code == 400


def test_a_number_that_recurs_or_of_a_commune_is_never_certain(api):
    yearly = a_local_document("1628/QĐ-UBND", province="48", issued_on=datetime.date(2024, 5, 1), effective_on=None)
    commune = {"commune_code": "20194", "commune_name": "Xã Hòa Vang"}
    of_commune = a_local_document(province="48-da-nang", **commune)
    assert looked_up(api, "number=1628/QĐ-UBND&province=48-da-nang") == ("likely", {yearly.key})
    assert looked_up(api, "number=15/2024/QĐ-UBND&province=48-da-nang") == ("likely", {of_commune.key})


def test_search_and_feeds_take_the_same_filters(api, local):
    found = api("get", "search?q=quyết định về mẫu&applies_in=51-quang-ngai-2025&kind=document").json()
    assert {each["document"]["key"] for each in found["results"]} == {local["kon-tum"], local["quang-ngai"]}
    assert {each["value"] for each in found["facets"]["province"]} == {"62-kon-tum", "51-quang-ngai-2025"}
    found = api("get", "search?q=quyết định về mẫu&level=central&kind=document").json()
    assert not {each["document"]["key"] for each in found["results"]} & set(local.values())
    feed = Client().get("/api/v1/feeds/documents.json?province=48-da-nang").json()
    assert [item["id"].rpartition("/")[2] for item in feed["items"]] == [local["da-nang"]]


def test_a_citation_in_a_local_act_means_its_own_province(api, local):
    context = {"document": local["quang-ngai"]}
    body = {"text": "Theo Quyết định số 15/2024/QĐ-UBND.", "context": context}
    (citation,) = api("post", "citations/resolve", body).json()["citations"]
    assert (citation["certainty"], [each["document"]["key"] for each in citation["candidates"]]) == (
        "likely", [local["kon-tum"]]  # its own of that number may merely be missing
    )  # fmt: skip
    for words, meant in (
        ("của UBND tỉnh Kon Tum về mẫu", ("exact", [local["kon-tum"]])),
        ("ngày 01/5/2024 của Ủy ban nhân dân thành phố Đà Nẵng", ("exact", [local["da-nang"]])),
        ("của UBND tỉnh Quảng Ngãi", ("unknown", [])),
    ):
        said = {"text": f"Theo Quyết định số 15/2024/QĐ-UBND {words}.", "context": context}
        (citation,) = api("post", "citations/resolve", said).json()["citations"]
        assert (citation["certainty"], [each["document"]["key"] for each in citation["candidates"]]) == meant
    (citation,) = api("post", "citations/resolve", {"text": body["text"]}).json()["citations"]
    assert citation["certainty"] == "ambiguous"
