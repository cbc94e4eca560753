"""The admin of playlists and channels: their texts, the order of a playlist, and the week of a channel."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from content.channel import policy, queries, services
from content.channel.admin import forms
from content.channel.models import Channel, Listed, Playlist, Slot
from content.errors import NotAllowed, RuleBroken
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history
from content.vietnam_time import VIETNAM_TIME, today

WEEK = datetime.timedelta(days=7)


class ListedAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """What the pages of playlists and channels share. Nothing is edited through the stock form."""

    list_display = ["title", "key", "organisation", "shown_status"]
    list_per_page = 50
    search_fields = ["key", "title"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    form_class: type[forms.ListedForm]

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css", "staff/events.css"]}

    @admin.display(description=gettext_lazy("status"), ordering="published_at")
    def shown_status(self, row: Listed) -> str:
        name, words = ("published", _("Public")) if row.is_public else ("draft", _("Not public"))
        return format_html('<span class="badge badge-{}">{}</span>', name, words)

    def arguments(self, form: Any) -> dict[str, Any]:
        """What the form gives to the service. Raises RuleBroken."""
        data: dict[str, Any] = form.cleaned_data
        return data

    def save(self, request: HttpRequest, form: Any, service: Callable[..., Any], row: Any = None) -> Any:
        """The saved row; None if the form shows why it is refused."""
        saved: list[Any] = []

        def call(**_named: Any) -> None:
            saved.append(service(row, by=staff_user(request), **self.arguments(form)))

        return saved[0] if form.is_valid() and call_service(form, call) else None


@admin.register(Playlist)
class PlaylistAdmin(ListedAdmin):
    """The pages of playlists."""

    row_name = "playlist"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.write_view)
        return [path("<int:pk>/write/", view, name="content_playlist_write"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Playlist]:
        return queries.staff_playlists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write_playlists(request.user)

    def arguments(self, form: Any) -> dict[str, Any]:
        columns: dict[str, Any] = form.columns()
        return columns

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        return self._written(request, None, forms.PlaylistForm(request.POST or None))

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change the texts and the materials of a playlist."""
        playlist = self.get_row(request, pk)
        initial = forms.initial_from_playlist(playlist)
        return self._written(request, playlist, forms.PlaylistForm(request.POST or None, initial=initial))

    def _written(self, request: HttpRequest, playlist: Playlist | None, form: forms.PlaylistForm) -> HttpResponse:
        if not policy.may_write_playlists(request.user):
            raise PermissionDenied
        if saved := self.save(request, form, services.save_playlist, playlist):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(saved))
        title = _("Change the playlist") if playlist else _("Write a playlist")
        return self.render_page(request, "write", title, playlist=playlist, form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A playlist with its materials. Nothing is edited here."""
        playlist = self.get_row(request, object_id)
        items = playlist.items.select_related("material").order_by("position")
        return self.render_page(
            request, "playlist", playlist.title, playlist=playlist, items=items,
            may_write=policy.may_write_playlists(request.user), history=audit_history([playlist.key]),
        )  # fmt: skip


@admin.register(Channel)
class ChannelAdmin(ListedAdmin):
    """The pages of channels: the week of one is its page."""

    row_name = "channel"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        remove = wrap(require_POST(self.remove_slot_view))
        return [
            path("<int:pk>/write/", wrap(self.write_view), name="content_channel_write"),
            path("<int:pk>/slots/add/", wrap(self.slot_view), name="content_channel_slot"),
            path("<int:pk>/slots/<int:slot>/remove/", remove, name="content_channel_remove_slot"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return queries.staff_channels()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_run_channels(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        return self._written(request, None, forms.ChannelForm(request.POST or None))

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change the texts and the filling playlist of a channel."""
        channel = self.get_row(request, pk)
        initial = forms.initial_from_channel(channel)
        return self._written(request, channel, forms.ChannelForm(request.POST or None, initial=initial))

    def _written(self, request: HttpRequest, channel: Channel | None, form: forms.ChannelForm) -> HttpResponse:
        if not policy.may_run_channels(request.user):
            raise PermissionDenied
        if saved := self.save(request, form, services.save_channel, channel):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(saved))
        title = _("Change the channel") if channel else _("Write a channel")
        return self.render_page(request, "write", title, channel=channel, form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """The week of a channel, from Monday, with what is on the air now."""
        channel = self.get_row(request, object_id)
        first = _monday_of(request.GET.get("day", ""))
        return self.render_page(
            request, "channel", channel.title, channel=channel, week=_week(channel, first), aired=_aired(channel),
            may_run=policy.may_run_channels(request.user), before=first - WEEK, after=first + WEEK, today=today(),
            now=timezone.now(), history=audit_history([channel.key]),
        )  # fmt: skip

    def slot_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put something on the air."""
        channel = self.get_row(request, pk)
        if not policy.may_run_channels(request.user):
            raise PermissionDenied
        form = forms.SlotForm(request.POST or None)
        if form.is_valid() and call_service(
            form, services.plan_slot, channel, by=staff_user(request), **form.cleaned_data
        ):
            messages.success(request, _("The slot was planned."))
            day = form.cleaned_data["starts_at"].astimezone(VIETNAM_TIME).date()
            return HttpResponseRedirect(f"{self.row_url(channel)}?day={day:%Y-%m-%d}")
        return self.render_page(request, "slot", _("Plan a slot"), channel=channel, form=form)

    def remove_slot_view(self, request: HttpRequest, pk: int, slot: int) -> HttpResponse:
        """Take a slot out of the schedule."""
        channel = self.get_row(request, pk)
        found = get_object_or_404(Slot, channel=channel, pk=slot)
        day = found.during.lower.astimezone(VIETNAM_TIME).date()
        try:
            services.remove_slot(found, by=staff_user(request))
            messages.success(request, _("The slot was removed. The playlist plays at this time."))
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(f"{reverse('admin:content_channel_change', args=[pk])}?day={day:%Y-%m-%d}")


def _monday_of(text: str) -> datetime.date:
    """The Monday of the week with that day; of this week if the text is no day of our time."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = today()
    if not 2000 <= day.year <= 2200:
        day = today()
    return day - datetime.timedelta(days=day.weekday())


def _week(channel: Channel, first: datetime.date) -> list[tuple[datetime.date, list[Slot]]]:
    """[(day, slots that touch it)] of the seven days. A slot over midnight is in both."""
    start = datetime.datetime.combine(first, datetime.time(), VIETNAM_TIME)
    slots = list(queries.slots_between(channel, start, start + WEEK))
    days = [start + datetime.timedelta(days=number) for number in range(7)]
    next_day = datetime.timedelta(days=1)
    return [
        (day.date(), [slot for slot in slots if slot.during.lower < day + next_day and slot.during.upper > day])
        for day in days
    ]


def _aired(channel: Channel) -> dict[str, Any] | None:
    """What is on the air now, for people: title and end."""
    found = queries.on_air(channel, timezone.now())
    current = next((each for each in found.named if each.starts_at <= found.moment), None)
    if current is None:
        return None
    title = found.materials[current.clip.key].title if current.clip else found.slots[current.slot].title
    return {"title": title, "ends_at": current.ends_at, "is_slot": bool(current.slot)}
