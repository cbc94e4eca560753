"""Citations in texts that people send: found, resolved, with the effect on a day, and never stored."""

import datetime
import logging

import pytest
from django.utils import timezone

from content.relations.models import Relation, RelationKind
from tests.builders import a_document, a_draft, a_local_document

pytestmark = pytest.mark.django_db

LAND = {"title": "Luật Đất đai", "issued_on": datetime.date(2013, 11, 29), "effective_on": datetime.date(2014, 7, 1)}
NEW_LAND = {"title": "Luật Đất đai", "issued_on": datetime.date(2024, 1, 18), "effective_on": datetime.date(2025, 1, 1)}


def resolved(client, text, **body):
    answer = client.post("/api/v1/citations/resolve", {"text": text, **body}, content_type="application/json")
    assert answer.status_code == 200, answer.json()
    return answer.json()["citations"]


def statuses(client, *references, **body):
    asked = {"references": list(references), **body}
    return client.post("/api/v1/documents/status", asked, content_type="application/json").json()["results"]


def meant(citation):
    """(certainty, numbers of the candidates)."""
    return citation["certainty"], [each["document"]["number"] for each in citation["candidates"]]


def test_a_text_is_answered_with_what_it_names_and_where(client):
    a_document("45/2013/QH13", **LAND)
    text = "Theo điểm a khoản 1 Điều 2 Luật Đất đai năm 2013 thì …"
    (citation,) = resolved(client, text)
    assert text[citation["start"] : citation["end"]] == citation["text"]
    assert citation["text"] == "điểm a khoản 1 Điều 2 Luật Đất đai năm 2013"
    assert citation["parsed"]["units"] == [
        {"kind": "article", "numbers": ["2"]}, {"kind": "clause", "numbers": ["1"]}, {"kind": "point", "numbers": ["a"]}
    ]  # fmt: skip
    assert meant(citation) == ("exact", ["45/2013/QH13"])
    (candidate,) = citation["candidates"]
    assert (candidate["effect_status"], candidate["effect_status_name"]) == ("in_force", "Còn hiệu lực")
    (unit,) = candidate["provisions"]
    assert (unit["eid"], unit["exists"], unit["effect_status"]) == ("art_2__clause_1__point_a", True, "in_force")
    assert unit["citation"] == "điểm a khoản 1 Điều 2 Luật Đất đai năm 2013"


def test_an_empty_eid_of_the_context_is_none_as_generated_clients_send_it(client):
    law = a_document("45/2013/QH13", **LAND)
    (citation,) = resolved(client, "Điều 2 Luật này", context={"document": law.key, "eid": ""})
    assert meant(citation) == ("exact", ["45/2013/QH13"])


def test_null_is_what_was_left_out_as_the_client_generated_for_dart_sends_it(client):
    law = a_document("45/2013/QH13", **LAND)
    (citation,) = resolved(client, "Luật Đất đai năm 2013", as_of=None, context=None)
    assert meant(citation) == ("exact", ["45/2013/QH13"])
    assert statuses(client, law.key, as_of=None) == statuses(client, law.key)


def test_the_year_behind_a_number_chooses_the_document_of_that_year(client):
    for year in (2021, 2024):
        a_document("904/QĐ-TTg", doc_type="decision", title=f"Quyết định {year}", issued_on=datetime.date(year, 5, 1))
    chosen = {}
    for said in ("", " năm 2024", " năm 2021", " năm 2019"):
        (citation,) = resolved(client, f"Quyết định 904/QĐ-TTg{said}")
        chosen[said] = citation["certainty"], [each["document"]["title"] for each in citation["candidates"]]
    assert chosen[" năm 2024"] == ("exact", ["Quyết định 2024"])
    assert chosen[" năm 2021"] == ("exact", ["Quyết định 2021"])
    assert [chosen[said][0] for said in ("", " năm 2019")] == ["ambiguous", "ambiguous"]


def test_a_list_of_numbers_means_each_of_them(client):
    for number in ("15/2020/NĐ-CP", "16/2020/NĐ-CP"):
        a_document(number, doc_type="decree", title=f"Nghị định {number}", issued_on=datetime.date(2020, 2, 3))
    found = resolved(client, "Theo các Nghị định số 15 và 16/2020/NĐ-CP")
    assert [meant(each) for each in found] == [("exact", ["15/2020/NĐ-CP"]), ("exact", ["16/2020/NĐ-CP"])]


def test_more_units_than_are_listed_are_said_to_be_more(client):
    a_document("45/2013/QH13", **LAND)
    words = ["Điều 1 đến Điều 700", "Điều 1 đến Điều 9999", "Điều 1 đến Điều 50"]
    found = [resolved(client, f"{each} Luật Đất đai năm 2013")[0] for each in words]
    told = [(len(each["candidates"][0]["provisions"]), each["units_truncated"]) for each in found]
    assert told == [(50, True), (2, True), (50, False)]


def test_a_clause_that_the_law_does_not_have_is_said_to_be_missing(client):
    a_document("45/2013/QH13", **LAND)
    (citation,) = resolved(client, "khoản 9 Điều 2 Luật Đất đai năm 2013")
    (unit,) = citation["candidates"][0]["provisions"]
    assert (unit["exists"], unit["effect_status"], unit["citation"]) == (False, None, "")


def test_a_name_alone_is_likely_the_law_in_force_on_the_day_and_shows_the_others(client):
    old, new = a_document("45/2013/QH13", **LAND), a_document("31/2024/QH15", **NEW_LAND)
    old.status_events.create(kind="expires", scope="whole", on="2025-01-01", stated_on="2025-01-01")
    (today,) = resolved(client, "Luật Đất đai quy định")
    assert meant(today) == ("likely", [new.number, old.number])
    (then,) = resolved(client, "Luật Đất đai quy định", as_of="2020-01-01")
    assert meant(then) == ("likely", [old.number, new.number])
    assert [each["effect_status"] for each in then["candidates"]] == ["in_force", "not_yet_effective"]


def test_two_laws_of_one_name_in_force_are_ambiguous(client):
    a_document("45/2013/QH13", **LAND)
    a_document("31/2024/QH15", **NEW_LAND)
    (citation,) = resolved(client, "Luật Đất đai")
    assert meant(citation) == ("ambiguous", ["31/2024/QH15", "45/2013/QH13"])


def test_a_number_without_its_year_or_its_province_is_never_exact(client):
    a_document("15/QĐ-TTg", doc_type="decision", title="Quyết định", issuer="Thủ tướng Chính phủ")
    a_local_document("15/2019/QĐ-UBND")
    assert [meant(each)[0] for each in resolved(client, "Quyết định số 15/QĐ-TTg; Quyết định số 15/2019/QĐ-UBND")] == [
        "likely", "likely"
    ]  # fmt: skip
    (dated,) = resolved(client, "Quyết định số 15/QĐ-TTg ngày 14/6/2019")
    assert dated["certainty"] == "exact"


def test_a_document_that_is_not_here_or_not_public_is_unknown(client):
    a_draft("45/2013/QH13", **LAND)
    found = resolved(client, "Luật Đất đai số 45/2013/QH13; Nghị định số 1/2001/NĐ-CP; Luật Vũ trụ năm 2030")
    assert [(each["certainty"], each["candidates"]) for each in found] == [("unknown", [])] * 3


def test_this_article_is_that_of_the_context(client):
    law = a_document("45/2013/QH13", **LAND)
    context = {"document": law.key, "eid": "art_2__clause_1"}
    found = resolved(client, "điểm b khoản này; khoản 2 Điều này; Điều 3 của Luật này; khoản 2", context=context)
    eids = [unit["eid"] for each in found for unit in each["candidates"][0]["provisions"]]
    assert eids == ["art_2__clause_1__point_b", "art_2__clause_2", "art_3", "art_2__clause_2"]
    assert resolved(client, "khoản 2 Điều này")[0]["certainty"] == "unknown"


def test_units_that_name_no_document_are_likely_those_of_the_context_and_never_exact(client):
    law, other = a_document("45/2013/QH13", **LAND), a_document("31/2024/QH15", **NEW_LAND)
    context = {"document": other.key, "eid": "art_1"}
    text = "từ Điều 1 đến khoản 1 Điều 2 Luật Đất đai năm 2013"
    assert [meant(each) for each in resolved(client, text, context=context)] == [
        ("likely", [other.number]), ("exact", [law.number])
    ]  # fmt: skip
    after_year = resolved(client, "Luật Đất đai 2013 (sửa đổi năm 2018) Điều 2", context=context)
    assert [each["certainty"] for each in after_year] == ["exact", "likely"]
    assert [each["certainty"] for each in resolved(client, "khoản 2 Điều này", context=context)] == ["exact"]


def test_a_name_with_another_day_than_that_of_its_law_is_never_exact(client):
    a_document("45/2013/QH13", **LAND)
    found = resolved(client, "Luật Đất đai ngày 29/11/2013; Luật Đất đai ngày 01 tháng 01 năm 2013")
    assert [meant(each) for each in found] == [("exact", ["45/2013/QH13"]), ("likely", ["45/2013/QH13"])]


def test_citations_never_overlap_where_a_name_has_several_years(client):
    a_document("45/2013/QH13", **LAND)
    found = resolved(client, "Luật Đất đai năm 2003, năm 2013 và năm 2024 thì …")
    assert [each["text"] for each in found] == ["Luật Đất đai năm 2003"]


def test_a_reference_that_names_two_documents_is_never_exact(client):
    old, new = a_document("45/2013/QH13", **LAND), a_document("31/2024/QH15", **NEW_LAND)
    found = statuses(
        client, f"{old.number}; {new.number}", f"{old.number} và 1/2001/NĐ-CP", f"Luật Đất đai 2013 ({old.number})"
    )
    assert [meant(each) for each in found] == [
        ("likely", [old.number]), ("likely", [old.number]), ("exact", [old.number])
    ]  # fmt: skip


def test_the_text_is_in_no_log(client, caplog):
    with caplog.at_level(logging.DEBUG):
        resolved(client, "Tôi là Minh, 0912345678, hỏi về Điều 5 Luật Đất đai")
        client.post("/api/v1/citations/resolve", {"text": "0912345678", "x": 1}, content_type="application/json")
    assert "0912345678" not in caplog.text
    assert "Minh" not in caplog.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"), ({"text": 5}, "text"), ({"text": "x" * 20_001}, "text"),
        ({"text": "a", "as_of": "1900-01-01"}, "as_of"),
        ({"text": "a", "context": {"document": "none"}}, "document"), ({"text": "a", "lang": "en"}, "lang"),
    ],
)  # fmt: skip
def test_a_wrong_request_names_the_field(client, body, field):
    answer = client.post("/api/v1/citations/resolve", body, content_type="application/json")
    assert answer.status_code == 400
    assert field in str(answer.json()["errors"])


def test_only_the_first_200_citations_are_answered_and_that_is_said(client):
    text = "Điều 1 Luật này. " * 201
    answer = client.post("/api/v1/citations/resolve", {"text": text}, content_type="application/json").json()
    assert (len(answer["citations"]), answer["truncated"]) == (200, True)


def test_statuses_of_many_references_come_in_their_order_with_all_that_fit(client):
    old, new = a_document("45/2013/QH13", **LAND), a_document("31/2024/QH15", **NEW_LAND)
    found = statuses(
        client, new.key, "45/2013/QH13", "Luật Đất đai năm 2024", "luat dat dai", "9/2001/QH10", "xin chào"
    )
    assert [each["reference"] for each in found][:2] == [new.key, "45/2013/QH13"]
    assert [meant(each) for each in found] == [
        ("exact", [new.number]), ("exact", [old.number]), ("exact", [new.number]),
        ("ambiguous", [new.number, old.number]), ("unknown", []), ("unknown", []),
    ]  # fmt: skip


def test_a_status_tells_the_law_that_replaces_it(client):
    old, new = a_document("45/2013/QH13", **LAND), a_document("31/2024/QH15", **NEW_LAND)
    Relation.objects.create(
        kind=RelationKind.REPLACES, scope="whole", actor=new, target=old, target_text="Luật Đất đai",
        target_key=old.number_key, status="confirmed", decided_at=timezone.now(),
    )  # fmt: skip
    (found,) = statuses(client, old.key)
    assert [each["number"] for each in found["candidates"][0]["replaced_by"]] == [new.number]


def test_more_than_fifty_references_are_refused(client):
    answer = client.post("/api/v1/documents/status", {"references": ["1"] * 51}, content_type="application/json")
    assert answer.status_code == 400


def test_a_lookup_by_number_or_name_gives_candidates_also_when_there_is_none(client):
    a_document("45/2013/QH13", **LAND)
    assert meant(client.get("/api/v1/documents/lookup?number=45/2013").json()) == ("likely", ["45/2013/QH13"])
    assert meant(client.get("/api/v1/documents/lookup?name=Luật Đất đai 2013").json()) == ("exact", ["45/2013/QH13"])
    assert meant(client.get("/api/v1/documents/lookup?number=99/2013/QH13").json()) == ("unknown", [])
    assert client.get("/api/v1/documents/lookup").status_code == 400
    assert client.get("/api/v1/documents/lookup?number=1&name=2").status_code == 400


@pytest.mark.parametrize("wrong", ["\x00", "Điều 2", "art_2\n", "a" * 161])
def test_what_is_no_eid_is_said_and_not_asked_of_the_database(client, wrong):
    law = a_document("45/2013/QH13", **LAND)
    answer = client.get(f"/api/v1/documents/{law.key}/cited-by", {"eid": wrong})
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (400, ["/eid"])


@pytest.mark.parametrize("by", ["number", "name", "akn", "eli"])
def test_a_lookup_of_control_characters_is_no_fault_of_ours(client, by):
    assert client.get("/api/v1/documents/lookup", {by: "Luật\x00 1/2020/QH14"}).status_code == 400


@pytest.mark.parametrize(
    ("address", "body"),
    [("citations/resolve", {"text": "Luật Đất đai"}), ("documents/status", {"references": ["31/2024/QH15"]})],
)
def test_beyond_the_limit_of_the_operator_an_address_waits(client, settings, address, body):
    settings.CITATIONS_PER_MINUTE = 0
    answer = client.post(f"/api/v1/{address}", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 1 <= int(answer["Retry-After"]) <= 60
