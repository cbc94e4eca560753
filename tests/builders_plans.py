"""What tests of plans build: duties of the present provinces, plans, measurements."""

import datetime
from decimal import Decimal

from content.organisations.models import Organisation, Province
from content.plans import services
from content.plans.models import Indicator, Plan, Programme
from content.plans.queries import CODE_OF_COMMITTEE, MINISTRY_KINDS
from tests.builders import a_member_of_staff

BASIS = "Điều 2 Quyết định số 766/QĐ-TTg"
A_PDF = b"%PDF-1.7 mau"
A_FILE = services.FileBytes("a.pdf", "application/pdf", A_PDF)


def programme(key="de-an-766"):
    return Programme.objects.get(key=key)


def committee(province):
    return Organisation.objects.get(code=CODE_OF_COMMITTEE, province__key=province)


def charge_everybody(*, due_on=None, year=None):
    """The committees of the 34 provinces and the ministries of today owe a plan for 766."""
    present = Organisation.objects.filter(valid_until=None)
    for owing in (
        present.filter(code=CODE_OF_COMMITTEE, province__isnull=False),
        present.filter(kind__in=MINISTRY_KINDS),
    ):
        services.charge(programme(), owing, basis=BASIS, due_on=due_on, year=year)


def a_plan_form(province="48-da-nang-2025", **columns):
    defaults = {
        "programme": programme(), "adopter": committee(province), "title": "Kế hoạch mẫu", "number": "12/KH-UBND",
        "adopted_on": datetime.date(2025, 8, 1), "source_url": "https://example.org/ke-hoach.pdf",
    }  # fmt: skip
    return services.PlanForm(**(defaults | columns))


def without_real_plans():
    """An installation where nobody has a plan: those that come with the program are taken out."""
    Plan.objects.all().delete()


def a_public_plan(province="48-da-nang-2025", **columns):
    return services.publish_plan(services.write_plan(a_plan_form(province, **columns)))


def a_measurement_form(**columns):
    defaults = {
        "indicator": Indicator.objects.get(code="766-nguoi-dan-tiep-can"), "area": "urban",
        "period_from": datetime.date(2026, 1, 1), "period_until": datetime.date(2026, 7, 1), "value": Decimal("71.5"),
        "source": "Báo cáo số 12/BC-UBND",
    }  # fmt: skip
    if isinstance(columns.get("province"), str):
        columns["province"] = Province.objects.get(key=columns["province"])
    return services.MeasurementForm(**(defaults | columns))


def a_public_measurement(**columns):
    return services.approve(services.measure(a_measurement_form(**columns))[0])


def an_editor(name="lan"):
    return a_member_of_staff(name, "editor")


def an_approver(name="hoa"):
    return a_member_of_staff(name, "approver")
