"""Pages of programmes and plans for people; the feed, the sitemaps and the exports of plans."""

import datetime
import gzip
import json

import pytest
from django.test import Client

from api.v1.sync.bulk_export import write_bulk_export
from content.exports import queries as exports
from content.plans import services
from content.plans.models import Target
from content.plans.services import FileBytes
from tests.builders_plans import (
    A_FILE,
    A_PDF,
    a_measurement_form,
    a_plan_form,
    a_public_plan,
    charge_everybody,
    without_real_plans,
)

pytestmark = pytest.mark.django_db
DUE = datetime.date(2026, 1, 1)


def page(path, **headers):
    return Client().get(path, headers={"Accept": "text/html", **headers})


def test_the_page_of_a_programme_has_tiles_and_a_table_and_no_map():
    charge_everybody(due_on=DUE)
    plan = a_public_plan()
    shown = page("/de-an/de-an-766?on=2026-06-01&lang=vi").content.decode()
    assert "Bảng ô 34 tỉnh, thành" in shown and "bản đồ" not in shown.casefold()
    assert shown.count("<rect") == 34 + 5  # tiles and signs of the legend
    assert shown.count(f'href="/ke-hoach/{plan.key}"') == 3  # its tile, its row and the list of plans
    assert "Đà Nẵng: Đã có kế hoạch" in shown and "Hoàng Sa" in shown
    listed = shown.partition("Kế hoạch ban hành gần đây")[2].partition("</ul>")[0]
    order = [listed.index(number) for number in ("184/KH-UBND", "671/KH-UBND", "12/KH-UBND", "1956/KH-UBND")]
    assert order == sorted(order) and "Ủy ban nhân dân tỉnh Kon Tum</a>, 30/05/2025" in listed
    assert "<script" not in shown.replace('<script type="application/ld+json"', "")


def test_the_page_of_a_day_before_the_merger_lists_the_provinces_of_that_day():
    shown = page("/de-an/de-an-471?on=2020-04-22&lang=en").content.decode()
    assert "coverage-grid" not in shown
    assert all(name in shown for name in ("Kon Tum", "Bạc Liêu", "Yên Bái"))
    assert "Tiles exist for days since 01/07/2025" in shown


def test_the_page_of_a_year_shows_the_duties_of_the_year():
    charge_everybody(year=2026)
    a_public_plan(year=2026)
    assert "Đà Nẵng: Đã có kế hoạch" in page("/de-an/de-an-766?on=2026-06-01&year=2026").content.decode()
    assert "Đà Nẵng: Đã có kế hoạch" not in page("/de-an/de-an-766?on=2026-06-01").content.decode()


@pytest.mark.parametrize("path", ["/de-an/de-an-000", "/ke-hoach/kh-khong-co"])
def test_what_is_not_there_is_a_page_of_404(path):
    answer = page(path)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (404, "text/html")


def test_what_the_form_of_days_submits_is_a_page():
    charge_everybody(year=2026)
    shown = page("/de-an/de-an-766?on=2026-06-01&year=&lang=vi")
    assert shown.status_code == 200 and "01/06/2026" in shown.content.decode()
    assert page("/de-an/de-an-766?on=&year=").status_code == 200
    assert 'value="2026" selected' in page("/de-an/de-an-766?on=&year=2026").content.decode()


def test_a_wrong_day_is_refused():
    assert page("/de-an/de-an-766?on=hôm%20nay").status_code == 400


def test_the_page_of_a_plan_says_where_to_read_it_and_a_draft_has_none():
    file = FileBytes("a.pdf", "application/pdf", A_PDF)
    draft = services.write_plan(a_plan_form("46-hue-2025", file=file))
    assert page(f"/ke-hoach/{draft.key}").status_code == 404
    plan = a_public_plan(file=file, adopted_on=None)
    shown = page(f"/ke-hoach/{plan.key}?lang=vi").content.decode()
    for words in ("12/KH-UBND", "Chưa rõ ngày ban hành", f"/plans/{plan.key}/file", 'href="/de-an/de-an-766"'):
        assert words in shown, words
    services.withdraw_plan(plan, reason="Nhập nhầm")
    gone = page(f"/ke-hoach/{plan.key}")
    assert gone.status_code == 410 and "Nhập nhầm" in gone.content.decode()


def test_a_plan_and_the_one_that_took_its_place_lead_to_each_other():
    former = a_public_plan(number="1/KH-UBND")
    plan = a_public_plan(replaces=former)
    services.write_plan(a_plan_form(number="3/KH-UBND", replaces=former))  # a draft
    later, earlier = (page(f"/ke-hoach/{each.key}?lang=vi").content.decode() for each in (plan, former))
    assert f'Thay thế kế hoạch</dt><dd lang="vi"><a href="/ke-hoach/{former.key}">' in later
    assert f'Được thay thế bằng kế hoạch</dt><dd lang="vi"><a href="/ke-hoach/{plan.key}">' in earlier
    assert earlier.count("Được thay thế") == 1 and "3/KH-UBND" not in earlier
    services.withdraw_plan(former, reason="Nhập nhầm")
    assert former.key not in page(f"/ke-hoach/{plan.key}").content.decode()


def test_pages_name_last_days_and_where_a_target_comes_from():
    period = {"period_from": datetime.date(2026, 1, 1), "period_until": datetime.date(2027, 1, 1)}
    assert "01/01/2026 – 31/12/2026" in page(f"/ke-hoach/{a_public_plan(**period).key}").content.decode()
    target = Target.objects.filter(is_public=True).first()
    Target.objects.filter(pk=target.pk).update(source_url="https://example.org/766.pdf")
    shown = page("/de-an/de-an-766?lang=vi").content.decode()
    assert "31/12/2030" in shown and "01/01/2031" not in shown
    assert f'<a href="https://example.org/766.pdf" rel="noreferrer">{target.provision or target.source}</a>' in shown


def test_a_program_is_sent_to_the_api():
    plan = a_public_plan()
    for path, api in ((f"/ke-hoach/{plan.key}", f"plans/{plan.key}"), ("/de-an/de-an-766", "programmes/de-an-766")):
        answer = Client().get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer["Location"].endswith(f"/api/v1/{api}")) == (303, True)


def test_the_feed_of_plans_is_filtered_as_the_list_and_names_pages():
    without_real_plans()
    plan, other = a_public_plan(file=A_FILE), a_public_plan("46-hue-2025")
    services.write_plan(a_plan_form("01-ha-noi-2025"))
    feed = Client().get("/api/v1/feeds/plans.json").json()
    assert [each["url"].rpartition("/")[2] for each in feed["items"]] == [other.key, plan.key]
    services.correct_plan(plan, a_plan_form(title="Kế hoạch đúng"), reason="Sai tên")
    feed = Client().get("/api/v1/feeds/plans.json").json()
    assert [each["url"].rpartition("/")[2] for each in feed["items"]] == [plan.key, other.key]
    only = Client().get("/api/v1/feeds/plans.json?province=46-hue-2025").json()["items"]
    assert [each["url"].rpartition("/")[2] for each in only] == [other.key]
    assert f"/ke-hoach/{plan.key}" in Client().get("/api/v1/feeds/plans.atom").content.decode()


def test_the_sitemaps_name_public_plans_and_programmes():
    plan, draft = a_public_plan(), services.write_plan(a_plan_form("46-hue-2025"))
    index = Client().get("/sitemap.xml").content.decode()
    assert "sitemap-plans-1.xml" in index and "sitemap-programmes-1.xml" in index
    plans = Client().get("/sitemap-plans-1.xml").content.decode()
    assert f"/ke-hoach/{plan.key}<" in plans and draft.key not in plans
    assert "/de-an/de-an-766<" in Client().get("/sitemap-programmes-1.xml").content.decode()


def test_exports_hold_plans_indicators_and_measurements_as_the_api_shows_them(api, settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    without_real_plans()
    plan = a_public_plan(file=A_FILE)
    services.write_plan(a_plan_form("46-hue-2025"))
    services.measure(a_measurement_form())  # nobody approved it
    manifest = write_bulk_export()

    def lines(name):
        path = exports.file_path(manifest["key"], f"{name}.jsonl.gz")
        return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]

    assert lines("plans") == [api("get", f"plans/{plan.key}?lang=vi").json()]
    assert lines("indicators") == api("get", "indicators?lang=vi").json()["results"]
    assert lines("measurements") == api("get", "measurements?lang=vi").json()["results"]
    services.correct_plan(plan, a_plan_form(title="Kế hoạch đúng"), reason="Sai tên")
    services.approve(services.measure(a_measurement_form())[0])
    manifest = write_bulk_export()
    assert [each["title"] for each in lines("plans_changed")] == ["Kế hoạch đúng"]
    assert [each["key"] for each in lines("indicators_changed")] == ["766-nguoi-dan-tiep-can"]
