"""Programmes, duties, plans and measurements on the staff site: who may what, by two people, nothing typed is lost."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.computed_indicators.services import store_finished_months
from content.editing import services as editing
from content.people.models import AuditRow, Role
from content.plan_administration.yearly_report import report_of
from content.plans import queries, services
from content.plans.models import Duty, Indicator, Measurement, Plan, PlanFile, PlanStatement, Target
from content.vietnam_time import today
from tests.builders import a_document, a_draft
from tests.builders_plans import (
    A_FILE,
    A_PDF,
    a_measurement_form,
    a_plan_form,
    a_public_measurement,
    a_public_plan,
    charge_everybody,
    committee,
    programme,
)
from tests.files import a_pdf

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def of(person):
    """Somebody of a role, signed in."""

    def make(role, name=None):
        found = person(name or f"a-{role}", *([role] if role else []))
        found.browser.force_login(found.user, BACKEND)
        return found

    return make


def typed(**changed):
    return {
        "programme": programme().pk, "adopter": committee("48-da-nang-2025").pk, "number": "12/KH-UBND",
        "adopted_on": "01/08/2025", "title": "Kế hoạch mẫu", "year": "", "period_from": "", "period_until": "",
        "document": "", "source_url": "https://example.org/ke-hoach.pdf", "stored": "",
    } | changed  # fmt: skip


def page_of(answer):
    return answer.content.decode()


def errors_of(page):
    """The words of the list of errors."""
    return page.partition('class="errorlist')[2].partition("</ul>")[0]


def test_an_editor_enters_a_plan_and_only_another_person_publishes_it(of):
    lan, hoa = of(Role.EDITOR, "lan"), of(Role.APPROVER, "hoa")
    entered = lan.post("content/plan/add/", typed())
    plan = Plan.objects.get(number="12/KH-UBND")
    assert (plan.status, plan.written_by, entered["Location"]) == (
        "draft", lan.user, f"/staff/content/plan/{plan.pk}/change/"
    )  # fmt: skip
    here = f"content/plan/{plan.pk}"
    assert lan.get(f"{here}/publish/").status_code == 403
    shown = page_of(hoa.get(f"{here}/publish/"))
    assert "Kế hoạch mẫu" in shown
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    lan.post(f"{here}/write/", typed(title="Kế hoạch khác"))
    refused = page_of(hoa.post(f"{here}/publish/", {"seen": seen}))  # not what she read
    assert "errorlist" in refused and "Kế hoạch khác" in refused
    plan.refresh_from_db()
    assert (plan.status, plan.title) == ("draft", "Kế hoạch khác")
    hoa.post(f"{here}/publish/", {"seen": plan.updated_at.isoformat()})
    plan.refresh_from_db()
    assert (plan.status, plan.published_by) == ("published", hoa.user)
    assert "Đã công bố kế hoạch" in page_of(hoa.get(f"{here}/change/"))


def test_a_publisher_does_not_publish_their_own(of):
    minh = of(Role.PUBLISHER)
    minh.post("content/plan/add/", typed())
    plan = Plan.objects.get(number="12/KH-UBND")
    refused = page_of(minh.post(f"content/plan/{plan.pk}/publish/", {"seen": plan.updated_at.isoformat()}))
    assert "Người khác phải công bố" in refused
    plan.refresh_from_db()
    assert plan.status == "draft"


def test_what_is_typed_wrongly_is_named_and_stays_in_the_form(of):
    lan = of(Role.EDITOR)
    before = Plan.objects.count()
    for changed, said in (
        ({"adopted_on": "14/04/2025"}, "trước đề án"),
        ({"period_from": "01/01/2026", "period_until": "01/01/2026"}, "Kỳ kết thúc"),
        ({"document": "khong-co"}, "Không có văn bản công khai"),
        ({"adopted_on": "32/13/2025"}, "ngày"),
    ):
        shown = page_of(lan.post("content/plan/add/", typed(**changed)))
        assert "errorlist" in shown and "Kế hoạch mẫu" in shown and said in errors_of(shown), said
    assert Plan.objects.count() == before


def test_a_file_that_is_no_pdf_is_refused_and_a_scan_says_so(of):
    lan = of(Role.EDITOR)
    wrong = SimpleUploadedFile("a.pdf", b"<html>", "application/pdf")
    assert "PDF" in page_of(lan.post("content/plan/read/", {"file": wrong}))
    assert not PlanFile.objects.exists()
    scan = SimpleUploadedFile("quet.pdf", A_PDF, "application/pdf")
    shown = page_of(lan.post("content/plan/read/", {"file": scan}))
    assert "có thể là bản quét" in shown
    stored = PlanFile.objects.get().sha256
    assert f'value="{stored}"' in shown
    lan.post("content/plan/add/", typed(stored=stored, source_url=""))
    plan = Plan.objects.get(number="12/KH-UBND")
    assert (plan.file.sha256, plan.file.name) == (stored, "quet.pdf")
    assert lan.get(f"content/plan/{plan.pk}/file/").content == A_PDF


def test_a_file_that_is_not_kept_any_more_is_chosen_again(of):
    lan = of(Role.EDITOR)
    shown = page_of(lan.post("content/plan/add/", typed(stored="0" * 64)))
    assert "chọn lại" in errors_of(shown) and "Kế hoạch mẫu" in shown
    assert not Plan.objects.filter(number="12/KH-UBND").exists()


def test_a_document_that_readers_cannot_see_is_not_the_one_of_a_plan(of):
    draft = a_draft()
    assert "Không có văn bản công khai" in errors_of(
        page_of(of(Role.EDITOR).post("content/plan/add/", typed(document=draft.key)))
    )


A_HEAD = """ỦY BAN NHÂN DÂN
THÀNH PHỐ ĐÀ NẴNG
Số: 12/KH-UBND
Đà Nẵng, ngày 01 tháng 8 năm 2025
KẾ HOẠCH
Thực hiện Đề án chuyển đổi số công tác phổ biến, giáo dục pháp luật
I. MỤC ĐÍCH
1. Triển khai kịp thời Đề án.
II. NỘI DUNG
1. Đăng văn bản lên cổng thông tin.
"""


def test_number_day_and_adopter_are_proposed_from_the_text_of_the_file_and_nothing_is_entered(of):
    lan = of(Role.EDITOR)
    before = Plan.objects.count()
    file = SimpleUploadedFile("ke-hoach.pdf", a_pdf(A_HEAD), "application/pdf")
    shown = page_of(lan.post("content/plan/read/", {"file": file}))
    assert 'value="12/KH-UBND"' in shown and 'value="01/08/2025"' in shown
    owing = committee("48-da-nang-2025")
    assert f'<option value="{owing.pk}" selected>{owing.name}</option>' in shown
    title = "Kế hoạch thực hiện Đề án chuyển đổi số công tác phổ biến, giáo dục pháp luật"
    assert f'name="title" value="{title}"' in shown
    assert Plan.objects.count() == before


def test_a_public_plan_is_corrected_and_withdrawn_with_a_reason(of):
    hoa, plan = of(Role.APPROVER), a_public_plan(file=A_FILE)
    here = f"content/plan/{plan.pk}"
    assert "errorlist" in page_of(hoa.post(f"{here}/write/", typed(title="Kế hoạch đúng", reason="")))
    other = committee("46-hue-2025").pk  # the page does not offer this
    hoa.post(f"{here}/write/", typed(title="Kế hoạch đúng", reason="Sai tên", adopter=other, year="2027"))
    hoa.post(f"{here}/withdraw/", {"reason": "Nhập nhầm"})
    plan.refresh_from_db()
    assert (plan.title, plan.status, plan.withdrawal_reason) == ("Kế hoạch đúng", "withdrawn", "Nhập nhầm")
    assert (plan.adopter, plan.year) == (committee("48-da-nang-2025"), None)
    assert "Nhập nhầm" in page_of(hoa.get(f"{here}/change/"))


def test_a_correction_leaves_number_day_and_document_of_a_public_plan(of):
    hoa, plan = of(Role.APPROVER), a_public_plan(document=a_document("3/2026/QH16"))
    here = f"content/plan/{plan.pk}/write/"
    shown = page_of(hoa.get(here))
    for name in ("number", "adopted_on", "document"):
        field = shown.partition(f'name="{name}"')[2].partition(">")[0]
        assert "disabled" in field, name
    other = {"number": "99/KH-UBND", "adopted_on": "02/08/2025", "document": a_document("4/2026/QH16").key}
    hoa.post(here, typed(title="Kế hoạch đúng", reason="Sai tên", **other))
    plan.refresh_from_db()
    assert (plan.title, plan.number, plan.adopted_on, plan.document.number) == (
        "Kế hoạch đúng", "12/KH-UBND", datetime.date(2025, 8, 1), "3/2026/QH16"
    )  # fmt: skip
    unknown = a_public_plan("46-hue-2025", number="", adopted_on=None)
    hoa.post(f"content/plan/{unknown.pk}/write/", typed(reason="Đã có bản ký"))
    unknown.refresh_from_db()
    assert (unknown.number, unknown.adopted_on) == ("12/KH-UBND", datetime.date(2025, 8, 1))


def test_a_correction_leaves_title_and_address_of_a_plan_that_is_read_only_there(of):
    hoa, plan = of(Role.APPROVER), a_public_plan()
    here = f"content/plan/{plan.pk}/write/"
    shown = page_of(hoa.get(here))
    for name in ("title", "source_url"):
        assert "disabled" in shown.partition(f'name="{name}"')[2].partition(">")[0], name
    other = {"title": "Kế hoạch khác", "source_url": "https://example.org/khac.pdf"}
    hoa.post(here, typed(reason="Thiếu thời gian", period_from="01/01/2025", **other))
    plan.refresh_from_db()
    assert (plan.title, plan.source_url, plan.period_from) == (
        "Kế hoạch mẫu", "https://example.org/ke-hoach.pdf", datetime.date(2025, 1, 1)
    )  # fmt: skip


def test_a_plan_whose_document_was_withdrawn_is_corrected_with_it_or_without_it(of):
    hoa, document = of(Role.APPROVER), a_document("3/2026/QH16")
    plan = a_public_plan(document=document, file=A_FILE)
    editing.withdraw_document(document, reason="Nhập hai lần")
    here = f"content/plan/{plan.pk}/write/"
    hoa.post(here, typed(title="Tên đúng", reason="Sai tên", document=document.key))
    plan.refresh_from_db()
    assert (plan.title, plan.document) == ("Tên đúng", document)
    hoa.post(here, typed(title="Tên đúng", reason="Văn bản đã gỡ"))
    plan.refresh_from_db()
    assert plan.document is None


def test_the_plan_that_another_replaces_is_named_by_its_key_and_may_be_taken_out_again(of):
    lan, former = of(Role.EDITOR), a_public_plan(number="1/KH-UBND")
    for wrong, said in (("kh-khong-co", "Không có kế hoạch nào"), (a_public_plan("46-hue-2025").key, "chính cơ quan")):
        shown = page_of(lan.post("content/plan/add/", typed(replaces=wrong)))
        assert said in errors_of(shown) and f'value="{wrong}"' in shown
    lan.post("content/plan/add/", typed(replaces=former.key))
    plan = Plan.objects.get(number="12/KH-UBND", adopter=former.adopter)
    here = f"content/plan/{plan.pk}"
    assert plan.replaces == former
    assert f'value="{former.key}"' in page_of(lan.get(f"{here}/write/"))
    assert "Thay thế kế hoạch" in page_of(lan.get(f"{here}/change/"))
    assert "Được thay thế bằng kế hoạch" in page_of(lan.get(f"content/plan/{former.pk}/change/"))
    itself = page_of(lan.post(f"{here}/write/", typed(replaces=plan.key)))
    assert "chính nó" in errors_of(itself)
    lan.post(f"{here}/write/", typed(replaces=""))
    plan.refresh_from_db()
    assert plan.replaces is None


def test_the_tiles_of_the_grid_lead_to_the_duty_and_from_there_to_the_plan(of):
    charge_everybody()
    lan, plan = of(Role.EDITOR), a_public_plan()
    duty = plan.adopter.duties.get()
    shown = page_of(lan.get(f"content/programme/{plan.programme_id}/change/?on=01/06/2026"))
    assert shown.count(f"/staff/content/duty/{duty.pk}/change/") == 2
    assert f"/staff/content/plan/{plan.pk}/change/" in page_of(lan.get(f"content/duty/{duty.pk}/change/"))
    before = page_of(lan.get(f"content/programme/{plan.programme_id}/change/?on=01/06/2025"))
    assert "coverage-grid" not in before and "Kon Tum" in before
    for wrong in ("?on=hom nay", "?on=99/99/9999", "?year=abc"):
        assert lan.get(f"content/programme/{plan.programme_id}/change/{wrong}").status_code == 200


def test_the_queue_of_what_nobody_told_us_ends_with_a_statement(of):
    charge_everybody()
    lan = of(Role.EDITOR)
    owing = committee("46-hue-2025")
    name = owing.name
    assert name in page_of(lan.get("content/duty/?show=unknown&q=Hu%E1%BA%BF"))
    said = {"programme": programme().pk, "adopter": owing.pk, "on": "01/02/2026", "source": "Công văn số 1"}
    lan.post("content/planstatement/add/", said)
    assert PlanStatement.objects.get().source == "Công văn số 1"
    assert f">{name}<" not in page_of(lan.get("content/duty/?show=unknown&q=Hu%E1%BA%BF")).partition("result_list")[2]


def test_duties_are_entered_for_a_group_or_for_one_organisation(of):
    lan = of(Role.EDITOR)
    form = {"programme": programme().pk, "group": "provinces", "organisation": "", "year": "2026", "due_on": "",
            "basis": "Điều 2"}  # fmt: skip
    lan.post("content/duty/add/", form)
    assert Duty.objects.filter(year=2026).count() == 34
    both = form | {"organisation": committee("48-da-nang-2025").pk}
    assert "errorlist" in page_of(lan.post("content/duty/add/", both))
    lan.post("content/duty/add/", both | {"group": "", "year": "2027"})
    assert Duty.objects.filter(year=2027).count() == 1


def measured(**changed):
    return {
        "province": "", "organisation": "", "area": "urban", "period_from": "01/01/2026", "period_until": "01/07/2026",
        "value": "71,5", "numerator": "", "denominator": "", "source": "Báo cáo số 12/BC-UBND", "source_url": "",
    } | changed  # fmt: skip


def test_a_measurement_is_entered_beside_the_last_approved_by_another_and_corrected(of):
    lan, hoa = of(Role.EDITOR, "lan"), of(Role.APPROVER, "hoa")
    a_public_measurement(source="Báo cáo trước")
    add = "content/measurement/add/?indicator=766-nguoi-dan-tiep-can"
    assert "Báo cáo trước" in page_of(lan.get(add))
    assert "errorlist" in page_of(lan.post(add, measured(source="")))
    assert "errorlist" in page_of(lan.post(add, measured(value="1.234")))
    lan.post(add, measured())
    row = Measurement.objects.get(source="Báo cáo số 12/BC-UBND")
    assert lan.get(f"content/measurement/{row.pk}/approve/").status_code == 403
    assert str(row.pk) in page_of(hoa.get("content/measurement/?show=waiting"))
    hoa.post(f"content/measurement/{row.pk}/approve/", {})
    row.refresh_from_db()
    assert row.approved_by == hoa.user
    lan.post(f"content/measurement/{row.pk}/correct/", measured(value="72"))
    again = Measurement.objects.get(replaces=row)
    hoa.post(f"content/measurement/{again.pk}/approve/", {})
    shown = page_of(hoa.get(f"content/indicator/{row.indicator_id}/change/"))
    assert "71,5" in shown and "đính chính" in shown and shown.count("<circle") >= 3


def test_a_computed_indicator_is_not_entered_by_hand(of):
    Indicator.objects.create(
        programme=programme(), code="may-tinh", name_vi="Máy tính", unit="count", method="contests"
    )
    lan = of(Role.EDITOR)
    assert lan.get("content/measurement/add/?indicator=may-tinh").status_code == 404
    store_finished_months(datetime.date(2026, 12, 1))
    stored = Measurement.objects.filter(indicator__method="contests").first()
    assert lan.get(f"content/measurement/{stored.pk}/correct/").status_code == 404


def test_a_target_waits_for_a_second_person_and_needs_what_was_read(of, api):
    lan, hoa = of(Role.EDITOR, "lan"), of(Role.APPROVER, "hoa")
    indicator = Indicator.objects.get(code="766-nguoi-dan-tiep-can")
    here = f"content/indicator/{indicator.pk}"
    form = {"due_on": "31/12/2028", "operator": "at_least", "value": "90", "area": "urban", "provision": "",
            "read_on": "", "source": "", "source_url": ""}  # fmt: skip
    assert "errorlist" in page_of(lan.post(f"{here}/target/", form))
    assert "errorlist" in page_of(lan.post(f"{here}/target/", form | {"source": "Văn bản", "value": "120"}))
    lan.post(f"{here}/target/", form | {"provision": "Điều 1 Quyết định mẫu", "read_on": "01/11/2026"})
    target = Target.objects.get(value=90)

    def public():
        return [each["value"] for each in api("get", f"indicators/{indicator.code}").json()["targets"]]

    assert public() == ["80", "60"]
    assert lan.post(f"{here}/target/{target.pk}/publish/", {}).status_code == 403
    hoa.post(f"{here}/target/{target.pk}/publish/", {})
    assert public() == ["80", "60", "90"]


def test_a_publisher_does_not_publish_their_own_target(of):
    minh = of(Role.PUBLISHER)
    indicator = Indicator.objects.get(code="766-nguoi-dan-tiep-can")
    form = services.TargetForm(indicator, datetime.date(2028, 12, 31), Decimal(95), source="Khác")
    target = services.enter_target(form, by=minh.user)
    assert services.enter_target(form, by=minh.user) == target
    minh.post(f"content/indicator/{indicator.pk}/target/{target.pk}/publish/", {})
    target.refresh_from_db()
    assert target.is_public is False


def test_the_picture_of_an_indicator_names_areas_and_its_table_holds_what_is_drawn(of):
    drawn = a_public_measurement(source="Báo cáo cả nước")
    for number in range(61):
        services.measure(a_measurement_form(province="48-da-nang-2025", source=f"Báo cáo tỉnh {number}"))
    shown = page_of(of(Role.EDITOR).get(f"content/indicator/{drawn.indicator_id}/change/"))
    assert "Báo cáo cả nước" in shown and "Báo cáo tỉnh 60" in shown
    picture = shown.partition('<svg viewBox="0 0 320')[2].partition("</svg>")[0]
    assert f'aria-labelledby="picture-{drawn.indicator_id} picture-{drawn.indicator_id}-words"' in picture
    assert picture.count(">Đô thị</text>") == 2 and picture.count(">Nông thôn</text>") == 1  # two targets, one mark
    assert "01/01/2026 – 30/06/2026" in shown


def test_the_yearly_report_says_what_is_known_of_the_days_of_plans(of):
    lan = of(Role.EDITOR)
    a_public_plan(adopted_on=None, number="1/KH-UBND")
    a_public_plan("46-hue-2025", number="2/KH-UBND", adopted_on=datetime.date(today().year, 1, 2))
    report = f"content/programme/{programme().pk}/report/"
    adopted, _, unknown = page_of(lan.get(report)).partition("Kế hoạch chưa rõ ngày ban hành")
    adopted = adopted.partition("Kế hoạch ban hành")[2]
    assert "2/KH-UBND" in adopted and "1/KH-UBND" not in adopted
    assert "1/KH-UBND" in unknown and "2/KH-UBND" not in unknown
    assert lan.get(f"{report}?year={today().year + 1}").status_code == 404


def test_the_report_of_a_year_is_provisional_until_its_last_day_is_over():
    charge_everybody(year=2026)
    for source in ("Báo cáo 1", "Báo cáo 2"):
        a_public_measurement(source=source)
    last = report_of(programme(), 2026, datetime.date(2026, 12, 31))
    assert (last.is_running, last.on) == (True, datetime.date(2026, 12, 31))
    over = report_of(programme(), 2026, datetime.date(2027, 1, 1))
    assert (over.is_running, over.on) == (False, datetime.date(2026, 12, 31))
    assert over.of_year.others  # the ministries
    with CaptureQueriesContext(connection) as seen:
        report_of(programme(), 2026, datetime.date(2027, 1, 1))
    assert sum('FROM "content_measurement"' in each["sql"] for each in seen.captured_queries) == 2


def test_the_yearly_report_holds_grid_targets_and_measurements(of):
    charge_everybody()
    charge_everybody(year=2026)
    a_public_plan(adopted_on=datetime.date(2026, 2, 1))
    a_public_measurement(source="Báo cáo số 12/BC-UBND")
    services.measure(a_measurement_form(source="Chưa duyệt"))
    shown = page_of(of(Role.ANSWERER).get(f"content/programme/{programme().pk}/report/?year=2026"))
    for words in ("Bảng ô 34 tỉnh, thành", "Báo cáo số 12/BC-UBND", "12/KH-UBND", "Không gộp"):
        assert words in shown, words
    assert "Chưa duyệt" not in shown
    nothing = shown.partition("Không có số liệu trong năm")[2].partition("</ul>")[0]
    assert "Người dự thi" in nothing and "Người dân tiếp cận" not in nothing
    ministry = queries.who_may_owe("ministries", today()).first()
    assert shown.count(f'<th scope="row" lang="vi">{ministry.shown_name}</th>') == 2  # of the whole and of the year
    earlier = page_of(of(Role.EDITOR).get(f"content/programme/{programme('de-an-471').pk}/report/?year=2020"))
    assert "Tin về tình hình" in earlier and "coverage-grid" not in earlier


PAGES = {  # of a list or a row: who opens it
    "programme/": set(Role.values), "duty/": set(Role.values), "plan/": set(Role.values),
    "planstatement/": set(Role.values), "indicator/": set(Role.values), "measurement/": set(Role.values),
    "plan/add/": {"editor", "publisher"}, "plan/read/": {"editor", "publisher"},
    "duty/add/": {"editor", "publisher"}, "planstatement/add/": {"editor", "publisher"},
    "measurement/add/": {"editor", "publisher"},
    "programme/add/": set(), "indicator/add/": set(),
    "plan/{plan}/write/": {"editor", "publisher"}, "plan/{plan}/publish/": {"approver", "publisher"},
    "plan/{plan}/withdraw/": {"approver", "publisher"}, "plan/{plan}/change/": set(Role.values),
    "plan/{plan}/delete/": set(),
    "measurement/{measurement}/change/": set(Role.values), "measurement/{measurement}/delete/": set(),
    "measurement/{measurement}/approve/": {"approver", "publisher"},
    "measurement/{measurement}/correct/": {"editor", "publisher"},
    "indicator/{indicator}/change/": set(Role.values), "indicator/{indicator}/target/": {"editor", "publisher"},
    "programme/{programme}/change/": set(Role.values), "programme/{programme}/report/": set(Role.values),
}  # fmt: skip


def addresses():
    plan = services.write_plan(a_plan_form())
    row, _ = services.measure(a_measurement_form())
    numbers = {"plan": plan.pk, "measurement": row.pk, "indicator": row.indicator_id, "programme": plan.programme_id}
    return {name: f"content/{name.format(**numbers)}" for name in PAGES}


@pytest.mark.parametrize("role", [*Role.values, None])
def test_what_a_role_may_open(of, role):
    paths, somebody = addresses(), of(role)
    opened = {name for name, path in paths.items() if somebody.get(path).status_code == 200}
    assert opened == {name for name, roles in PAGES.items() if role in roles}


def test_a_stranger_is_asked_who_they_are(client):
    for path in addresses().values():
        assert client.get(f"/staff/{path}").status_code == 302


def test_what_is_done_is_audited_in_words(of):
    lan = of(Role.EDITOR)
    lan.post("content/plan/add/", typed())
    row = AuditRow.objects.latest("pk")
    assert (row.action, row.by) == ("plan.drafted", lan.user)
    assert "Đã soạn kế hoạch" in page_of(lan.get(f"content/plan/{Plan.objects.get(key=row.subject).pk}/change/"))
