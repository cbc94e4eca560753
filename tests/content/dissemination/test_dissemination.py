"""Short addresses, placements and their counts: once a wave, nothing given out twice, nothing of a person."""

import importlib
import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from content.dissemination import cards, outcomes, queries, services, subjects
from content.dissemination.choices import FORM_OF_KIND, DisseminationForm, OutletKind, SubjectType
from content.dissemination.models import Card, LinkDay, Placement, PlacementCount, ShareLink
from content.dissemination.openings import OpeningCounter, is_preview_robot
from content.dissemination.subjects import Subject
from content.errors import NotAllowed, RuleBroken
from content.media import services as media
from content.people.models import AuditRow
from content.qa import queries as questions
from content.vietnam_time import today
from tests.builders import a_document, a_member_of_staff, an_answered_question, an_event
from tests.builders_contests import a_running_contest
from tests.builders_dissemination import a_placement, a_proposal, an_outlet, earlier, placed
from tests.builders_media import a_material, a_publisher, an_author

ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36"
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
    assert outcomes.claim(placement, outlet=outlet).status == "unsure"
    assert list(queries.queue_of(outlet)) == []
    assert refused(outcomes.claim, placement, outlet=outlet) == "already_claimed"
    placed = outcomes.report(placement, outlet=outlet, is_placed=True, url="https://facebook.com/1")
    assert (placed.status, placed.url) == ("placed", "https://facebook.com/1")
    assert outcomes.report(placement, outlet=outlet, is_placed=True).placed_at == placed.placed_at
    assert refused(outcomes.report, placement, outlet=outlet, is_placed=False) == "already_reported"


def test_the_forms_are_the_eight_clauses_of_article_11():
    clauses = [str(each.label).rpartition("(khoản ")[2].rstrip(")") for each in DisseminationForm]
    assert clauses == [str(number) for number in range(1, 9)]
    assert FORM_OF_KIND.get(OutletKind.SITE, DisseminationForm.MASS_MEDIA) == "mass_media"


def test_a_second_person_lets_a_placement_into_the_queue():
    outlet = an_outlet()
    proposal = a_proposal(outlet)
    assert proposal.status == "proposed" and list(queries.queue_of(outlet)) == []
    assert refused(outcomes.claim, proposal, outlet=outlet) == "already_claimed"
    assert refused(outcomes.settle, proposal, is_placed=True) == "not_approved"
    with pytest.raises(NotAllowed):
        services.approve(proposal, by=an_author())
    own = services.place("material", proposal.subject_key, outlet=outlet, form="other", text=proposal.text, wave=2,
                         by=a_publisher())  # fmt: skip
    with pytest.raises(NotAllowed):
        services.approve(own, by=a_publisher())
    approved = services.approve(proposal, by=a_publisher())
    assert services.approve(proposal, by=a_publisher()).status == approved.status == "queued"
    assert list(queries.queue_of(outlet)) == [proposal]
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.filter(pk=proposal.pk).update(approved_by=proposal.placed_by)


def test_what_a_second_person_refuses_never_waits():
    outlet = an_outlet()
    proposal = outcomes.settle(a_proposal(outlet), is_placed=False, by=a_publisher())
    assert proposal.status == "failed" and refused(services.approve, proposal, by=a_publisher()) == "not_waiting"
    assert outcomes.queue_again(proposal).status == "proposed"
    assert list(queries.queue_of(outlet)) == []


def test_a_text_keeps_its_short_address():
    outlet, material = an_outlet(), a_material()
    other = services.share_link("material", material.key)
    for text in ("Vườn chung", f"Vườn chung /s/{other.code}"):
        named = {"outlet": outlet, "form": "other", "text": text, "by": an_author()}
        assert refused(services.place, "material", material.key, **named) == "address_missing"


def test_a_failure_of_what_was_not_claimed_is_refused_and_a_post_is_believed():
    outlet = an_outlet()
    placement = a_placement(outlet)
    assert refused(outcomes.report, placement, outlet=outlet, is_placed=False) == "not_claimed"
    assert outcomes.report(placement, outlet=outlet, is_placed=True).status == "placed"
    assert list(queries.queue_of(outlet)) == []


def test_a_later_report_completes_the_address_and_replaces_none():
    outlet = an_outlet()
    placement = placed(a_placement(outlet))
    for url in ("http://phuong.example/tin/1", "https://phuong.example/tin/2"):
        completed = outcomes.report(placement, outlet=outlet, is_placed=True, url=url)
        assert completed.url == "http://phuong.example/tin/1"
    for url in ("javascript:1", "https://lan:x@a.example/", "https://", "ftp://a.example/"):
        assert refused(outcomes.report, placement, outlet=outlet, is_placed=True, url=url) == "invalid_url", url


def test_what_is_unsure_is_given_out_again_as_the_next_wave_once_and_not_at_once():
    outlet = an_outlet()
    placement = outcomes.claim(a_placement(outlet), outlet=outlet)
    assert refused(outcomes.queue_again, placement) == "too_early"
    following = outcomes.queue_again(earlier(placement))
    assert (following.wave, following.status, following.text) == (2, "queued", placement.text)
    assert following.key != placement.key and outcomes.queue_again(placement) == following
    placement.refresh_from_db()
    assert placement.status == "unsure" and list(queries.queue_of(outlet)) == [following]
    assert refused(outcomes.queue_again, following) == "not_claimed"


@pytest.mark.parametrize("said", ["unsure", "failed"])
def test_what_was_posted_late_is_not_posted_again(said):
    outlet = an_outlet()
    placement = earlier(outcomes.claim(a_placement(outlet), outlet=outlet))
    if said == "failed":
        outcomes.settle(placement, is_placed=False, by=an_author())
    following = outcomes.queue_again(placement)
    late = outcomes.report(placement, outlet=outlet, is_placed=True, url="https://facebook.com/1")
    assert (late.status, late.error) == ("placed", "") and list(queries.queue_of(outlet)) == []
    assert refused(outcomes.claim, following, outlet=outlet) == "already_claimed"
    following.refresh_from_db()
    assert (following.status, following.error, following.again_of) == ("failed", "already_there", placement)


def test_an_error_that_was_written_in_english_becomes_a_code():
    outlet = an_outlet()
    placement = earlier(outcomes.claim(a_placement(outlet), outlet=outlet))
    following = outcomes.queue_again(placement)
    outcomes.report(placement, outlet=outlet, is_placed=True, url="https://facebook.com/1")
    said = outcomes.report(
        outcomes.claim(a_placement(outlet), outlet=outlet), outlet=outlet, is_placed=False, error="flyer is there"
    )
    Placement.objects.filter(pk=following.pk).update(error=f"{placement.key} is there")
    migration = importlib.import_module("content.migrations.0250_errors_of_placements_are_codes")
    for _ in range(2):
        migration.write_codes(apps, None)
        following.refresh_from_db()
        said.refresh_from_db()
        assert (following.error, said.error) == ("already_there", "flyer is there")
    with translation.override("vi"):
        assert "is there" not in following.shown_error


def test_a_late_failure_says_nothing_of_the_next_wave():
    outlet = an_outlet()
    placement = earlier(outcomes.claim(a_placement(outlet), outlet=outlet))
    following = outcomes.queue_again(placement)
    assert outcomes.report(placement, outlet=outlet, is_placed=False).status == "failed"
    assert list(queries.queue_of(outlet)) == [following]


def test_what_a_person_posts_no_program_gets():
    outlet = an_outlet()
    placement, lan = a_placement(outlet), an_author()
    assert refused(outcomes.settle, placement, is_placed=True, by=lan) == "not_claimed"
    taken = outcomes.take(placement, by=lan)
    assert (taken.status, taken.claimed_by) == ("unsure", lan) and list(queries.queue_of(outlet)) == []
    assert outcomes.take(placement, by=lan).claimed_at == taken.claimed_at
    assert refused(outcomes.claim, placement, outlet=outlet) == "already_claimed"
    assert refused(outcomes.take, placement, by=a_publisher()) == "already_claimed"
    assert refused(outcomes.report, placement, outlet=outlet, is_placed=False) == "not_claimed"
    assert outcomes.settle(placement, is_placed=True, url="http://a.example/1", by=lan).status == "placed"
    with pytest.raises(NotAllowed):
        outcomes.take(a_placement(outlet), by=a_member_of_staff("minh-answers", "answerer"))


def test_what_a_program_has_no_person_takes():
    outlet = an_outlet()
    placement = outcomes.claim(a_placement(outlet), outlet=outlet)
    assert refused(outcomes.take, placement, by=an_author()) == "already_claimed"
    assert outcomes.settle(placement, is_placed=True, by=an_author()).status == "placed"


def test_without_a_program_a_person_settles_what_waits():
    placement = a_placement(an_outlet("notice_board", has_program=False))
    yesterday = timezone.now() - timedelta(days=1)
    ahead = timezone.now() + timedelta(hours=1)
    assert refused(outcomes.settle, placement, is_placed=True, placed_at=ahead) == "placed_ahead"
    assert outcomes.settle(placement, is_placed=True, placed_at=yesterday).placed_at == yesterday


def test_what_was_withdrawn_leaves_the_queue_and_is_given_to_nobody():
    outlet, material = an_outlet(), a_material()
    placement, unsure = a_placement(outlet, material=material), a_placement(outlet, material=material, wave=2)
    outcomes.claim(unsure, outlet=outlet)
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    assert list(queries.queue_of(outlet)) == []
    assert refused(outcomes.claim, placement, outlet=outlet) == "subject_not_public"
    placement.refresh_from_db()
    assert (placement.status, placement.error) == ("failed", "subject_not_public")
    assert placement.shown_error == "Đối tượng đã bị rút trước khi được đăng."
    with translation.override("en"):
        assert placement.shown_error == "The object was withdrawn before it was posted."
    assert Placement(error="500 máy chủ bận").shown_error == "500 máy chủ bận"  # a program's own words
    assert refused(outcomes.queue_again, earlier(unsure)) == "subject_not_public"


def test_claims_are_in_the_history():
    outlet = an_outlet()
    placement = outcomes.take(a_placement(outlet), by=an_author())
    row = AuditRow.objects.get(action="placement.claimed")
    assert (row.subject, row.by) == (placement.key, an_author())


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_gets_it():
    outlet = an_outlet()
    placement, heard = a_placement(outlet), []

    def claim():
        try:
            heard.append(outcomes.claim(placement, outlet=outlet).status)
        except RuleBroken as refusal:
            heard.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(heard) == ["already_claimed"] * 3 + ["unsure"]


@pytest.mark.django_db(transaction=True)
def test_a_late_report_and_a_claim_of_the_next_wave_at_once_leave_nothing_waiting():
    outlet = an_outlet()
    placement = earlier(outcomes.claim(a_placement(outlet), outlet=outlet))
    following, heard, both = outcomes.queue_again(placement), {}, threading.Barrier(2)

    def do(name, call):
        both.wait()
        try:
            heard[name] = call().status
        except RuleBroken as refusal:
            heard[name] = refusal.code
        finally:
            connection.close()

    calls = {
        "report": lambda: outcomes.report(placement, outlet=outlet, is_placed=True),
        "claim": lambda: outcomes.claim(following, outlet=outlet),
    }
    threads = [threading.Thread(target=do, args=each) for each in calls.items()]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    following.refresh_from_db()
    assert heard["report"] == "placed"
    assert (heard["claim"], following.status) in {("unsure", "unsure"), ("already_claimed", "failed")}


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
        placed(placement)
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


def test_openings_are_those_of_the_period():
    placement = placed(a_placement())
    days = {today(): 7, today() - timedelta(1): 5, today() - timedelta(40): 11}
    for day, opened in days.items():
        LinkDay.objects.create(link=placement.link, day=day, opened=opened)
    for first, expected in ((today(), 7), (today() - timedelta(1), 12), (today() - timedelta(40), 23)):
        for group in queries.GROUPS:
            assert [each.openings for each in queries.counts_by(group, first, today())] == [expected], group


def test_a_link_of_two_waves_and_two_sources_of_a_day_are_counted_once():
    outlet, material = an_outlet(), a_material()
    first, second = (placed(a_placement(outlet, material=material, wave=wave)) for wave in (1, 2))
    LinkDay.objects.create(link=first.link, day=today(), opened=7)
    services.enter_count(first, day=today(), source="Facebook", reach=100)
    services.enter_count(first, day=today(), source="Lan", reach=90)
    services.enter_count(first, day=today() - timedelta(1), source="Lan", reach=4)
    services.enter_count(second, day=today(), source="Lan", reach=1)
    for group in queries.GROUPS:
        (counted,) = queries.counts_by(group, today(), today())
        assert (counted.placements, counted.reach, counted.openings) == (2, 95, 7), group
    assert {row: row.sum_reach for row in queries.ledger_rows(today(), today())} == {first: 94, second: 1}


def test_openings_that_could_not_be_added_are_added_later():
    link = services.share_link("material", a_material().key)
    counter = OpeningCounter(interval=3600)
    counter.note(0, is_preview=False)  # a link that is not there
    counter.note(link.pk, is_preview=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert counter.add_to_database() == 0
    assert counter._timer is not None and not LinkDay.objects.exists()
    waiting = counter._timer
    counter.forget()
    waiting.join()  # it ends before its hour, and nothing is left to be added
    assert counter.add_to_database() == 0


def test_a_page_that_reloads_itself_counts_a_thousand_a_minute():
    link, other = (services.share_link("material", a_material().key) for _ in range(2))
    now = [60.0]
    counter = OpeningCounter(interval=3600, clock=lambda: now[0])
    for _ in range(1_500):
        counter.note(link.pk, is_preview=False)
    counter.note(other.pk, is_preview=False)
    now[0] = 120.0
    counter.note(link.pk, is_preview=False)
    counter.add_to_database()
    assert dict(LinkDay.objects.values_list("link", "opened")) == {link.pk: 1_001, other.pk: 1}


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
        (f"{ANDROID} Chrome/125 Mobile Safari/537.36 Zalo android/12100657 ZaloTheme/light", False),
        (f"{ANDROID} Chrome/125 [FB_IAB/FB4A;FBAV/460.0;]", False),
        ("Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20) Chrome/125 Mobile", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (compatible; Some-Bot)", True),
        ("WhatsApp/2.23.20.0 A", True),
        ("curl/8.5.0", True),
        ("", True),
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


def test_there_is_one_card_in_each_language():
    link = services.share_link("material", a_material("infographic").key)
    with translation.override("en"):
        assert services.make_cards() == 1
    with translation.override("vi"):
        assert services.make_cards() == 0 and services.renew_cards() == 0
    with translation.override("en"):
        assert cards.card_of(cards.subject_of_card(link)) is not None


def test_every_link_gets_its_card_and_a_card_without_a_link_goes():
    first = services.share_link("material", a_material().key)
    ShareLink.objects.create(subject_type="nothing", subject_key="tl-1")  # a row that cannot be read
    material = a_material(title="Chợ xóm")
    second = services.share_link("material", material.key)
    assert services.renew_cards() == 2
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    assert services.renew_cards() == 0
    assert [card.content_hash for card in Card.objects.all()] == [subjects.subject_of(first).content_hash]
    assert cards.subject_of_card(second) is None


def test_a_card_says_nothing_of_an_answer():
    question = an_answered_question()
    found = subjects.find_subject(SubjectType.QUESTION, question.key)
    public = questions.public_questions().get(pk=question.pk)
    answer = public.current_answers[0].text
    assert answer and answer[:40] not in found.summary and found.summary == subjects.excerpt(public.public_text)
