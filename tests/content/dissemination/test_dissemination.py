"""Short addresses, placements and their counts: once a wave, nothing given out twice, nothing of a person."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from content.dissemination import cards, queries, services, subjects
from content.dissemination.choices import SubjectType
from content.dissemination.models import Card, LinkDay, Placement, PlacementCount, ShareLink
from content.dissemination.openings import OpeningCounter, is_preview_robot
from content.dissemination.subjects import Subject
from content.errors import NotAllowed, RuleBroken
from content.media import services as media
from content.vietnam_time import today
from tests.builders import a_document, a_member_of_staff, an_answered_question, an_event
from tests.builders_contests import a_running_contest
from tests.builders_dissemination import a_placement, an_outlet
from tests.builders_media import a_material, a_publisher

pytestmark = pytest.mark.django_db


def refused(call, *arguments, **options):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **options)
    return refusal.value.code


def test_every_kind_of_object_has_public_words():
    law, question, event, contest = a_document(), an_answered_question(), an_event(), a_running_contest()
    material = a_material()
    keyed = {
        SubjectType.DOCUMENT: law, SubjectType.QUESTION: question, SubjectType.EVENT: event,
        SubjectType.CONTEST: contest, SubjectType.MATERIAL: material,
    }  # fmt: skip
    for subject_type, row in keyed.items():
        found = subjects.find_subject(subject_type, row.key)
        assert found.title and found.page_path.endswith(row.key) and found.api_path.endswith(row.key)
    article = subjects.find_subject(SubjectType.DOCUMENT, law.key, "art_1")
    assert article.title.startswith("Điều 1 ") and article.page_path.endswith("/dieu-1")
    assert subjects.find_subject(SubjectType.DOCUMENT, law.key, "art_99") is None
    assert subjects.find_subject(SubjectType.EVENT, event.key, "art_1") is None


def test_what_is_withdrawn_has_no_words():
    material = a_material()
    link = services.share_link("material", material.key)
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    assert subjects.subject_of(link) is None
    assert refused(services.share_link, "material", material.key) == "subject_not_public"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tl-7kq2m4xw9d", ("material", "tl-7kq2m4xw9d", "")),
        ("https://luatmo.example/tai-lieu/tl-7kq2m4xw9d?fbclid=1", ("material", "tl-7kq2m4xw9d", "")),
        ("luat-2024-31-2024-qh15~art_3", ("document", "luat-2024-31-2024-qh15", "art_3")),
        ("/van-ban/luat-2024-31-2024-qh15/dieu-3/khoan-2", ("document", "luat-2024-31-2024-qh15", "art_3__clause_2")),
        ("/van-ban/luat-2024-31-2024-qh15", ("document", "luat-2024-31-2024-qh15", "")),
        ("/van-ban/luat/khong-co", None),
        ("", None),
    ],
)
def test_a_key_or_the_address_of_a_page_names_an_object(typed, expected):
    assert subjects.parse_name(typed) == expected


def test_an_object_has_one_short_address_for_each_outlet():
    material, outlet = a_material(), an_outlet()
    first = services.share_link("material", material.key)
    assert services.share_link("material", material.key) == first
    assert services.share_link("material", material.key, outlet=outlet) != first
    assert ShareLink.objects.count() == 2 and len(first.code) == 7


def test_a_placement_is_refused_twice_in_a_wave_and_allowed_in_the_next():
    outlet, material = an_outlet(), a_material()
    a_placement(outlet, material=material)
    assert refused(a_placement, outlet, material=material) == "already_placed"
    assert a_placement(outlet, material=material, wave=2).wave == 2


def test_what_a_placement_refuses():
    outlet, material = an_outlet("zalo"), a_material()
    assert refused(a_placement, outlet, material=material, text="x" * 2001) == "text_too_long"
    assert refused(a_placement, outlet, material=material, text=" ") == "blank"
    with pytest.raises(NotAllowed):
        answerer = a_member_of_staff("minh-answers", "answerer")
        services.place("material", material.key, outlet=outlet, form="other", text="x", by=answerer)
    services.save_outlet(outlet, organisation=outlet.organisation, kind="zalo", name="Trang", is_active=False)
    assert refused(a_placement, outlet, material=material) == "outlet_not_in_use"
    assert queries.outlet_with_secret(outlet.secret) is None
    assert Placement.objects.count() == 0


def test_the_words_of_the_kit_fit_the_outlet_and_keep_the_address():
    subject = Subject("Luật", "Tên", "từ " * 2000, "/", "/")
    text = services.text_for(subject, an_outlet("notice_board"), "https://luatmo.example/s/abcdefg")
    assert len(text) <= 600 and text.endswith("https://luatmo.example/s/abcdefg") and text.startswith("Tên\n")


def test_a_claim_is_given_once_and_is_unsure_until_it_is_reported():
    outlet = an_outlet()
    placement = a_placement(outlet)
    assert list(queries.queue_of(outlet)) == [placement]
    assert services.claim(placement, outlet=outlet).status == "unsure"
    assert list(queries.queue_of(outlet)) == []
    assert refused(services.claim, placement, outlet=outlet) == "already_claimed"
    placed = services.report(placement, outlet=outlet, is_placed=True, url="https://facebook.com/1")
    assert (placed.status, placed.url) == ("placed", "https://facebook.com/1")
    assert services.report(placement, outlet=outlet, is_placed=True).placed_at == placed.placed_at
    assert refused(services.report, placement, outlet=outlet, is_placed=False) == "already_reported"


def test_a_report_without_a_claim_is_refused():
    outlet = an_outlet()
    assert refused(services.report, a_placement(outlet), outlet=outlet, is_placed=True) == "not_claimed"


def test_a_person_settles_what_is_unsure_or_queues_it_again():
    outlet = an_outlet()
    placement = a_placement(outlet)
    services.claim(placement, outlet=outlet)
    assert services.queue_again(placement).status == "queued"
    assert list(queries.queue_of(outlet)) == [placement]
    assert refused(services.settle, placement, is_placed=True, url="javascript:1") == "invalid_url"
    assert services.settle(placement, is_placed=True).status == "placed"
    assert refused(services.queue_again, placement) == "already_reported"
    assert refused(services.claim, placement, outlet=outlet) == "already_claimed"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_gets_it():
    outlet = an_outlet()
    placement, outcomes = a_placement(outlet), []

    def claim():
        try:
            outcomes.append(services.claim(placement, outlet=outlet).status)
        except RuleBroken as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["already_claimed"] * 3 + ["unsure"]


def test_counts_of_a_day_and_source_are_replaced_and_checked():
    placement, day = a_placement(), today()
    services.enter_count(placement, day=day, source="Lan", reach=10)
    services.enter_count(placement, day=day, source="Lan", reach=12, views=3)
    row = PlacementCount.objects.get()
    assert (row.reach, row.views, row.copies) == (12, 3, None)
    assert refused(services.enter_count, placement, day=day, source="Lan") == "nothing_counted"
    assert refused(services.enter_count, placement, day=day, source="Lan", reach=-1) == "count_out_of_range"
    assert refused(services.enter_count, placement, day=day + timedelta(2), source="Lan", reach=1) == "day_ahead"


def test_public_counts_are_by_form_kind_month_and_province():
    outlet, board = an_outlet(), an_outlet("notice_board", "Bảng tin")
    for each, form in ((outlet, "mass_media"), (board, "direct")):
        placement = a_placement(each, form=form)
        services.settle(placement, is_placed=True)
        services.enter_count(placement, day=today(), source="Lan", reach=5, copies=2)
        LinkDay.objects.create(link=placement.link, day=today(), opened=7, previews=4)
    a_placement(outlet, form="other")  # queued: not counted
    first = today().replace(day=1)
    counted = queries.counts_by("form", first, today())
    assert [(each.value, each.placements, each.reach, each.copies, each.openings) for each in counted] == [
        ("direct", 1, 5, 2, 7), ("mass_media", 1, 5, 2, 7),
    ]  # fmt: skip
    (month,) = queries.counts_by("month", first, today())
    assert (month.value, month.placements, month.reach, month.openings) == (f"{today():%Y-%m}", 2, 10, 14)
    assert [each.value for each in queries.counts_by("outlet_kind", first, today())] == ["facebook", "notice_board"]
    assert [(each.value, each.placements) for each in queries.counts_by("province", first, today())] == [("", 2)]


def test_openings_are_added_by_day_and_robots_apart():
    link = services.share_link("material", a_material().key)
    counter = OpeningCounter(interval=3600)
    for is_preview in (False, False, True):
        counter.note(link.pk, is_preview=is_preview)
    assert counter.add_to_database() == 3
    counter.note(link.pk, is_preview=False)
    assert (counter.add_to_database(), counter.add_to_database()) == (1, 0)
    row = LinkDay.objects.get()
    assert (row.day, row.opened, row.previews) == (today(), 3, 1)
    assert {field.name for field in LinkDay._meta.get_fields()} == {"id", "link", "day", "opened", "previews"}


@pytest.mark.parametrize(
    ("agent", "is_robot"),
    [
        ("facebookexternalhit/1.1", True),
        ("Mozilla/5.0 (compatible; Zalo)", True),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130", False),
        ("", False),
    ],
)
def test_robots_that_draw_previews_are_known(agent, is_robot):
    assert is_preview_robot(agent) is is_robot


def test_a_card_is_drawn_once_and_without_what_the_font_lacks():
    link = services.share_link("material", a_material(title="Ắ ẳ ẵ Ộ ở ỡ Ự ữ Ỵ Đ").key)
    assert services.make_cards() == 1 and services.make_cards() == 0
    picture = cards.card_of(subjects.subject_of(link))
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
    assert cards.is_printable("Ắ ẳ ẵ Ộ ở ỡ Ự ữ Ỵ Đ") and not cards.is_printable("漢字")
    assert cards.draw_card(Subject("Luật", "漢字", "Ngắn", "/", "/")) == cards.draw_card(
        Subject("Luật", "", "Ngắn", "/", "/")
    )
    assert Card.objects.count() == 1
