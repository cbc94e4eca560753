"""A programme is charged, a plan is entered by one and published by another, measured and corrected."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from content.plans import services
from content.plans.models import Indicator, Measurement, Plan
from content.plans.services import FileBytes
from notifications.deliveries.models import Notification
from notifications.fanout import read_changes
from tests.builders_plans import (
    A_PDF,
    a_measurement_form,
    a_plan_form,
    an_approver,
    an_editor,
    committee,
    programme,
)

pytestmark = pytest.mark.usefixtures("committed")
ON = "on=2026-06-01"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def tile(api, province):
    found = api("get", f"programmes/de-an-766/coverage?{ON}").json()["tiles"]
    return next(each for each in found if each["province"]["key"] == province)


def test_the_same_on_the_staff_site_and_on_the_page_for_people(api):
    """An editor charges and enters the PDF; an approver publishes; both see the grid, the picture and all rows."""
    lan, hoa = Client(), Client()
    lan.force_login(an_editor(), BACKEND)
    hoa.force_login(an_approver(), BACKEND)
    here, of = "/staff/content", programme().pk
    lan.post(f"{here}/duty/add/", {"programme": of, "group": "provinces", "basis": "Điều 2", "due_on": "31/12/2025"})
    tile_of = "Đà Nẵng: {}".format
    assert "Đà Nẵng:" in public_page() and tile_of("Đã có kế hoạch") not in public_page()

    file = SimpleUploadedFile("ke-hoach.pdf", A_PDF, "application/pdf")
    proposed = lan.post(f"{here}/plan/read/", {"file": file}).content.decode()
    stored = proposed.partition('name="stored" value="')[2].partition('"')[0]
    typed = {
        "programme": of, "adopter": committee("48-da-nang-2025").pk, "number": "12/KH-UBND", "title": "Kế hoạch mẫu",
        "adopted_on": "01/08/2025", "stored": stored,
    }  # fmt: skip
    lan.post(f"{here}/plan/add/", typed)
    plan = Plan.objects.get(number="12/KH-UBND")
    hoa.post(f"{here}/plan/{plan.pk}/publish/", {"seen": plan.updated_at.isoformat()})
    assert tile_of("Đã có kế hoạch") in public_page()
    assert tile_of("Đã có kế hoạch") in hoa.get(f"{here}/programme/{of}/change/?on=01/06/2026").content.decode()
    assert Client().get(f"/api/v1/plans/{plan.key}/file").content == A_PDF

    indicator = Indicator.objects.get(code="766-nguoi-dan-tiep-can")
    measured = {"area": "urban", "period_from": "01/01/2026", "period_until": "01/07/2026", "source": "Báo cáo số 12"}
    for value, path in (("71,5", f"add/?indicator={indicator.code}"), ("74", "{}/correct/")):
        last = Measurement.objects.filter(indicator=indicator).last()
        lan.post(f"{here}/measurement/{path.format(last and last.pk)}", measured | {"value": value})
        row = Measurement.objects.filter(indicator=indicator).latest("pk")
        hoa.post(f"{here}/measurement/{row.pk}/approve/", {"csrf": "x"})
    shown = hoa.get(f"{here}/indicator/{indicator.pk}/change/").content.decode()
    assert shown.count('class="mark is-replaced"') == 1 and "71,5" in shown and "74" in shown
    rows = api("get", f"measurements?indicator={indicator.code}").json()["results"]
    assert [(each["value"], each["is_replaced"]) for each in rows] == [("74", False), ("71.5", True)]


def public_page():
    return Client().get(f"/de-an/de-an-766?{ON}&lang=vi", headers={"Accept": "text/html"}).content.decode()


def test_a_plan_turns_its_tile_and_what_was_measured_stays(api):
    lan, hoa = an_editor(), an_approver()
    for owing in ("provinces", "ministries"):
        call_command("charge_plans", "de-an-766", f"--of={owing}", "--basis=Điều 2", "--due-on=2025-12-31")
    assert tile(api, "48-da-nang-2025")["status"] == "none_known"

    file = FileBytes("ke-hoach.pdf", "application/pdf", A_PDF)
    plan = services.write_plan(a_plan_form(file=file, source_url=""), by=lan)
    assert tile(api, "48-da-nang-2025")["status"] == "none_known"
    services.publish_plan(plan, by=hoa)
    turned = tile(api, "48-da-nang-2025")
    assert (turned["status"], turned["plan"]["number"], turned["since"]) == ("adopted", "12/KH-UBND", "2025-08-01")
    assert Client().get(f"/api/v1/plans/{plan.key}/file").content == A_PDF

    where = {"province": "48-da-nang-2025"}
    first = services.approve(services.measure(a_measurement_form(**where), by=lan)[0], by=hoa)
    again = services.measure(a_measurement_form(value=Decimal(74), **where), replaces=first, by=lan)[0]
    services.approve(again, by=hoa)
    rows = api("get", "measurements?province=48-da-nang-2025").json()["results"]
    assert [(each["value"], each["is_replaced"]) for each in rows] == [("74", False), ("71.5", True)]
    while read_changes():
        pass
    assert not Notification.objects.exists()
    told = [each["event_type"] for each in api("get", "changes?after=0").json()["results"]]
    assert told == ["plan.adopted", "indicator.measured", "indicator.corrected"]
