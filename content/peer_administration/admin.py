"""The staff pages of other installations: add, confirm the key, pause, begin anew; waiting objects and conflicts."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from content import arrivals
from content.copying.objects import OBJECTS
from content.peer_administration.comparing import comparison_of
from content.peer_administration.forms import AddForm, ConfirmForm, DecisionForm, ReasonOnlyForm, WishesForm
from content.people.admin_mixins import (
    Context,
    HistoryOnPageMixin,
    ReadOnlyAdminMixin,
    StaffPageMixin,
    call_service,
    staff_user,
)
from content.people.queries import audit_history
from content.seals import services as seals
from content.sync import services
from content.sync.models import Conflict, ConflictDecision, Peer, PeerRow, PeerState, Waiting

LATE = datetime.timedelta(minutes=5)
GROUP = 4  # characters of a fingerprint that are read out together


Service = Callable[..., Any]
NO_KEY = ("new", "forked", "paused")
PEER_ACTIONS: dict[str, tuple[type[forms.Form], Service, Any, tuple[str, ...]]] = {
    "confirm": (ConfirmForm, services.confirm_key, _("The key is confirmed."), ("new",)),
    "wishes": (WishesForm, services.set_peer, _("Saved."), ()),
    "pause": (ReasonOnlyForm, services.pause_peer, _("Paused."), ("loading", "following", "away")),
    "resume": (ReasonOnlyForm, services.resume_peer, _("It is read again."), ("paused",)),
    "key": (ReasonOnlyForm, services.ask_new_key, _("A second person confirms one of its keys."), NO_KEY),
    "anew": (ReasonOnlyForm, services.begin_anew, _("It begins anew."), ("forked", "paused")),
}
NEXT_STEPS: dict[str, Any] = {
    PeerState.NEW: _(
        "Nothing is read of it until its key is confirmed. Set what is wanted first; then another administrator "
        "telephones the other office and types the fingerprint."
    ),
    PeerState.LOADING: _("Its newest export is read. Nothing is to be done."),
    PeerState.AWAY: _(
        "It is tried again by itself, at least each minute, and goes on where it was. If it lasts, tell the other "
        "office what is written above."
    ),
    PeerState.FORKED: _(
        "Nothing is read of it, and what is held stays. Call the other office. If they restored a backup: «Begin "
        "anew». If they lost their key or it was stolen: «Read its keys anew»."
    ),
    PeerState.PAUSED: _("Nothing is read of it, also no withdrawal, until somebody resumes it."),
}
ACTION_NOTES: dict[str, Any] = {
    "pause": _("While it is paused, what is held stays public and does not change, also where its home withdraws it."),
    "resume": _("Resuming goes on from where it was paused."),
    "key": _(
        "Read its keys anew only if the other office lost its key, or it was stolen. Another administrator must type "
        "the fingerprint of the new one before anything is read again."
    ),
    "anew": _(
        "Begin anew after the other office restored a backup. Its newest export is compared with what is held; what it "
        "lacks is put before a publisher, and nothing disappears by itself."
    ),
}


@admin.register(Peer)
class PeerAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """Other installations, each with its lamp."""

    change_list_template = "admin/content/peer/list.html"
    list_display = ["name", "host", "lamp", "last_answer", "held", "waiting", "conflicts"]
    list_display_links = ["name"]
    list_per_page = 100
    ordering = ["key"]
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(services.MAY_MANAGE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Peer]:
        return Peer.objects.annotate(
            held_count=Count("origins", distinct=True), waiting_count=Count("waitings", distinct=True)
        )

    def changelist_view(self, request: HttpRequest, extra_context: Context = None) -> HttpResponse:
        """The list, with the fingerprint that this office reads out to those who follow it."""
        fingerprint = _spoken(seals.signing_key_id())
        return super().changelist_view(request, {**(extra_context or {}), "fingerprint": fingerprint})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """GET asks for the address; a POST reads who is there and stores it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddForm(request.POST or None)
        added: list[Peer] = []
        if form.is_valid() and call_service(
            form, lambda: added.append(services.add_peer(form.cleaned_data["url"], by=staff_user(request)))
        ):
            messages.success(request, gettext("Added. A second person confirms its key."))
            return HttpResponseRedirect(self.row_url(added[0]))
        return self.render_page(request, "add", gettext("Follow another installation"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """GET shows the installation; a POST runs the action of the pressed button."""
        peer = self.get_row(request, object_id)
        wishes = {name: getattr(peer, name) for name in ("objects_wanted", "notifies", "relays")}
        wishes["objects_wanted"] = wishes["objects_wanted"] or [*OBJECTS]
        offered = {
            name: form(initial=wishes | {"scope": "\n".join(peer.scope)})
            for name, (form, *_rest) in PEER_ACTIONS.items()
        }
        if request.method == "POST":
            name = next((each for each in PEER_ACTIONS if each in request.POST), None)
            if name is None or not request.user.has_perm(services.MAY_MANAGE):
                raise PermissionDenied
            form_class, service, done, _states = PEER_ACTIONS[name]
            form = offered[name] = form_class(request.POST)
            if form.is_valid() and call_service(form, service, peer, by=staff_user(request), **form.cleaned_data):
                messages.success(request, done)
                return HttpResponseRedirect(request.path)
        return self.render_page(
            request, "peer", peer.name, peer=peer, lamp=self.lamp(peer), lag=self.last_answer(peer),
            forms=self._forms_of(request, peer, offered), waiting=peer.waitings.order_by("pk")[:50],
            conflicts=peer.conflicts.filter(decision="")[:50], history=audit_history([peer.key]),
            picture=arrivals.picture(arrivals.newest_arrivals(peer.key)), keys=sorted(peer.keys),
            offered_keys=sorted(peer.offered_keys),
            percent=100 * peer.load_line // peer.load_lines if peer.load_lines else None,
            next_step=NEXT_STEPS.get(peer.state, ""),
            is_mine=peer.state == PeerState.NEW and peer.added_by_id == staff_user(request).pk,
        )  # fmt: skip

    def _forms_of(
        self, request: HttpRequest, peer: Peer, offered: dict[str, forms.Form]
    ) -> list[tuple[str, Any, Any, forms.Form]]:
        """(name of the button, its label, what it does, form) of what this person may do now."""
        labels = {
            "confirm": _("Confirm the key"), "wishes": _("Save"), "pause": _("Pause"), "resume": _("Resume"),
            "anew": _("Begin anew"), "key": _("Read its keys anew"),
        }  # fmt: skip
        if not request.user.has_perm(services.MAY_MANAGE):
            return []
        fitting = [
            name
            for name, (_form, _service, _done, states) in PEER_ACTIONS.items()
            if (not states or peer.state in states) and (name != "confirm" or peer.added_by_id != request.user.pk)
        ]
        return [(name, labels[name], ACTION_NOTES.get(name, ""), offered[name]) for name in fitting]

    @admin.display(description=_("Host"), ordering="key")
    def host(self, peer: Peer) -> str:
        return peer.key

    @admin.display(description=_("State"), ordering="state")
    def lamp(self, peer: Peer) -> str:
        is_late = peer.last_ok_at is None or peer.last_ok_at < timezone.now() - LATE
        sign = "●" if peer.state == PeerState.FOLLOWING and not is_late else "◐" if peer.is_working else "○"
        return f"{sign} {peer.get_state_display()}"

    @admin.display(description=_("Last answer"), ordering="last_ok_at")
    def last_answer(self, peer: Peer) -> str:
        if peer.last_ok_at:
            return _moment(peer.last_ok_at)
        return gettext("the first load is not complete") if peer.is_working else gettext("never")

    @admin.display(description=_("Copies"))
    def held(self, peer: Any) -> int:
        return int(peer.held_count)

    @admin.display(description=_("Waiting"))
    def waiting(self, peer: Any) -> int:
        return int(peer.waiting_count)

    @admin.display(description=_("Conflicts"))
    def conflicts(self, peer: Peer) -> int:
        return peer.conflicts.filter(decision="").count()


class PeerRowAdmin(ReadOnlyAdminMixin, StaffPageMixin):
    """A list of objects of other installations, with headings in the language of the page."""

    @admin.display(description=_("Installation"), ordering="peer")
    def installation(self, row: PeerRow) -> str:
        return str(row.peer)

    @admin.display(description=_("Kind of object"), ordering="object")
    def kind_of_object(self, row: PeerRow) -> str:
        return _name_of_object(row.object)

    @admin.display(description=_("Key"), ordering="subject")
    def key_of_object(self, row: PeerRow) -> str:
        return row.subject


@admin.register(Waiting)
class WaitingAdmin(PeerRowAdmin):
    """Objects of other installations that could not be stored yet, with the reason."""

    list_display = ["key_of_object", "kind_of_object", "installation", "why", "count_of_tries", "next_try"]
    list_select_related = ["peer"]
    list_per_page = 100
    search_fields = ["subject"]
    fields = ["key_of_object", "kind_of_object", "installation", "why", "count_of_tries", "next_try"]
    show_full_result_count = False
    actions = None

    @admin.display(description=_("Why it waits"), ordering="error")
    def why(self, row: Waiting) -> str:
        return row.error

    @admin.display(description=_("Tries"), ordering="tries")
    def count_of_tries(self, row: Waiting) -> int:
        return row.tries

    @admin.display(description=_("Next try"), ordering="next_try_at")
    def next_try(self, row: Waiting) -> str:
        return _moment(row.next_try_at)


@admin.register(Conflict)
class ConflictAdmin(PeerRowAdmin):
    """What two installations disagree about, side by side."""

    list_display = ["key_of_object", "kind_of_object", "installation", "kind", "opened", "decision", "who_decided"]
    list_select_related = ["peer", "decided_by"]
    list_per_page = 100
    search_fields = ["subject"]
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css"]}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """GET shows both sides; a POST decides."""
        conflict = self.get_row(request, object_id)
        form = DecisionForm(request.POST or None)
        if request.method == "POST":
            decision = next((each for each in ConflictDecision.values if each in request.POST), None)
            if decision is None or not request.user.has_perm(services.MAY_DECIDE):
                raise PermissionDenied
            if form.is_valid() and call_service(
                form, services.decide_conflict, conflict, decision, by=staff_user(request), **form.cleaned_data
            ):
                messages.success(request, gettext("Decided."))
                return HttpResponseRedirect(request.path)
        return self.render_page(
            request, "conflict", conflict.subject, conflict=conflict, form=form, compared=comparison_of(conflict),
            object_name=_name_of_object(conflict.object),
            may_decide=request.user.has_perm(services.MAY_DECIDE) and not conflict.decision,
        )  # fmt: skip

    @admin.display(description=_("Found"), ordering="opened_at")
    def opened(self, conflict: Conflict) -> datetime.datetime:
        return conflict.opened_at

    @admin.display(description=_("Decided by"), ordering="decided_by")
    def who_decided(self, conflict: Conflict) -> str:
        return str(conflict.decided_by or "")


def _name_of_object(name: str) -> str:
    return str(capfirst(OBJECTS[name].model._meta.verbose_name)) if name in OBJECTS else name


def _moment(at: datetime.datetime) -> str:
    return timezone.localtime(at).strftime("%d/%m/%Y %H:%M:%S")


def _spoken(fingerprint: str) -> str:
    """A fingerprint in groups, as it is read out; "" without one."""
    return " ".join(fingerprint[start : start + GROUP] for start in range(0, len(fingerprint), GROUP))
