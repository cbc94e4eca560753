"""The admin of programmes (grid, yearly report), of duties with the queue «nobody told us», and of statements."""

import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.organisations.models import Organisation
from content.people.admin_mixins import Context
from content.people.form_fields import vietnamese_date_field
from content.people.models import User
from content.people.queries import audit_history
from content.plan_administration import yearly_report
from content.plan_administration.forms import ChargeForm, StatementForm
from content.plan_administration.pages import PlanPagesMixin, list_url, require
from content.plans import policy, queries, services
from content.plans.grid import coverage_grid
from content.plans.models import Duty, PlanStatement, Programme
from content.plans.queries import CoveredOrganisation
from content.vietnam_time import today

FIRST_YEAR, LAST_YEAR = 2000, 2100


@admin.register(Programme)
class ProgrammeAdmin(PlanPagesMixin):
    """Programmes. The page of one shows who has a plan, as tiles that lead to the duty."""

    list_display = ["name_vi", "act_number", "valid_from", "valid_until"]
    ordering = ["-valid_from"]

    def get_urls(self) -> list[URLPattern]:
        report = self.admin_site.admin_view(self.report_view)
        return [path("<int:pk>/report/", report, name="content_programme_report"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """The grid of a programme on `?on=`, of the duties of `?year=`."""
        programme = self.get_row(request, object_id)
        on, year = asked_day(request), asked_year(request)
        coverage = queries.coverage(programme, on, year)
        return self.render_page(
            request,
            "programme",
            programme.name,
            programme=programme,
            on=on,
            year=year,
            years=queries.years_with_duties(programme),
            grid=coverage_grid(coverage, queries.provinces_on(on), url_of_duty),
            indicators=queries.indicators().filter(programme=programme),
            history=audit_history([programme.key]),
        )

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The report of a year that has begun, to print."""
        programme = self.get_row(request, pk)
        year = asked_year(request) or today().year
        if year > today().year:
            raise Http404
        return self.render_page(
            request,
            "report",
            _("Report of %d") % year,
            programme=programme,
            report=yearly_report.report_of(programme, year, today()),
        )


class ToldFilter(admin.SimpleListFilter):
    """Duties of which nobody told us anything, the oldest first."""

    title = gettext_lazy("What is known")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("unknown", _("Nobody told us"))]

    def queryset(self, request: HttpRequest, duties: QuerySet[Any]) -> QuerySet[Any]:
        return duties.filter(pk__in=queries.duties_nobody_told_us(today())) if self.value() == "unknown" else duties


@admin.register(Duty)
class DutyAdmin(PlanPagesMixin):
    """Who owes a plan. Oldest first: those that are due at once, then by day."""

    is_in_navigation = False  # reached from a programme
    list_display = ["organisation", "programme", "year", "due_on", "basis"]
    list_filter = [ToldFilter, "programme"]
    list_select_related = ["organisation", "programme"]
    search_fields = ["organisation__name"]
    ordering = [F("due_on").asc(nulls_first=True), "pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Say who owes a plan, with the provision that says so."""
        require(self.has_add_permission(request))
        form = ChargeForm(request.POST or None, initial={"programme": request.GET.get("programme", "")})
        return self.form_page(
            request, form, charge, title=_("Say who owes a plan"), done=_("Saved."), back=list_url("duty"),
            explanation=_("A duty is a claim about the law: read the provision first. Those who owe it already stay."),
        )  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A duty today: its status, the plans of the organisation, what it declared."""
        duty = self.get_row(request, object_id)
        covered = queries.coverage_of_duty(duty, today())
        return self.render_page(
            request,
            "duty",
            duty.organisation.name,
            duty=duty,
            covered=covered,
            plans=duty.programme.plans.filter(adopter=duty.organisation).order_by("-pk"),
            statements=duty.programme.statements.filter(adopter=duty.organisation),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Duty]:
        return Duty.objects.select_related("organisation__province", "programme")


@admin.register(PlanStatement)
class PlanStatementAdmin(PlanPagesMixin):
    """Who declared to have no plan."""

    is_in_navigation = False  # reached from a programme
    list_display = ["adopter", "programme", "on", "source"]
    list_filter = ["programme"]
    list_select_related = ["adopter", "programme"]
    search_fields = ["adopter__name", "source"]
    ordering = ["-on", "-pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Enter that an organisation declared to have no plan."""
        require(self.has_add_permission(request))
        initial = {name: request.GET.get(name, "") for name in ("programme", "adopter")}
        form = StatementForm(request.POST or None, initial=initial)
        return self.form_page(
            request, form, services.declare_none, title=_("Enter that there is no plan"), done=_("Saved."),
            back=list_url("planstatement"),
        )  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A statement with its source."""
        statement = self.get_row(request, object_id)
        return self.render_page(request, "statement", str(statement.adopter), statement=statement)


def charge(*, by: User, group: str, organisation: Organisation | None, programme: Programme, **columns: Any) -> None:
    """`services.charge` for a group of today, or for one organisation."""
    owing = [organisation] if organisation else queries.who_may_owe(group, today())
    services.charge(programme, owing, by=by, **columns)


def url_of_duty(covered: CoveredOrganisation) -> str:
    """The page of the duty of a tile."""
    return reverse("admin:content_duty_change", args=[covered.duty.pk])


def asked_day(request: HttpRequest) -> datetime.date:
    """`?on=`, today without one or with one that is no day."""
    try:
        return vietnamese_date_field("").clean(request.GET.get("on", "")) or today()
    except ValidationError:
        return today()


def asked_year(request: HttpRequest) -> int | None:
    """`?year=`, None without one or with one that is no year."""
    written = request.GET.get("year", "")
    is_year = written.isascii() and written.isdigit() and len(written) == 4
    return int(written) if is_year and FIRST_YEAR <= int(written) <= LAST_YEAR else None
