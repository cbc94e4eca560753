"""Plans and measurements: two people, once, corrected without loss, and what is refused."""

import datetime
import importlib
import unicodedata
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, transaction

from content.changes.models import Change
from content.changes.queries import removals
from content.computed_indicators.services import store_finished_months
from content.editing import services as editing
from content.errors import RuleBroken
from content.organisations.models import Organisation
from content.people.models import AuditRow
from content.plans import queries, services
from content.plans.models import Indicator, Measurement, Plan, PlanFile, Target
from content.plans.services import FileBytes
from notifications.deliveries.models import Notification
from notifications.fanout import read_changes
from tests.builders import a_document, a_draft, a_local_document
from tests.builders_plans import (
    A_FILE,
    A_PDF,
    a_measurement_form,
    a_plan_form,
    a_public_measurement,
    a_public_plan,
    an_approver,
    an_editor,
    committee,
    programme,
)

pytestmark = pytest.mark.django_db


def refusal_of(call, *arguments, **columns):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    return refusal.value.code


def event_types():
    return list(Change.objects.order_by("pk").values_list("event_type", flat=True))


def test_what_was_read_of_the_programmes_is_there_and_nothing_else():
    assert [(each.key, each.act_number) for each in (programme("de-an-471"), programme())] == [
        ("de-an-471", "471/QĐ-TTg"), ("de-an-766", "766/QĐ-TTg")
    ]  # fmt: skip
    targets = Target.objects.order_by("pk").values_list("area", "value", "due_on", "is_public")
    last = datetime.date(2027, 12, 31)
    assert list(targets) == [("urban", 80, last, True), ("rural", 60, last, True)]
    seed = Measurement.objects.get(indicator__code="471-tinh-co-ke-hoach")
    assert (seed.numerator, seed.denominator, seed.period_from) == (34, 63, datetime.date(2020, 4, 22))
    assert seed.source.startswith("Tin về")
    assert Measurement.objects.get(indicator__code="471-bo-co-ke-hoach").value == 3
    found = Plan.objects.filter(programme=programme()).select_related("adopter")
    assert {each.number.split("/")[0] for each in found} == {"5756", "1956", "184", "671", "1322"}
    assert {(each.status, each.source_url[:8]) for each in found} == {("published", "https://")}
    assert all(each.number.partition("/")[0] in each.source_url for each in found)
    for each in found:  # adopted by a body of that day, not by the one that continues it
        assert each.adopter.valid_until is None or each.adopted_on < each.adopter.valid_until
        assert each.adopter.valid_from is None or each.adopter.valid_from <= each.adopted_on


def test_one_enters_a_plan_and_another_publishes_it():
    lan, hoa = an_editor(), an_approver()
    plan = services.write_plan(a_plan_form(file=FileBytes("a.pdf", "application/pdf", A_PDF), source_url=""), by=lan)
    assert plan.key == "kh-de-an-766-ubnd-48-da-nang-2025-2025-12-kh-ubnd"
    assert refusal_of(services.publish_plan, plan, by=lan) == "not_allowed"
    published = services.publish_plan(plan, by=hoa)
    assert services.publish_plan(plan, by=hoa).published_at == published.published_at
    assert event_types() == ["plan.adopted"]
    read_changes()
    assert not Notification.objects.exists()


def test_a_publisher_does_not_publish_what_they_entered():
    both = an_editor("both")
    both.groups.add(*an_approver("other").groups.all())
    plan = services.write_plan(a_plan_form(), by=both)
    assert refusal_of(services.publish_plan, plan, by=both) == "second_person_required"
    row, _ = services.measure(a_measurement_form(), by=both)
    assert refusal_of(services.approve, row, by=both) == "second_person_required"


def both_roles(name):
    person = an_editor(name)
    person.groups.add(*an_approver(f"{name}-approves").groups.all())
    return person


def test_who_changed_a_draft_last_does_not_publish_it():
    lan, minh = an_editor(), both_roles("minh")
    plan = services.write_plan(a_plan_form(), by=lan)
    services.write_plan(a_plan_form(title="Kế hoạch khác"), plan=plan, by=minh)
    assert refusal_of(services.publish_plan, plan, by=minh) == "second_person_required"
    imported = services.write_plan(a_plan_form("46-hue-2025"))  # by a command, so by nobody
    services.write_plan(a_plan_form("46-hue-2025", title="Kế hoạch khác"), plan=imported, by=minh)
    assert refusal_of(services.publish_plan, imported, by=minh) == "second_person_required"
    assert services.publish_plan(imported, by=an_approver()).status == "published"


def test_a_draft_that_changed_since_it_was_read_is_not_published():
    plan = services.write_plan(a_plan_form())
    services.write_plan(a_plan_form(title="Kế hoạch khác"), plan=plan)
    assert refusal_of(services.publish_plan, plan, seen=plan.created_at) == "changed_meanwhile"
    plan.refresh_from_db()
    assert services.publish_plan(plan, seen=plan.updated_at).title == "Kế hoạch khác"


@pytest.mark.parametrize(
    "columns",
    [
        {"file": FileBytes("b.pdf", "application/pdf", A_PDF + b"2")}, {"year": 2027},
        {"province": "46-hue-2025"}, {"programme": "de-an-471"}, {"number": "13/KH-UBND"}, {"number": ""},
        {"adopted_on": datetime.date(2025, 8, 2)}, {"adopted_on": None},
    ],
)  # fmt: skip
def test_a_correction_does_not_make_another_plan_of_a_public_one(columns):
    plan = a_public_plan(file=FileBytes("a.pdf", "application/pdf", A_PDF))
    if "programme" in columns:
        columns = {"programme": programme(columns["programme"])}
    assert refusal_of(services.correct_plan, plan, a_plan_form(**columns), reason="Sai") == "another_plan"
    plan.refresh_from_db()
    assert (plan.adopter, plan.year, bytes(plan.file.content)) == (committee("48-da-nang-2025"), None, A_PDF)
    assert PlanFile.objects.count() == 1


def test_a_correction_does_not_put_another_document_in_the_place_of_the_public_one():
    plan = a_public_plan(document=a_document("3/2026/QH16"))
    other = a_document("4/2026/QH16")
    for document in (other, None):
        form = a_plan_form(document=document, title="Tên khác")
        assert refusal_of(services.correct_plan, plan, form, reason="Sai") == "another_plan"
    assert Plan.objects.get(pk=plan.pk).document.number == "3/2026/QH16"


def test_a_correction_adds_what_was_not_known_with_its_reason_and_a_change():
    plan = a_public_plan(number="", adopted_on=None)
    hoa = an_approver()
    corrected = services.correct_plan(plan, a_plan_form(), reason="Đã có bản ký", by=hoa)
    assert (corrected.number, corrected.adopted_on) == ("12/KH-UBND", datetime.date(2025, 8, 1))
    assert event_types()[-1] == "plan.corrected"
    row = AuditRow.objects.filter(subject=plan.key).latest("pk")
    assert (row.by, row.reason) == (hoa, "Đã có bản ký")
    assert set(row.facts["fields"]) == {"number", "number_key", "adopted_on"}


@pytest.mark.parametrize("columns", [{"source_url": "https://example.org/khac.pdf"}, {"title": "Kế hoạch khác"}])
def test_one_person_does_not_put_another_plan_behind_the_only_address(columns):
    plan = a_public_plan()
    assert refusal_of(services.correct_plan, plan, a_plan_form(**columns), reason="Sai") == "another_plan"
    stored = Plan.objects.get(pk=plan.pk)
    assert (stored.title, stored.source_url) == ("Kế hoạch mẫu", "https://example.org/ke-hoach.pdf")
    with_file = a_public_plan("46-hue-2025", file=A_FILE)
    corrected = services.correct_plan(with_file, a_plan_form("46-hue-2025", **columns), reason="Sai")
    assert {name: getattr(corrected, name) for name in columns} == columns


def a_decision(number="12/QĐ-UBND", *, province="48-da-nang-2025", **columns):
    days = {"issued_on": datetime.date(2025, 8, 1), "effective_on": datetime.date(2025, 8, 15)}
    return a_local_document(number, province=province, **(days | columns))


def test_a_correction_adds_the_document_that_is_the_plan_itself_and_no_other():
    plan = a_public_plan(number="12/QĐ-UBND")
    another_day = {"issued_on": datetime.date(2025, 8, 2)}
    others = (a_decision("13/QĐ-UBND"), a_decision(province="46-hue-2025"), a_decision(**another_day))
    for other in others:
        form = a_plan_form(number="12/QĐ-UBND", document=other)
        assert refusal_of(services.correct_plan, plan, form, reason="Thêm") == "another_plan"
    unnumbered = a_public_plan(number="", adopted_on=None)
    its_own = a_decision()
    form = a_plan_form(number="12/QĐ-UBND", adopted_on=None, document=its_own)
    assert refusal_of(services.correct_plan, unnumbered, form, reason="Thêm") == "another_plan"
    form = a_plan_form(number="12/QĐ-UBND", document=its_own)
    assert services.correct_plan(plan, form, reason="Đã có bản ký").document == its_own


def test_who_adds_the_number_of_a_public_plan_does_not_add_the_document_too():
    lan, minh = an_approver("lan"), an_approver("minh")
    plan, its_own = a_public_plan(number="", adopted_on=None), a_decision()
    numbered = a_plan_form(number="12/QĐ-UBND")
    services.correct_plan(plan, numbered, reason="Đã biết số và ngày", by=lan)
    with_document = a_plan_form(number="12/QĐ-UBND", document=its_own)
    with pytest.raises(RuleBroken) as refused:
        services.correct_plan(plan, with_document, reason="Đã có bản ký", by=lan)
    assert (refused.value.code, refused.value.field) == ("second_person_required", "document")
    assert services.correct_plan(plan, with_document, reason="Đã có bản ký", by=minh).document == its_own
    until = a_plan_form(number="12/QĐ-UBND", document=its_own, period_until=datetime.date(2031, 1, 1))
    assert services.correct_plan(plan, until, reason="Thiếu thời gian", by=lan).period_until is not None


def test_a_plan_whose_document_was_withdrawn_is_still_corrected():
    until = {"period_from": datetime.date(2025, 1, 1), "period_until": datetime.date(2031, 1, 1)}
    document = a_document("3/2026/QH16")
    plan, only = a_public_plan(document=document), a_public_plan("46-hue-2025", document=document, source_url="")
    document = editing.withdraw_document(document, reason="Nhập hai lần")
    corrected = services.correct_plan(plan, a_plan_form(document=document, **until), reason="Thiếu thời gian")
    assert (corrected.period_until, corrected.document) == (until["period_until"], document)
    without = services.correct_plan(plan, a_plan_form(**until), reason="Văn bản đã gỡ")
    assert (without.document, without.source_url) == (None, "https://example.org/ke-hoach.pdf")
    form = a_plan_form("46-hue-2025", document=document, source_url="", **until)
    assert services.correct_plan(only, form, reason="Thiếu thời gian").period_until == until["period_until"]
    bare, address = a_plan_form("46-hue-2025", source_url=""), a_plan_form("46-hue-2025")
    assert refusal_of(services.correct_plan, only, bare, reason="Văn bản đã gỡ") == "file_required"
    assert refusal_of(services.correct_plan, only, address, reason="Thêm") == "another_plan"


def test_the_upgrade_leaves_drafts_whose_adopter_has_another_key_and_publishes_the_others_without_a_change():
    upgrade = importlib.import_module("content.migrations.0243_plans_that_were_read")
    unread = {"status": "draft", "published_at": None, "adopted_on": None, "source_url": ""}
    Plan.objects.filter(programme=programme()).update(**unread)
    Organisation.objects.filter(key="ubnd-68-lam-dong").update(key="ubnd-lam-dong-cu")
    upgrade.publish(apps, None)
    drafts = Plan.objects.filter(programme=programme(), status="draft")
    assert [each.number for each in drafts] == ["5756/KH-UBND"]
    assert (event_types(), AuditRow.objects.filter(subject__startswith="kh-de-an-766").count()) == ([], 0)


def test_a_number_that_is_written_otherwise_is_the_same_number():
    plan = a_public_plan(file=A_FILE)
    corrected = services.correct_plan(plan, a_plan_form(number="12 /KH-UBND", title="Tên đúng"), reason="Sai tên")
    assert (corrected.title, corrected.number_key) == ("Tên đúng", plan.number_key)


def test_a_correction_that_leaves_nothing_to_read_is_refused():
    plan = a_public_plan()
    assert refusal_of(services.correct_plan, plan, a_plan_form(source_url=""), reason="Sai") == "another_plan"
    document = editing.withdraw_document(a_document("3/2026/QH16"), reason="Nhập hai lần")
    Plan.objects.filter(pk=plan.pk).update(document=document, source_url="")
    assert refusal_of(services.correct_plan, plan, a_plan_form(source_url=""), reason="Sai") == "file_required"


def test_a_draft_that_is_changed_still_replaces_the_former_plan():
    former = a_public_plan(number="1/KH-UBND")
    plan = services.write_plan(a_plan_form(replaces=former))
    assert services.write_plan(a_plan_form(title="Kế hoạch khác"), plan=plan).replaces == former
    assert services.write_plan(a_plan_form(replaces=None), plan=plan).replaces is None


def replacing(number, replaces, province="48-da-nang-2025", **columns):
    return a_plan_form(province, number=number, replaces=replaces, **columns)


def test_a_plan_replaces_neither_itself_nor_one_that_came_after_it():
    first = a_public_plan(number="1/KH-UBND")
    second = services.publish_plan(services.write_plan(replacing("2/KH-UBND", first)))
    third = services.publish_plan(services.write_plan(replacing("3/KH-UBND", second)))
    for later in (first, second, third):
        assert refusal_of(services.correct_plan, first, replacing("1/KH-UBND", later), reason="Sai") == (
            "replaces_itself"
        )
    draft = services.write_plan(replacing("4/KH-UBND", third))
    assert refusal_of(services.write_plan, replacing("4/KH-UBND", draft), plan=draft) == "replaces_itself"
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=first.pk).update(replaces=first)
    assert [each.replaces for each in (first, second, third)] == [None, first, second]


def test_a_plan_replaces_one_of_its_own_programme_and_body_or_of_a_province_merged_into_its_own():
    kon_tum = a_public_plan("62-kon-tum", adopted_on=datetime.date(2025, 5, 1))
    hue, draft = a_public_plan("46-hue-2025"), services.write_plan(a_plan_form(number="9/KH-UBND"))
    of_471 = a_public_plan(programme=programme("de-an-471"))
    for other in (kon_tum, hue, of_471):
        assert refusal_of(services.write_plan, replacing("2/KH-UBND", other)) == "replaces_unrelated"
    assert refusal_of(services.write_plan, replacing("2/KH-UBND", draft)) == "not_public"
    form = replacing("1/KH-UBND", kon_tum, "51-quang-ngai-2025")
    later = services.write_plan(form)
    assert (later.replaces, services.write_plan(form)) == (kon_tum, later)
    moved = replacing("1/KH-UBND", kon_tum, "46-hue-2025")
    assert refusal_of(services.write_plan, moved, plan=later) == "replaces_unrelated"
    unsaid = a_plan_form("46-hue-2025", number="1/KH-UBND")
    assert refusal_of(services.write_plan, unsaid, plan=later) == "replaces_unrelated"


def test_a_plan_still_says_what_it_replaces_when_that_is_withdrawn():
    former = a_public_plan(number="1/KH-UBND")
    plan = a_public_plan(replaces=former, file=A_FILE)
    services.withdraw_plan(former, reason="Nhập nhầm")
    form = a_plan_form(title="Tên đúng", replaces=Plan.objects.get(pk=former.pk))
    corrected = services.correct_plan(plan, form, reason="Sai tên")
    assert (corrected.title, corrected.replaces, corrected.replaced_plan) == ("Tên đúng", former, None)


def test_a_plan_whose_document_is_a_draft_is_not_published():
    document = a_draft("12/2025/QH15", issued_on=datetime.date(2025, 8, 1))
    plan = services.write_plan(a_plan_form(document=document))
    assert refusal_of(services.publish_plan, plan) == "not_public"
    columns = {"adopter": Organisation.objects.get(key="bo-tu-phap"), "number": "12/2025/QH15"}
    public, form = a_public_plan(**columns), a_plan_form(document=document, **columns)
    assert refusal_of(services.correct_plan, public, form, reason="Thêm văn bản") == "not_public"


def test_a_file_waits_a_day_for_its_plan():
    kept = services.keep_file(FileBytes("a.pdf", "application/pdf", A_PDF))
    hours = datetime.timedelta(hours=1)
    assert services.delete_unused_files(kept.kept_at + 23 * hours) == 0
    PlanFile.objects.update(kept_at=kept.kept_at - 30 * hours)
    again = services.keep_file(FileBytes("a.pdf", "application/pdf", A_PDF))  # it counts from the last time
    assert services.delete_unused_files(kept.kept_at) == 0
    assert services.delete_unused_files(again.kept_at + 25 * hours) == 1


def test_a_stranger_may_do_nothing():
    stranger = an_editor("stranger")
    stranger.groups.clear()
    plan, measured = a_public_plan(), a_public_measurement()
    assert refusal_of(services.write_plan, a_plan_form("46-hue-2025"), by=stranger) == "not_allowed"
    assert refusal_of(services.correct_plan, plan, a_plan_form(), reason="Sai", by=stranger) == "not_allowed"
    assert refusal_of(services.withdraw_plan, plan, reason="Sai", by=stranger) == "not_allowed"
    assert refusal_of(services.measure, a_measurement_form(), by=stranger) == "not_allowed"
    draft, _ = services.measure(a_measurement_form(source="Khác"))
    assert refusal_of(services.approve, draft, by=stranger) == "not_allowed"
    declared = {"on": datetime.date(2026, 1, 1), "source": "Công văn"}
    assert refusal_of(services.declare_none, programme(), committee("46-hue-2025"), by=stranger, **declared) == (
        "not_allowed"
    )
    assert measured.approved_at


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"title": " "}, "title_required"),
        ({"period_from": datetime.date(2026, 1, 1), "period_until": datetime.date(2026, 1, 1)}, "period_reversed"),
        ({"adopted_on": datetime.date(2025, 4, 14)}, "adopted_before_programme"),
        ({"file": FileBytes("a.pdf", "application/pdf", b"<html>")}, "file_not_usable"),
        ({"file": FileBytes("a.html", "text/html", b"<html>")}, "file_not_usable"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_not_stored(columns, code):
    before = Plan.objects.count()
    assert refusal_of(services.write_plan, a_plan_form(**columns)) == code
    assert Plan.objects.count() == before and not PlanFile.objects.exists()


def test_a_plan_that_nobody_can_read_is_not_published():
    plan = services.write_plan(a_plan_form(source_url=""))
    assert refusal_of(services.publish_plan, plan) == "file_required"
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(status="published", published_at="2026-01-01T00:00:00Z")


def test_the_same_plan_is_one_and_a_number_without_year_recurs():
    plan = services.write_plan(a_plan_form())
    assert services.write_plan(a_plan_form()).pk == plan.pk
    assert refusal_of(services.write_plan, a_plan_form(title="Khác")) == "already_exists"
    later = services.write_plan(a_plan_form(adopted_on=datetime.date(2026, 8, 1)))
    assert later.key != plan.key


def test_one_plan_for_two_programmes_is_two_rows_and_one_file():
    file = FileBytes("a.pdf", "application/pdf", A_PDF)
    one = services.write_plan(a_plan_form(file=file))
    two = services.write_plan(a_plan_form(file=file, programme=programme("de-an-471")))
    assert one.pk != two.pk and one.file == two.file


def test_a_corrected_plan_keeps_its_key_and_a_withdrawn_one_says_why():
    plan = a_public_plan(file=A_FILE)
    corrected = services.correct_plan(plan, a_plan_form(title="Kế hoạch đúng"), reason="Sai tên")
    assert (corrected.key, corrected.title, corrected.status) == (plan.key, "Kế hoạch đúng", "published")
    assert refusal_of(services.correct_plan, plan, a_plan_form(title="Kế hoạch đúng"), reason="x") == "no_change"
    assert refusal_of(services.withdraw_plan, plan, reason=" ") == "reason_required"
    withdrawn = services.withdraw_plan(plan, reason="Nhập nhầm")
    assert (withdrawn.status, withdrawn.withdrawal_reason) == ("withdrawn", "Nhập nhầm")
    assert event_types() == ["plan.adopted", "plan.corrected", "plan.withdrawn"]


def test_a_title_turns_no_text_around_and_an_address_is_stored_in_one_form():
    assert refusal_of(services.write_plan, a_plan_form(title="Kế hoạch\u202e mẫu")) == "invalid_character"
    assert refusal_of(services.write_plan, a_plan_form(title="a" * 501)) == "too_long"
    plan = a_public_plan(source_url=unicodedata.normalize("NFD", "https://example.org/kế-hoạch.pdf"))
    assert plan.source_url == "https://example.org/kế-hoạch.pdf"


def test_a_correction_says_whether_it_takes_words_out_and_a_withdrawal_takes_all():
    plan = a_public_plan(file=A_FILE, title="Kế hoạch của Lê Thị Kín")
    services.correct_plan(plan, a_plan_form(title="Kế hoạch của Lê Thị Kín năm 2025"), reason="Thiếu năm")
    services.correct_plan(plan, a_plan_form(title="Kế hoạch năm 2025"), reason="Có dữ liệu cá nhân")
    services.withdraw_plan(plan, reason="Nhập nhầm")
    lines = Change.objects.filter(subject=plan.key).order_by("pk")
    assert [each.facts.get("removes_words") for each in lines] == [None, False, True, True]
    assert list(removals().order_by("pk")) == list(lines[2:])


def test_a_measurement_is_never_changed_and_its_correction_stays_beside_it():
    first = a_public_measurement()
    second = services.approve(services.measure(a_measurement_form(value=Decimal(72)), replaces=first)[0])
    assert [first.value, second.value] == [Decimal("71.5"), 72]
    assert event_types() == ["indicator.measured", "indicator.corrected"]
    for change in ({"value": 1}, {"approved_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Measurement.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Measurement.objects.filter(pk=first.pk).delete()
    again = a_measurement_form(value=Decimal(73), source="Báo cáo khác")
    assert refusal_of(services.measure, again, replaces=first) == "wrong_status"


def test_a_correction_of_an_unapproved_correction_replaces_the_first_value():
    first = a_public_measurement()
    second, _ = services.measure(a_measurement_form(value=Decimal(72)), replaces=first)
    third, _ = services.measure(a_measurement_form(value=Decimal(73)), replaces=second)
    assert queries.waiting_for(an_approver()).get() == third
    assert refusal_of(services.approve, second) == "wrong_status"
    services.approve(third)
    shown = queries.public_measurements().filter(source=first.source)
    assert [(each.value, each.is_replaced) for each in shown] == [(73, False), (Decimal("71.5"), True)]


def test_nobody_enters_or_corrects_what_the_program_computes():
    store_finished_months(datetime.date(2026, 12, 1))
    stored = Measurement.objects.filter(indicator__method="contests", province=None).get()
    form = a_measurement_form(indicator=stored.indicator, area="all", period_from=stored.period_from,
                              period_until=stored.period_until)  # fmt: skip
    assert refusal_of(services.measure, form) == "computed_here"
    assert refusal_of(services.measure, form, replaces=stored) == "computed_here"


def test_two_sources_that_differ_are_both_there():
    rows = [a_public_measurement(), a_public_measurement(source="Bộ Tư pháp", value=Decimal(70))]
    assert len({each.pk for each in rows}) == 2
    assert services.measure(a_measurement_form())[1] is False
    assert refusal_of(services.measure, a_measurement_form(value=Decimal(9))) == "already_exists"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"value": Decimal(120)}, "out_of_range"),
        ({"value": Decimal(-1)}, "out_of_range"),
        ({"source": " "}, "reason_required"),
        ({"numerator": Decimal(1)}, "denominator_not_positive"),
        ({"numerator": Decimal(1), "denominator": Decimal(0)}, "denominator_not_positive"),
        ({"period_until": datetime.date(2026, 1, 1)}, "period_reversed"),
        ({"province": "62-kon-tum"}, "province_not_there"),  # merged before the period
        ({"province": "51-quang-ngai-2025", "period_from": datetime.date(2025, 1, 1)}, "province_not_there"),
    ],
)
def test_a_measurement_that_cannot_be_is_refused(columns, code):
    before = Measurement.objects.count()
    assert refusal_of(services.measure, a_measurement_form(**columns)) == code
    assert Measurement.objects.count() == before


def test_a_target_that_is_published_is_in_the_change_log_once():
    form = services.TargetForm(Indicator.objects.get(code="766-nguoi-dan-tiep-can"), datetime.date(2028, 12, 31),
                               Decimal(95), source="Quyết định sửa đổi")  # fmt: skip
    target = services.enter_target(form, by=an_editor())
    assert event_types() == []
    hoa = an_approver()
    assert services.publish_target(services.publish_target(target, by=hoa), by=hoa).is_public
    assert event_types() == ["indicator.target_published"]
    assert Change.objects.get().subject == "766-nguoi-dan-tiep-can"


def test_a_target_is_public_only_with_a_source_and_may_be_raised_later():
    indicator = Indicator.objects.get(code="766-nguoi-dan-tiep-can")
    columns = {"indicator": indicator, "due_on": "2027-12-31", "area": "urban", "value": 90}
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(is_public=True, **columns)
    Target.objects.create(is_public=True, source="Quyết định sửa đổi", **columns)
    assert indicator.targets.filter(area="urban").count() == 2


def test_a_duty_is_charged_once_and_never_without_its_basis():
    owing = [committee("48-da-nang-2025"), committee("46-hue-2025")]
    assert services.charge(programme(), owing, basis="Điều 2") == 2
    assert services.charge(programme(), owing, basis="Điều 2") == 0
    assert refusal_of(services.charge, programme(), owing, basis=" ") == "reason_required"


def test_a_withdrawn_plan_is_entered_again_under_another_key():
    withdrawn = services.withdraw_plan(a_public_plan(), reason="Nhập nhầm")
    again = services.publish_plan(services.write_plan(a_plan_form()))
    assert (again.status, again.pk == withdrawn.pk, again.key == withdrawn.key) == ("published", False, False)
    assert services.write_plan(a_plan_form()) == again
    changed = services.write_plan(a_plan_form(number="13/KH-UBND"))
    services.withdraw_plan(again, reason="Nhập nhầm")
    assert services.write_plan(a_plan_form(title="Kế hoạch khác")).pk not in {withdrawn.pk, again.pk, changed.pk}
