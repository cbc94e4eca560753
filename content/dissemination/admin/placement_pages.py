"""The admin of placements: the kit, the ledger with a picture per month, what became of one, and its counts."""

import csv
import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from content.dissemination import outcomes, policy, queries, services, subjects
from content.dissemination.admin import forms
from content.dissemination.choices import FORM_OF_KIND, DisseminationForm, OutletKind, PlacementStatus
from content.dissemination.models import Outlet, Placement
from content.errors import NotAllowed, RuleBroken
from content.law.page_paths import short_path
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history
from content.vietnam_time import VIETNAM_TIME, today

CHUNK = 2_000  # rows in memory
CSV_TYPE = "text/csv; charset=utf-8"
FORMULA_STARTS = ("=", "+", "-", "@", "\t")  # a spreadsheet would calculate these


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """The pages of placements. Nothing is edited through the stock form and nothing is deleted."""

    row_name = "placement"
    list_display = ["title", "outlet", "form", "shown_status", "placed_at"]
    list_filter = ["status", "form", "outlet__kind"]
    list_per_page = 50
    search_fields = ["key", "title", "subject_key"]
    search_help_text = gettext_lazy("The key, or words of the title.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css", "staff/dissemination.css"]}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("ledger/", wrap(self.ledger_view), name="content_placement_ledger"),
            path("ledger.csv", wrap(self.csv_view), name="content_placement_csv"),
            path("<int:pk>/outcome/", wrap(self.outcome_view), name="content_placement_outcome"),
            path("<int:pk>/count/", wrap(self.count_view), name="content_placement_count"),
            path("<int:pk>/again/", wrap(require_POST(self.again_view)), name="content_placement_again"),
            path("<int:pk>/take/", wrap(require_POST(self.take_view)), name="content_placement_take"),
            path("<int:pk>/approve/", wrap(require_POST(self.approve_view)), name="content_placement_approve"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        return queries.staff_placements()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_place(request.user)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def shown_status(self, placement: Placement) -> str:
        badge = {"placed": "published", "failed": "withdrawn", "unsure": "warned", "proposed": "warned"}.get(
            placement.status, "draft"
        )
        return format_html('<span class="badge badge-{}">{}</span>', badge, placement.get_status_display())

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """The kit: choose what and where; then the text, the short address and the card; then queue it."""
        if not policy.may_place(request.user):
            raise PermissionDenied
        if request.method == "POST" and "place" in request.POST:
            form: forms.KitForm = forms.PlaceForm(request.POST)
            if form.is_valid() and (placed := self._place(request, form)):
                messages.success(request, _("It waits for a second person, who lets it into the queue."))
                return HttpResponseRedirect(self.row_url(placed))
            return self._kit_page(request, form, *self._kit(form))
        form = forms.KitForm(request.POST or None)
        subject, link = self._kit(form) if form.is_valid() else (None, None)
        if subject and link and link.outlet:
            initial = form.cleaned_data | {
                "form": FORM_OF_KIND.get(OutletKind(link.outlet.kind), DisseminationForm.MASS_MEDIA),
                "wave": 1,
                "text": services.text_for(subject, link.outlet, settings.PUBLIC_URL + short_path(link.code)),
            }
            form = forms.PlaceForm(initial=initial)
        return self._kit_page(request, form, subject, link)

    def _kit(self, form: forms.KitForm) -> tuple[Any, Any]:
        """(subject, short address) of a valid form; (None, None) if it names nothing public: the form says so."""
        found: list[Any] = []

        def find() -> None:
            subject_type, key, eid = form.named()
            link = services.share_link(subject_type, key, eid, outlet=form.cleaned_data["outlet"])
            found.extend([services.require_subject(subject_type, key, eid), link])

        has_both = "subject" in form.cleaned_data and "outlet" in form.cleaned_data
        return (found[0], found[1]) if has_both and call_service(form, find) else (None, None)

    def _place(self, request: HttpRequest, form: Any) -> Placement | None:
        placed: list[Placement] = []
        data = form.cleaned_data

        def place() -> None:
            outlet: Outlet = data["outlet"]
            chosen = {name: data[name] for name in ("form", "wave", "text")}
            placed.append(services.place(*form.named(), outlet=outlet, by=staff_user(request), **chosen))

        return placed[0] if call_service(form, place) else None

    def _kit_page(self, request: HttpRequest, form: forms.KitForm, subject: Any, link: Any) -> HttpResponse:
        return self.render_page(request, "kit", _("Place content"), form=form, subject=subject, link=link)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A placement with its counts and openings."""
        placement = self.get_row(request, object_id)
        opened = placement.link.days.aggregate(opened=Sum("opened"), previews=Sum("previews"))
        return self.render_page(
            request, "placement", placement.title, placement=placement, counts=placement.counts.all(), opened=opened,
            may_place=policy.may_place(request.user), is_open=placement.status != PlacementStatus.PLACED,
            may_approve=policy.may_approve(request.user) and placement.placed_by_id != request.user.pk,
            subject=subjects.subject_of(placement), following=Placement.objects.filter(again_of=placement).first(),
            history=audit_history([placement.key]),
        )  # fmt: skip

    def outcome_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what became of a placement."""
        placement, form = self._asked(request, pk), forms.OutcomeForm(request.POST or None)
        if form.is_valid() and call_service(
            form, outcomes.settle, placement, by=staff_user(request), **form.arguments()
        ):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(placement))
        return self.render_page(request, "ask", _("What became of it"), placement=placement, form=form)

    def count_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter what was counted on a day."""
        placement = self._asked(request, pk)
        form = forms.CountForm(request.POST or None, initial={"day": today()})
        if form.is_valid() and call_service(
            form, services.enter_count, placement, by=staff_user(request), **form.cleaned_data
        ):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(placement))
        return self.render_page(request, "ask", _("Enter counts"), placement=placement, form=form)

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue again what is not there: a person has looked."""
        return self._done(request, pk, outcomes.queue_again, _("It waits in the queue again."))

    def take_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A person posts it: no program gets it any more."""
        return self._done(request, pk, outcomes.take, _("Post it now, and then say what became of it."))

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A second person lets it into the queue."""
        return self._done(request, pk, services.approve, _("It waits in the queue."))

    def _done(self, request: HttpRequest, pk: int, service: Callable[..., Placement], words: str) -> HttpResponse:
        """What the service does with a placement; then its page, or that of the placement which follows it."""
        placement: Placement = self.get_row(request, pk)
        try:
            placement = service(placement, by=staff_user(request))
            messages.success(request, words)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(self.row_url(placement))

    def ledger_view(self, request: HttpRequest) -> HttpResponse:
        """Counts of a year (`?year=`, else this one) by month, form, kind and province, and a picture of the months."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        first, last = _year(request)
        tables = [(each, queries.counts_by(each, first, last)) for each in ("month", "form", "outlet_kind", "province")]
        months = tables[0][1]
        most = max((each.placements for each in months), default=0) or 1
        bars = [(each.value, each.placements, round(100 * each.placements / most)) for each in months]
        named = [(_TABLE_NAMES[group], [(_name(group, each.value), each) for each in rows]) for group, rows in tables]
        return self.render_page(
            request, "ledger", _("Where content went"), bars=bars, tables=named, year=last.year,
            before=last.year - 1, after=last.year + 1 if last.year < today().year else None,
        )  # fmt: skip

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """What was placed in a year (`?year=`, else this one), one a row, with the sums of its counts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        first, last = _year(request)
        response = HttpResponse(content_type=CSV_TYPE)
        response["Content-Disposition"] = f'attachment; filename="luatmo-{last.year}.csv"'
        response.write("\ufeff")  # for Excel
        writer = csv.writer(response)
        writer.writerow(forms.CSV_COLUMNS)
        for row in queries.ledger_rows(first, last).iterator(chunk_size=CHUNK):
            writer.writerow([_cell(value) for value in _csv_row(row)])
        return response

    def _asked(self, request: HttpRequest, pk: int) -> Placement:
        """The row, for who may change it. Raises PermissionDenied."""
        placement: Placement = self.get_row(request, pk)
        if not policy.may_place(request.user):
            raise PermissionDenied
        return placement


_TABLE_NAMES = {
    "month": gettext_lazy("By month"),
    "form": gettext_lazy("By form"),
    "outlet_kind": gettext_lazy("By kind of outlet"),
    "province": gettext_lazy("By province"),
}


def _year(request: HttpRequest) -> tuple[datetime.date, datetime.date]:
    """The first and last day of the year that was asked for; of this one if none, or none that we know, was."""
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and text.isascii() and 2000 <= int(text) <= today().year else today().year
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _name(group: str, value: str) -> str:
    return queries.name_of(group, value) or _("None stated")


def _csv_row(row: Placement) -> list[Any]:
    placed = row.placed_at.astimezone(VIETNAM_TIME) if row.placed_at else None
    counts = [getattr(row, f"sum_{name}") for name in queries.COUNTED]
    return [
        placed and f"{placed:%Y-%m-%d %H:%M}", row.title, row.subject_key, row.eid, row.get_form_display(),
        str(row.outlet), row.outlet.organisation.name, row.url, *counts,
    ]  # fmt: skip


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
