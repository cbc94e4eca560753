"""Events at the desk: written, announced, moved and cancelled by the verbs of the library; who comes, and the week."""

import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

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
from content.events.states import EventStatus, EventTransition
from content.vietnam_time import today


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Nothing is edited through the stock form and nothing is deleted."""

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
    def shown_when(self, event):
        return date_format(timezone.localtime(event.starts_at), "H:i d/m/Y")

    @admin.display(description=_lazy("status"), ordering="status")
    def shown_status(self, event):
        return format_html('<span class="badge badge-{}">{}</span>', event.status, event.get_status_display())

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("week/", wrap(self.week_view), name="content_event_week"),
            path("<int:pk>/write/", wrap(self.write_view), name="content_event_write"),
            path("<int:pk>/registrations/", wrap(self.registrations_view), name="content_event_registrations"),
            *(
                path(f"<int:pk>/{step}/", wrap(self.step_view), {"step": step}, name=f"content_event_{step}")
                for step in transition_pages.TRANSITION_PAGES
            ),
            *super().get_urls(),
        ]

    def has_add_permission(self, request):
        return policy.may_write(request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DraftForm(request.POST or None)
        if form.is_valid():
            event = self._try(request, form, lambda: services.plan(by=request.user, **_draft_columns(form)))
            if event:
                messages.success(request, _("The draft is kept."))
                return self._to(event)
        return self._page(request, "form", _("Plan an event"), form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One event: all that is said of it, and what may be done with it now."""
        event = self._event(request, object_id)
        acts = [
            (step, EventTransition(step).label, self._address(step, event))
            for step in policy.transitions_for(request.user, event)
        ]
        return self._page(
            request, "event", event.title, event=event, acts=acts, seats=queries.seat_counts(event),
            questions=queries.advance_questions_of(event) if request.user.has_perm("content.view_question") else [],
            may_check_in=policy.may_check_in(request.user) and event.is_public, moves=event.moves.all(),
            speakers=event.speakers.filter(session=None),
        )  # fmt: skip

    def write_view(self, request, pk):
        """The draft anew, or a correction of what was announced."""
        event = self._event(request, pk)
        step = EventTransition.REVISE if event.status == EventStatus.DRAFT else EventTransition.CORRECT
        if step not in policy.transitions_for(request.user, event):
            raise PermissionDenied
        kind = DraftForm if step == EventTransition.REVISE else CorrectionForm
        form = kind(request.POST or None, initial=initial_from_event(event))
        if form.is_valid() and self._try(request, form, lambda: self._write(request, event, step, form)):
            messages.success(request, _("It is kept."))
            return self._to(event)
        seen = request.POST.get("seen") or queries.event_fingerprint(event)  # of what the form was first filled with
        return self._page(request, "form", EventTransition(step).label, event=event, form=form, seen=seen)

    def step_view(self, request, pk, step):
        """Fill in, look at what would be said and who would be told, confirm."""
        event = self._event(request, pk)
        if step not in policy.transitions_for(request.user, event):
            raise PermissionDenied
        act = transition_pages.TRANSITION_PAGES[step]
        initial = initial_from_event(event) | {"registration_closes_at": None}  # moves along where nothing is said
        form = act.form(request.POST if request.method == "POST" else None, initial=initial)
        looked_at, said, seen = None, None, queries.event_fingerprint(event)
        if form.is_valid():
            if "confirm" in request.POST:
                given = form.cleaned_data | {"seen": request.POST.get("seen", "")}
                done = self._try(request, form, lambda: act.call(event, by=request.user, **given))
                if done:
                    messages.success(request, _("Done: %s.") % EventTransition(step).label)
                    return self._to(event)
            else:
                looked_at, change = transition_pages.preview_transition(
                    self._event(request, pk), step, form.cleaned_data
                )
                said = self.admin_site.words_told(change)
        seated, waiting, _came = queries.seat_counts(event)
        return self._page(
            request, "transition", EventTransition(step).label, event=event, act=act, form=form, looked_at=looked_at, said=said,
            step=step, seated=seated, waiting=waiting, devices=self.admin_site.devices_told_of(event), seen=seen,
        )  # fmt: skip

    def registrations_view(self, request, pk):
        """Who has a seat, who waits, and checking in by the code."""
        event = self._event(request, pk)
        if not policy.may_check_in(request.user) or not event.is_public:
            raise PermissionDenied
        form = CheckInForm(request.POST or None)
        if form.is_valid():
            try:
                row, first = services.check_in(event, form.cleaned_data["code"], by=request.user)
                said = _("Checked in: %s.") if first else _("Was checked in already: %s.")
                messages.success(request, said % (row.name or row.code))
            except RuleBroken as refusal:
                messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("admin:content_event_registrations", args=[event.pk]))
        rows = services.read_registrations(event, by=request.user)
        return self._page(
            request, "registrations", _("Who comes"), event=event, form=form, seats=queries.seat_counts(event),
            seated=[row for row in rows if row.status == row.Status.SEATED],
            waiting=[row for row in rows if row.status == row.Status.WAITING],
        )  # fmt: skip

    def week_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            day = datetime.date.fromisoformat(request.GET.get("day", ""))
            week = queries.events_of_week(day)
            before, after = day - datetime.timedelta(days=7), day + datetime.timedelta(days=7)
        except (ValueError, OverflowError):  # no day, or one at the end of the calendar
            day = today()
            week, before, after = queries.events_of_week(day), day - datetime.timedelta(7), day + datetime.timedelta(7)
        return self._page(request, "week", _("The week"), week=week, before=before, after=after, today=today())

    def _event(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(pk).isdecimal() or len(str(pk)) > 18:
            raise Http404
        event = Event.objects.select_related("organisation", "province", "written_by").filter(pk=pk).first()
        if event is None:
            raise Http404
        return event

    def _write(self, request, event, step, form):
        columns = _draft_columns(form) if step == EventTransition.REVISE else form.columns(local_day(event.starts_at))
        columns["seen"] = request.POST.get("seen", "")
        if step == EventTransition.REVISE:
            return services.revise(event, by=request.user, **columns)
        return services.correct(event, by=request.user, reason=form.cleaned_data["reason"], **columns)

    def _try(self, request, form, verb):
        """What the verb gives; None where a rule forbids it, which is said at the field."""
        try:
            return verb()
        except RuleBroken as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return None

    def _address(self, step, event):
        name = step if step in transition_pages.TRANSITION_PAGES else "write"
        return reverse(f"admin:content_event_{name}", args=[event.pk])

    def _to(self, event):
        return HttpResponseRedirect(reverse("admin:content_event_change", args=[event.pk]))

    def _page(self, request, name, title, **shown):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        return TemplateResponse(request, f"admin/content/event/{name}.html", context | shown)


def _draft_columns(form):
    return form.columns(local_day(form.cleaned_data["starts_at"]))
