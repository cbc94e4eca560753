"""The admin of events: drafts, transitions, the registrations of an event, and the week."""

import datetime
from typing import Any, Protocol, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.changes.models import Change
from content.errors import RuleBroken
from content.events import policy, queries, services
from content.events.admin import transition_pages
from content.events.admin.forms import (
    CheckInForm,
    CorrectionForm,
    DraftForm,
    initial_from_event,
    local_day,
)
from content.events.models import Event
from content.events.states import TABLE, EventStatus, EventTransition
from content.people import stale_forms
from content.people.admin_mixins import Context, ReadOnlyAdminMixin, call_service, staff_user
from content.people.transition_pages import TransitionForm, TransitionViewsMixin
from content.vietnam_time import today


class PushWording(Protocol):
    """The text of a notification."""

    @property
    def title(self) -> str: ...

    @property
    def body(self) -> str: ...


class NotifyingSite(Protocol):
    """What these pages ask of the staff site, which may import notifications."""

    def count_devices_following(self, event: Event) -> int: ...

    def push_wording(self, change: Change) -> PushWording: ...


@admin.register(Event)
class EventAdmin(ReadOnlyAdminMixin, TransitionViewsMixin):
    """The pages of events. Nothing is edited through the stock form and nothing is deleted."""

    row_name = "event"
    transition_table, transition_pages = TABLE, transition_pages.TRANSITION_PAGES
    transition_policy = policy

    list_display = ["title", "shown_when", "kind", "shown_status", "province", "place"]
    list_select_related = ["province"]
    list_filter = ["status", "kind"]
    list_per_page = 50
    search_fields = ["title"]
    search_help_text = _lazy("Words of the title.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/events.css"]}

    @admin.display(description=_lazy("begins"), ordering="starts_at")
    def shown_when(self, event: Event) -> str:
        return date_format(timezone.localtime(event.starts_at), "H:i d/m/Y")

    @admin.display(description=_lazy("status"), ordering="status")
    def shown_status(self, event: Event) -> str:
        return format_html('<span class="badge badge-{}">{}</span>', event.status, event.get_status_display())

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("week/", wrap(self.week_view), name="content_event_week"),
            path("<int:pk>/write/", wrap(self.write_view), name="content_event_write"),
            path("<int:pk>/registrations/", wrap(self.registrations_view), name="content_event_registrations"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return Event.objects.select_related("organisation", "province", "written_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Write the draft of a new event."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DraftForm(request.POST or None)
        if form.is_valid() and (event := self._plan(request, form)):
            messages.success(request, _("The draft was saved."))
            return HttpResponseRedirect(self.row_url(event))
        return self.render_page(request, "form", _("Plan an event"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """An event: all that is published of it, and the transitions it has now."""
        event = self.get_row(request, object_id)
        transitions = [
            (name, name.label, self._transition_url(name, event))
            for name in policy.available_transitions(request.user, event)
        ]
        return self.render_page(
            request,
            "event",
            event.title,
            event=event,
            transitions=transitions,
            seats=queries.seat_counts(event),
            questions=queries.advance_questions_of(event) if request.user.has_perm("content.view_question") else [],
            may_check_in=policy.may_check_in(request.user) and event.is_public and not event.home,
            moves=event.moves.all(),
            speakers=event.speakers.filter(session=None),
        )

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revise the draft, or correct the announced event."""
        event = self.get_row(request, pk)
        transition = EventTransition.REVISE if event.status == EventStatus.DRAFT else EventTransition.CORRECT
        if transition not in policy.available_transitions(request.user, event):
            raise PermissionDenied
        form_class = DraftForm if transition == EventTransition.REVISE else CorrectionForm
        form = form_class(request.POST or None, initial=initial_from_event(event))
        if form.is_valid() and call_service(form, self._write, request, event, transition, form):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(event))
        seen = request.POST.get("seen") or queries.event_fingerprint(event)  # of what the form was first filled with
        if is_stale := stale_forms.is_stale(form):
            event = self.get_row(request, pk)
            seen = queries.event_fingerprint(event)  # the page shows what is saved now
        return self.render_page(
            request,
            "form",
            transition.label,
            event=event,
            form=form,
            seen=seen,
            is_stale=is_stale,
            saved_meanwhile=stale_forms.saved_beside(form, initial_from_event(event)) if is_stale else [],
        )

    def may_open_transition(self, request: HttpRequest, name: str, row: Any) -> bool:
        """A transition that the status forbids is answered with 403 too."""
        return name in policy.available_transitions(request.user, row)

    def is_confirmed(self, request: HttpRequest) -> bool:
        return "confirm" in request.POST

    def service_arguments(self, request: HttpRequest, form: TransitionForm) -> dict[str, Any]:
        return super().service_arguments(request, form) | {"seen": request.POST.get("seen", "")}

    def transition_preview(self, request: HttpRequest, name: str, row: Any, form: TransitionForm) -> dict[str, Any]:
        """The event after the transition, and what phones would show of it."""
        preview = self.get_row(request, row.pk)
        change = transition_pages.apply_preview(preview, name, form.cleaned_data)
        return {"preview": preview, "push": cast(NotifyingSite, self.admin_site).push_wording(change)}

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        """How many people the transition concerns."""
        return {
            "seats": queries.seat_counts(row),
            "devices": cast(NotifyingSite, self.admin_site).count_devices_following(row),
            "seen": queries.event_fingerprint(row),
        }

    def registrations_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who has a seat, who waits, and check-in by the code."""
        event = self.get_row(request, pk)
        if not policy.may_check_in(request.user) or not event.is_public:
            raise PermissionDenied
        form = CheckInForm(request.POST or None)
        if form.is_valid():
            try:
                row, is_first = services.check_in(event, form.cleaned_data["code"], by=staff_user(request))
                message = _("Checked in: %s.") if is_first else _("Was checked in already: %s.")
                messages.success(request, message % (row.name or row.code))
            except RuleBroken as refusal:
                messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("admin:content_event_registrations", args=[event.pk]))
        rows = services.read_registrations(event, by=staff_user(request))
        return self.render_page(
            request, "registrations", _("Registrations"), event=event, form=form, seats=queries.seat_counts(event),
            seated=[row for row in rows if row.status == row.Status.SEATED],
            waiting=[row for row in rows if row.status == row.Status.WAITING],
        )  # fmt: skip

    def week_view(self, request: HttpRequest) -> HttpResponse:
        """The events of a week, from Monday."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            day = datetime.date.fromisoformat(request.GET.get("day", ""))
            week = queries.events_of_week(day)
            before, after = day - datetime.timedelta(days=7), day + datetime.timedelta(days=7)
        except (ValueError, OverflowError):  # no day, or one at the end of the calendar
            day = today()
            week, before, after = queries.events_of_week(day), day - datetime.timedelta(7), day + datetime.timedelta(7)
        return self.render_page(request, "week", _("The week"), week=week, before=before, after=after, today=today())

    def _write(
        self, request: HttpRequest, event: Event, transition: EventTransition, form: DraftForm | CorrectionForm
    ) -> Event:
        starts_at = form.cleaned_data.get("starts_at", event.starts_at)  # a correction has no time
        columns = form.columns(local_day(starts_at))
        columns["seen"] = request.POST.get("seen", "")
        if transition == EventTransition.REVISE:
            return services.revise(event, by=staff_user(request), **columns)
        return services.correct(event, by=staff_user(request), reason=form.cleaned_data["reason"], **columns)

    def _plan(self, request: HttpRequest, form: DraftForm) -> Event | None:
        """The new event; None if a rule forbids it: the form shows which."""
        planned: list[Event] = []

        def plan() -> None:
            planned.append(services.plan(by=staff_user(request), **_draft_columns(form)))

        return planned[0] if call_service(form, plan) else None

    def _transition_url(self, transition: EventTransition, event: Event) -> str:
        if transition in self.transition_pages:
            return reverse("admin:content_event_transition", args=[event.pk, transition])
        return reverse("admin:content_event_write", args=[event.pk])


def _draft_columns(form: DraftForm) -> dict[str, Any]:
    return form.columns(local_day(form.cleaned_data["starts_at"]))
