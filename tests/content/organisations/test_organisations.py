"""Issuing bodies and provinces as every installation starts with them, and what the tables refuse."""

import datetime
import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from content.documents.models import LegalDocument
from content.organisations import queries
from content.organisations.models import Organisation, OrganisationKind, Province, Succession
from content.text.vietnamese import slug
from tests.builders import a_document

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[3].parent / "shared/data"
MERGER_OF_MINISTRIES = datetime.date(2025, 3, 1)
MERGER_OF_PROVINCES = datetime.date(2025, 7, 1)
DAY = datetime.timedelta(days=1)


def shared(name):
    if not (DATA / name).exists():
        pytest.skip(f"no {name} in {DATA}")
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def provinces_on(day):
    return queries.valid_on(Province.objects.all(), day)


def names(rows):
    return {row.name for row in rows}


def test_there_are_34_provinces_since_july_2025_and_63_the_day_before():
    assert provinces_on(MERGER_OF_PROVINCES).count() == 34
    assert set(provinces_on(MERGER_OF_PROVINCES).values_list("valid_from", flat=True)) == {MERGER_OF_PROVINCES}
    assert provinces_on(MERGER_OF_PROVINCES - DAY).count() == 63
    assert set(provinces_on(MERGER_OF_PROVINCES - DAY).values_list("valid_until", flat=True)) == {MERGER_OF_PROVINCES}


def test_each_former_province_goes_into_one_that_begins_when_it_ends():
    for province in Province.objects.exclude(valid_until=None).select_related("successor"):
        assert province.successor.valid_from == province.valid_until, province
    current = set(Province.objects.filter(valid_until=None))
    assert {province.successor for province in provinces_on(MERGER_OF_PROVINCES - DAY)} == current


def test_hue_was_a_province_until_2025_and_a_city_before_the_others_were_redrawn():
    chain = [("46-thua-thien-hue", "province"), ("46-hue-2025-01-01", "city"), ("46-hue-2025", "city")]
    assert list(Province.objects.filter(code="46").values_list("key", "type")) == chain
    assert provinces_on(datetime.date(2024, 12, 31)).filter(code="46").get().name == "Tỉnh Thừa Thiên Huế"
    assert Province.objects.get(key="46-thua-thien-hue").successor.key == "46-hue-2025-01-01"


def test_a_province_that_grew_or_changed_its_code_is_another_row():
    before, since = Province.objects.get(key="25-phu-tho"), Province.objects.get(key="25-phu-tho-2025")
    assert (before.name, before.code, before.successor) == (since.name, since.code, since)
    assert names(since.predecessors.all()) == {"Tỉnh Phú Thọ", "Tỉnh Vĩnh Phúc", "Tỉnh Hòa Bình"}
    assert list(Province.objects.filter(code="15").values_list("key", flat=True)) == ["15-yen-bai", "15-lao-cai-2025"]


def test_provinces_are_those_of_the_shared_list():
    known = shared("provinces.json")
    now = {(p["code"], p["name"], p["short"]) for p in known["current_34"]}
    assert set(Province.objects.filter(valid_until=None).values_list("code", "name", "short_name")) == now
    # the list gives Huế its name of 2024 until the merger; Resolution 175/2024/QH15 changed it half a year before
    eve = provinces_on(datetime.date(2024, 12, 31))
    before = {(p["code"], p["name"], p["short"]) for p in known["before_2025_63"]}
    assert set(eve.values_list("code", "name", "short_name")) == before
    into = {p["code"]: p["now"] for p in known["before_2025_63"]}
    assert dict(provinces_on(MERGER_OF_PROVINCES - DAY).values_list("code", "successor__code")) == into


def test_keys_of_provinces_say_code_name_and_beginning():
    for province in Province.objects.all():
        plain = f"{province.code}-{slug(province.short_name)}"
        since = province.valid_from
        assert province.key in ((f"{plain}-{since.year}", f"{plain}-{since}") if since else (plain,))


def test_organisations_are_those_of_the_shared_list():
    known = shared("organisations.json")
    bodies = dict(Organisation.objects.filter(province=None).values_list("name", "code"))
    groups = ("ministries", "ministerial_agencies", "other_issuers", "former")
    assert bodies == {body["name"]: body["abbr"] for group in groups for body in known[group]}
    for group, kind in (("ministries", "ministry"), ("ministerial_agencies", "ministerial_agency")):
        present = Organisation.objects.filter(kind=kind, valid_until=None)
        assert names(present) == {body["name"] for body in known[group]}
    said = {
        f"{succession.predecessor} ({succession.part})".removesuffix(" ()") + f" → {succession.successor}"
        for succession in Succession.objects.filter(predecessor__province=None).select_related(
            "predecessor", "successor"
        )
    }
    assert said == {f"{part} → {body['name']}" for body in known["ministries"] for part in body["absorbed"]}
    for body in known["former"]:
        assert Organisation.objects.get(name=body["name"]).handed_on.first().successor.name == body["now"]


def test_only_the_ministries_merged_in_2025_have_ended_and_each_names_who_came_after():
    general = Organisation.objects.filter(province=None)
    ended = general.exclude(valid_until=None)
    assert set(ended.values_list("valid_until", flat=True)) == {MERGER_OF_MINISTRIES}
    assert ended.count() == 7
    assert {body for body in general if body.handed_on.exists()} == set(ended)
    new = general.filter(valid_from=MERGER_OF_MINISTRIES)
    assert names(new) == {"Bộ Nông nghiệp và Môi trường", "Bộ Dân tộc và Tôn giáo"}


def test_a_ministry_split_up_says_which_part_went_where():
    labour = Organisation.objects.get(code="BLĐTBXH")
    assert [(each.successor.code, each.part) for each in labour.handed_on.select_related("successor")] == [
        ("BNV", "một phần"),
        ("BGDĐT", "giáo dục nghề nghiệp"),
        ("BYT", "bảo trợ xã hội, trẻ em"),
    ]
    assert set(labour.successors.values_list("code", flat=True)) == {"BNV", "BGDĐT", "BYT"}


def test_only_the_bodies_of_provinces_are_local():
    local = set(Organisation.objects.filter(level="local").values_list("kind", flat=True))
    assert local == {OrganisationKind.LOCAL_COUNCIL, OrganisationKind.LOCAL_COMMITTEE}


def test_a_document_keeps_the_name_of_a_ministry_that_is_no_more():
    circular = a_document("5/2011/TT-BLĐTBXH", doc_type="circular", issuer="Bộ Lao động - Thương binh và Xã hội")
    issuer = LegalDocument.objects.get(pk=circular.pk).issuer
    assert (issuer.name, issuer.code) == ("Bộ Lao động - Thương binh và Xã hội", "BLĐTBXH")
    assert issuer.valid_until == MERGER_OF_MINISTRIES


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("BỘ TƯ PHÁP", "BTP"),
        ("Bộ Giao thông vận tải", "BGTVT"),
        ("Uỷ ban Dân tộc", "UBDT"),
        ("Bộ Văn hoá - Thể thao và Du lịch", "BVHTTDL"),
        ("Bộ Công Thương.", "BCT"),
        ("bo lao dong – thuong binh va xa hoi", "BLĐTBXH"),
    ],
)
def test_a_body_is_found_by_its_name_present_or_former(name, code):
    assert queries.organisation_by_name(name).code == code


@pytest.mark.parametrize("name", ["", "Bộ", "Bộ Tư", "…", "Bộ Không Có"])
def test_what_is_no_name_finds_nobody(name):
    assert queries.organisation_by_name(name) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("BTP", "BTP"), ("QH15", "QH"), ("UBTVQH14", "UBTVQH"), ("TTG", "TTg"), ("BGDÐT", "BGDĐT"), ("bgtvt", "BGTVT")],
)
def test_a_body_is_found_by_the_end_of_an_official_number(written, code):
    assert queries.organisation_by_code(written).code == code


@pytest.mark.parametrize("written", ["", "15", "BTP2", "XYZ"])
def test_what_is_no_code_finds_nobody(written):
    assert queries.organisation_by_code(written) is None


def test_names_and_codes_stay_apart_without_their_accents():
    bodies = Organisation.objects.filter(province=None)
    assert all(
        queries.organisation_by_name(body.name) == queries.organisation_by_code(body.code) == body for body in bodies
    )


@pytest.mark.parametrize("model", [Organisation, Province])
def test_nothing_ends_before_it_begins(model):
    refused(lambda: model.objects.filter(valid_until=None).update(valid_from="2025-07-01", valid_until="2025-07-01"))


def test_the_tables_refuse_what_is_never_true():
    justice = Organisation.objects.get(code="BTP")
    refused(lambda: Succession.objects.create(predecessor=justice, successor=justice))
    refused(lambda: Organisation.objects.filter(code="BTP").update(kind="club"))
    refused(lambda: Organisation.objects.filter(code="BTP").update(level=""))
    refused(lambda: Province.objects.create(key="x", code="1", name="x", short_name="x", type="city"))
    refused(lambda: Province.objects.create(key="x", code="01", name="x", short_name="x", type="city"))
    refused(lambda: Province.objects.filter(key="25-phu-tho").update(valid_until=None))


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
