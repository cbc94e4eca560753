"""The bodies of provinces: whose they are on which day, and what happens when provinces are redrawn."""

import datetime

import pytest

from content.changes.models import Change
from content.errors import RuleBroken
from content.organisations import queries, services
from content.organisations.models import Organisation, Province
from content.organisations.names import local_body
from content.vietnam_time import today

pytestmark = pytest.mark.django_db
BEFORE, SINCE = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)


def province(key):
    return Province.objects.get(key=key)


def test_each_province_has_a_committee_and_a_council_of_its_days():
    for each in Province.objects.all():
        bodies = Organisation.objects.filter(province=each)
        assert sorted(bodies.values_list("code", flat=True)) == ["HĐND", "UBND"]
        assert {(body.valid_from, body.valid_until) for body in bodies} == {(each.valid_from, each.valid_until)}
    committee = Organisation.objects.get(key="ubnd-25-phu-tho-2025")
    assert committee.name == "Ủy ban nhân dân tỉnh Phú Thọ"
    assert sorted(committee.predecessors.values_list("key", flat=True)) == [
        "ubnd-17-hoa-binh", "ubnd-25-phu-tho", "ubnd-26-vinh-phuc"
    ]  # fmt: skip


def test_a_name_means_the_body_of_the_day():
    name = "Uỷ ban nhân dân Tỉnh Phú Thọ"
    assert queries.organisation_by_name(name, BEFORE).key == "ubnd-25-phu-tho"
    assert queries.organisation_by_name(name, SINCE).key == "ubnd-25-phu-tho-2025"
    assert queries.organisation_by_name(name) is None  # no day is no day: not today


def test_a_code_means_the_body_of_the_province_or_the_general_one():
    assert queries.organisation_by_code("UBND").key == "uy-ban-nhan-dan-cap-tinh"
    assert queries.organisation_by_code("hđnd", province("48-da-nang-2025")).key == "hdnd-48-da-nang-2025"
    assert queries.organisation_by_code("BTP", province("48-da-nang-2025")) is None


@pytest.mark.parametrize(
    ("text", "day", "key"),
    [
        ("48-da-nang", SINCE, "48-da-nang"),  # a key means its row
        ("48", BEFORE, "48-da-nang"),
        ("48", SINCE, "48-da-nang-2025"),
        ("15", BEFORE, "15-yen-bai"),
        ("15", SINCE, "15-lao-cai-2025"),
        ("TP. Hồ Chí Minh", SINCE, "79-ho-chi-minh-2025"),
        ("Bà Rịa - Vũng Tàu", BEFORE, "77-ba-ria-vung-tau"),
        ("Kon Tum", None, "62-kon-tum"),  # only one row ever had the name
        ("Kon Tum", SINCE, None),
        ("Phú Thọ", None, None),
        ("Nơi Không Có", BEFORE, None),
        ("TP.Hồ Chí Minh", SINCE, "79-ho-chi-minh-2025"),
        ("TP. HCM", SINCE, "79-ho-chi-minh-2025"),
        ("TP.HCM", SINCE, "79-ho-chi-minh-2025"),
        ("tp ho chi minh", SINCE, "79-ho-chi-minh-2025"),
        ("Tỉnh Bà Rịa – Vũng Tàu", BEFORE, "77-ba-ria-vung-tau"),
        ("Tỉnh Cao Bằng", SINCE, "04-cao-bang-2025"),
        ("Thành phố Cao Bằng", SINCE, None),  # a city of the province
        ("Tỉnh Quảng Nam - Đà Nẵng", BEFORE, None),
    ],
)
def test_a_province_is_named_by_key_code_or_name_on_a_day(text, day, key):
    found = queries.province_named(text, day)
    assert (found and found.key) == key


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ", ("UBND", "", "TỈNH PHÚ THỌ")),
        ("Hội đồng nhân dân thành phố Huế", ("HĐND", "", "thành phố Huế")),
        ("UBND TP.Hồ Chí Minh", ("UBND", "", "TP.Hồ Chí Minh")),
        ("UBND xã Hòa Vang, thành phố Đà Nẵng", ("UBND", "Xã Hòa Vang", "thành phố Đà Nẵng")),
        ("Ủy ban nhân dân PHƯỜNG AN KHÊ", None),
        ("Ủy ban nhân dân huyện Hòa Vang", None),
        ("Ủy ban nhân dân thành phố Việt Trì, tỉnh Phú Thọ", None),
        ("Bộ Tư pháp", None),
    ],
)
def test_the_name_of_a_local_body_says_its_place(name, parts):
    found = local_body(name)
    if name.endswith("AN KHÊ"):
        assert found.commune.startswith(("Phường", "PHƯỜNG"))
    else:
        assert (found and (found.code, found.commune, found.province)) == parts


def merge(*keys, **columns):
    defaults = {"code": "48", "name": "Thành phố Mới", "short_name": "Mới", "type": "city", "on": today()}
    return services.redraw_provinces([province(key) for key in keys], **(defaults | columns))


def test_redrawn_provinces_end_with_their_bodies_and_are_continued_by_one():
    new = merge("48-da-nang-2025", "46-hue-2025")
    assert new.key == f"48-moi-{today().year}"
    old = province("46-hue-2025")
    assert (old.valid_until, old.successor) == (today(), new)
    bodies = Organisation.objects.filter(province=new)
    assert sorted(bodies.values_list("code", flat=True)) == ["HĐND", "UBND"]
    committee = bodies.get(code="UBND")
    assert committee.name == "Ủy ban nhân dân thành phố Mới"
    assert {each.valid_until for each in committee.predecessors.all()} == {today()}
    change = Change.objects.get(event_type="province.redrawn")
    assert (change.subject, sorted(change.facts["merged"]), change.notify) == (
        new.key, ["46-hue-2025", "48-da-nang-2025"], False
    )  # fmt: skip
    merged = queries.with_merged_into(new)
    assert {"48-da-nang", "49-quang-nam", "46-thua-thien-hue"} & set(
        Province.objects.filter(pk__in=merged).values_list("key", flat=True)
    ) == {"48-da-nang", "49-quang-nam", "46-thua-thien-hue"}


@pytest.mark.parametrize(
    ("keys", "columns", "code"),
    [
        (["48-da-nang"], {}, "province_ended"),
        ([], {}, "no_provinces"),
        (["48-da-nang-2025"], {"on": today() + datetime.timedelta(days=1)}, "not_yet"),
        (["48-da-nang-2025"], {"on": datetime.date(2025, 7, 1)}, "province_ended"),
    ],
)
def test_what_cannot_be_redrawn_is_refused_and_nothing_changes(keys, columns, code):
    before = list(Province.objects.order_by("pk").values_list("pk", "valid_until"))
    with pytest.raises(RuleBroken) as refusal:
        merge(*keys, **columns)
    assert refusal.value.code == code
    assert list(Province.objects.order_by("pk").values_list("pk", "valid_until")) == before
