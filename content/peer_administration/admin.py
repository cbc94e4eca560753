"""The staff pages of other installations: add, confirm the key, pause, begin anew; waiting objects and conflicts."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from content import arrivals
from content.copying.objects import OBJECTS, CopiedObject
from content.copying.records import Record
from content.documents.models import LegalDocument
from content.people.admin_mixins import (
    Context,
    HistoryOnPageMixin,
    ReadOnlyAdminMixin,
    StaffPageMixin,
    call_service,
    reason_field,
    staff_user,
)
from content.people.queries import audit_history
from content.record_fields.fields import RecordRefused, RecordWaits
from content.sync import services
from content.sync.models import Conflict, ConflictDecision, ConflictKind, Peer, PeerState, Waiting

LATE = datetime.timedelta(minutes=5)
MOST_SHOWN = 20_000  # characters of each side of a conflict


class AddForm(forms.Form):
    url = forms.CharField(label=_("Address"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ReasonOnlyForm(forms.Form):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class ConfirmForm(forms.Form):
    fingerprint = forms.CharField(
        label=_("Fingerprint"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Call the other office on a number that you know, and type what you hear."),
    )  # fmt: skip


def _names_of_objects() -> list[tuple[str, str]]:
    return [(name, str(capfirst(kind.model._meta.verbose_name))) for name, kind in OBJECTS.items()]


class WishesForm(forms.Form):
    """What is wanted of an installation, and whom it speaks for."""

    objects_wanted = forms.MultipleChoiceField(
        label=_("Objects wanted"), required=False, choices=_names_of_objects,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: all."),
    )  # fmt: skip
    scope = forms.CharField(
        label=_("Speaks for"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Keys of bodies and provinces, one a line. Empty: all."),
    )  # fmt: skip
    notifies = forms.BooleanField(label=_("Tell our followers of its news"), required=False)
    relays = forms.BooleanField(label=_("Also take copies that it has of others"), required=False)

    def clean_scope(self) -> list[str]:
        words: str = self.cleaned_data["scope"]
        return words.split()


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


@admin.register(Peer)
class PeerAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """Other installations, each with its lamp."""

    list_display = ["name", "key", "lamp", "last_answer", "held", "waiting", "conflicts"]
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
        )  # fmt: skip

    def _forms_of(
        self, request: HttpRequest, peer: Peer, offered: dict[str, forms.Form]
    ) -> list[tuple[str, Any, forms.Form]]:
        """(name of the button, its label, form) of what this person may do now."""
        labels = {
            "confirm": _("Confirm the key"), "wishes": _("Save"), "pause": _("Pause"), "resume": _("Resume"),
            "anew": _("Begin anew"), "key": _("Read its keys anew"),
        }  # fmt: skip
        if not request.user.has_perm(services.MAY_MANAGE):
            return []
        fitting = [
            name
            for name, (_form, _service, _done, states) in PEER_ACTIONS.items()
            if not states or peer.state in states
        ]
        return [(name, labels[name], offered[name]) for name in fitting]

    @admin.display(description=_("State"), ordering="state")
    def lamp(self, peer: Peer) -> str:
        is_late = peer.last_ok_at is None or peer.last_ok_at < timezone.now() - LATE
        sign = "●" if peer.state == PeerState.FOLLOWING and not is_late else "◐" if peer.is_working else "○"
        return f"{sign} {peer.get_state_display()}"

    @admin.display(description=_("Last answer"), ordering="last_ok_at")
    def last_answer(self, peer: Peer) -> str:
        return (
            timezone.localtime(peer.last_ok_at).strftime("%d/%m/%Y %H:%M:%S") if peer.last_ok_at else gettext("never")
        )

    @admin.display(description=_("Copies"))
    def held(self, peer: Any) -> int:
        return int(peer.held_count)

    @admin.display(description=_("Waiting"))
    def waiting(self, peer: Any) -> int:
        return int(peer.waiting_count)

    @admin.display(description=_("Conflicts"))
    def conflicts(self, peer: Peer) -> int:
        return peer.conflicts.filter(decision="").count()


@admin.register(Waiting)
class WaitingAdmin(ReadOnlyAdminMixin, StaffPageMixin):
    """Objects of other installations that could not be stored yet, with the reason."""

    list_display = ["peer", "object", "subject", "error", "tries", "next_try_at"]
    list_display_links = ["subject"]
    list_select_related = ["peer"]
    list_per_page = 100
    search_fields = ["subject"]
    fields = ["peer", "object", "subject", "error", "tries", "next_try_at"]
    show_full_result_count = False
    actions = None


class DecisionForm(forms.Form):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyAdminMixin, StaffPageMixin):
    """What two installations disagree about, side by side."""

    list_display = ["subject", "peer", "kind", "opened_at", "decision", "decided_by"]
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
            request, "conflict", conflict.subject, conflict=conflict, form=form, ours=_words_of_ours(conflict),
            theirs=_words_of(conflict.record["data"]) if conflict.record else "",
            may_decide=request.user.has_perm(services.MAY_DECIDE) and not conflict.decision,
        )  # fmt: skip


def _words_of_ours(conflict: Conflict) -> str:
    """What we have: under its key, or the same object under another one."""
    kind = OBJECTS[conflict.object]
    same = _same_as(conflict.record, kind) if conflict.record and conflict.kind == ConflictKind.WORDS else None
    row = same or kind.model.objects.filter(key=conflict.subject).first()
    if row is None or (isinstance(row, LegalDocument) and not row.published_at):
        return ""
    return _words_of(kind.as_data(row))


@transaction.atomic
def _same_as(record: Record, kind: CopiedObject) -> Any:
    try:
        return kind.find_same(record["data"])
    except (RecordWaits, RecordRefused):  # what its record names is gone here
        return None


def _words_of(data: dict[str, Any]) -> str:
    """What an object says, for people to compare: title and texts of a law, all fields of others."""
    units = data.get("provisions")
    if units is None:
        return json.dumps(data, ensure_ascii=False, indent=1)[:MOST_SHOWN]
    texts = [version["text"] for unit in units for version in unit["versions"][-1:]]
    return f"{data['number']} {data['title']}\n{''.join(texts)}"[:MOST_SHOWN]
