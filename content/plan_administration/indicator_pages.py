"""The admin of indicators with their targets and pictures, and of measurements: entered, approved, corrected."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from content.errors import RuleBroken
from content.people.admin_mixins import Context, call_service, staff_user
from content.people.models import User
from content.people.queries import audit_history
from content.plan_administration.forms import MeasurementEntryForm, TargetEntryForm
from content.plan_administration.pages import PlanPagesMixin, badge, require
from content.plan_administration.pictures import picture_of
from content.plans import policy, queries, services
from content.plans.models import Indicator, Measurement, Target
from content.plans.services import MeasurementForm

SHOWN = (
    60  # measurements of the whole country, and of other places, on the page of an indicator, the last entered first
)


@admin.register(Indicator)
class IndicatorAdmin(PlanPagesMixin):
    """Indicators. The page of one shows targets and measurements, reported or computed, never merged."""

    is_in_navigation = False  # reached from a programme
    list_display = ["name_vi", "code", "programme", "unit", "breakdown", "shown_method"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["name_vi", "code"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        publish = wrap(require_POST(self.publish_target_view))
        return [
            path("<int:pk>/target/", wrap(self.target_view), name="content_indicator_target"),
            path("<int:pk>/target/<int:target>/publish/", publish, name="content_indicator_publish_target"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("method"))
    def shown_method(self, indicator: Indicator) -> str:
        return _("computed") if indicator.is_computed else _("reported")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Indicator]:
        return Indicator.objects.select_related("programme")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """An indicator with its picture, its targets and the last measurements, also those that wait."""
        indicator = self.get_row(request, object_id)
        rows = queries.staff_measurements().filter(indicator=indicator)
        national = list(rows.filter(province=None, organisation=None)[:SHOWN])
        targets = list(indicator.targets.select_related("entered_by", "published_by"))
        return self.render_page(
            request,
            "indicator",
            indicator.name,
            indicator=indicator,
            picture=picture_of(
                indicator, [each for each in national if each.approved_at], [each for each in targets if each.is_public]
            ),
            targets=targets,
            national=national,
            by_place=rows.exclude(province=None, organisation=None)[:SHOWN],
            history=audit_history([indicator.code]),
        )

    def target_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter a target."""
        indicator = self.get_row(request, pk)
        require(policy.may_write(request.user))
        return self.form_page(
            request, TargetEntryForm(request.POST or None, indicator=indicator), services.enter_target,
            title=_("Enter a target"), done=_("The target was entered. Another person publishes it."),
            back=self.row_url(indicator), subject=indicator.name,
            explanation=_("Only what was read: no target is guessed. One that is raised later is another target."),
        )  # fmt: skip

    def publish_target_view(self, request: HttpRequest, pk: int, target: int) -> HttpResponse:
        """Make the target of somebody else public."""
        indicator = self.get_row(request, pk)
        require(policy.may_publish(request.user))
        found = get_object_or_404(Target, pk=target, indicator=indicator)
        try:
            services.publish_target(found, by=staff_user(request))
            messages.success(request, _("The target was published."))
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(self.row_url(indicator))


class WaitingFilter(admin.SimpleListFilter):
    """Measurements that wait for a second person."""

    title = gettext_lazy("status")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("To be approved"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        waiting = queries.waiting_measurements().values("pk")
        return rows.filter(pk__in=waiting) if self.value() == "waiting" else rows


@admin.register(Measurement)
class MeasurementAdmin(PlanPagesMixin):
    """Measurements. A row never changes; a correction is a new one beside it."""

    is_in_navigation = False  # reached from a programme
    list_display = [
        "indicator",
        "shown_place",
        "area",
        "period_from",
        "period_until",
        "value",
        "source",
        "shown_status",
    ]
    list_filter = [WaitingFilter, "indicator"]
    search_fields = ["source", "indicator__code"]
    ordering = ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/approve/", wrap(self.approve_view), name="content_measurement_approve"),
            path("<int:pk>/correct/", wrap(self.correct_view), name="content_measurement_correct"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measurement]:
        return queries.staff_measurements()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    @admin.display(description=gettext_lazy("Place"))
    def shown_place(self, row: Measurement) -> str:
        return str(row.province or row.organisation or _("the whole country"))

    @admin.display(description=gettext_lazy("status"))
    def shown_status(self, row: Measurement) -> str:
        if row.is_replaced or (row.approved_at is None and hasattr(row, "replaced_by")):
            return badge("withdrawn", _("corrected"))
        return badge("draft", _("to be approved")) if row.approved_at is None else badge("published", _("public"))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Enter a measurement of `?indicator=`; without one choose it first."""
        require(self.has_add_permission(request))
        written = request.GET.get("indicator", "")
        if not written:
            return self.render_page(request, "choose", _("Enter a measurement"), indicators=queries.indicators())
        indicator = Indicator.objects.filter(code=written, method="reported").first()
        if indicator is None:
            raise Http404
        form = MeasurementEntryForm(request.POST or None, indicator=indicator)
        return self._entry_page(request, form, title=_("Enter a measurement"))

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter the row that corrects this one. Both stay."""
        row = self.get_row(request, pk)
        require(policy.may_write(request.user))
        if row.indicator.is_computed:
            raise Http404
        columns = ("province", "organisation", "area", "period_from", "period_until", "source", "source_url")
        initial = {name: getattr(row, name) for name in columns}
        form = MeasurementEntryForm(request.POST or None, indicator=row.indicator, initial=initial)
        return self._entry_page(request, form, title=_("Correct a measurement"), replaces=row)

    def _entry_page(self, request: HttpRequest, form: MeasurementEntryForm, **context: Any) -> HttpResponse:
        replaces = context.get("replaces")

        def measure(*, by: User, form: MeasurementForm) -> str:
            row, _is_new = services.measure(form, replaces=replaces, by=by)
            return self.row_url(row)

        indicator = form.indicator
        return self.form_page(
            request, form, measure, done=_("Entered. Another person approves it."),
            back=reverse("admin:content_indicator_change", args=[indicator.pk]), subject=indicator.name,
            last=queries.public_measurements().filter(indicator=indicator)[:5], **context,
        )  # fmt: skip

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at the measurement of somebody else beside its source, then make it public."""
        row = self.get_row(request, pk)
        require(policy.may_publish(request.user))
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid() and call_service(form, services.approve, row, by=staff_user(request)):
            messages.success(request, _("The measurement is public."))
            return HttpResponseRedirect(self.row_url(row))
        return self.render_page(request, "approve", _("Approve the measurement"), row=row, form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A measurement, what it corrects and what corrects it."""
        row = self.get_row(request, object_id)
        return self.render_page(
            request, "measurement", str(row.indicator), row=row, later=getattr(row, "replaced_by", None),
            is_own=row.entered_by_id == request.user.pk, history=audit_history([row.indicator.code]),
        )  # fmt: skip
