"""A programme is charged, a plan is entered by one and published by another, measured and corrected."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client

from content.plans import services
from content.plans.services import FileBytes
from notifications.deliveries.models import Notification
from notifications.fanout import read_changes
from tests.builders_plans import A_PDF, a_measurement_form, a_plan_form, an_approver, an_editor

pytestmark = pytest.mark.usefixtures("committed")
ON = "on=2026-06-01"


def tile(api, province):
    found = api("get", f"programmes/de-an-766/coverage?{ON}").json()["tiles"]
    return next(each for each in found if each["province"]["key"] == province)


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
