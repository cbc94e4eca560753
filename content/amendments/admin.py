"""Amending at the desk: choose an act and a day, tick what it orders, look at the difference, apply, withdraw."""

import datetime
import hashlib

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.amendments import basis_reviews, queries, services
from content.amendments.consolidation import APPLICATION_FAILURE_MESSAGES
from content.amendments.instructions import DOUBT_MESSAGES, AmendingAction
from content.documents import provision_queries
from content.documents import queries as documents
from content.documents.diff import DiffKind, unit_diffs
from content.documents.form_fields import vietnamese_date_field
from content.documents.models import Amendment
from content.errors import RuleBroken
from content.law.eids import eid_in_words
from content.law.units import UnitPart
from content.vietnam_time import today

MAX_REASON_LENGTH = 1000  # characters of a reason or a conclusion
REASON_MESSAGES = DOUBT_MESSAGES | APPLICATION_FAILURE_MESSAGES | queries.PLAN_FAILURE_MESSAGES
ACTION_LABELS = {
    AmendingAction.REPLACE: _lazy("new wording"),
    AmendingAction.INSERT: _lazy("is added"),
    AmendingAction.REPEAL: _lazy("is repealed"),
    AmendingAction.REPLACE_PHRASE: _lazy("a phrase is replaced"),
    AmendingAction.INSERT_PHRASE: _lazy("a phrase is added"),
    AmendingAction.DROP_PHRASE: _lazy("a phrase goes"),
    AmendingAction.TAKES_EFFECT: _lazy("has a first day of its own"),
    AmendingAction.EXPIRES: _lazy("ends"),
}


CHANGE_LABELS = {
    DiffKind.ADDED: _lazy("added"),
    DiffKind.REMOVED: _lazy("removed"),
    DiffKind.CHANGED: _lazy("changed"),
    DiffKind.MOVED: _lazy("moved"),
}
PART_LABELS = {
    UnitPart.WHOLE: "%s",
    UnitPart.HEADING: _lazy("the heading of %s"),
    UnitPart.OPENING: _lazy("the opening of %s"),
}


class ActChoiceForm(forms.Form):
    """Which act, and from which day what it orders without a day of its own."""

    act = forms.CharField(
        label=_lazy("Key or number of the amending act"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    on = vietnamese_date_field(_lazy("From the day"), _lazy("Empty: the act's own first day."))

    def clean_act(self):
        given = self.cleaned_data["act"].replace("\0", "").strip()
        public = documents.public_documents()
        found = list(public.filter(key=given)[:1]) or list(documents.documents_with_number(public, given)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("No public document of that key or number, or more than one."))
        return found[0]


@admin.register(Amendment)
class AmendmentAdmin(admin.ModelAdmin):
    """Nothing is edited through the stock form: applying and withdrawing are verbs of the library."""

    list_display = ["shown_document", "shown_act", "shown_on", "shown_applied", "shown_by", "shown_withdrawn"]
    list_select_related = ["document", "act", "applied_by"]
    ordering = ["-applied_at", "-pk"]
    search_fields = ["document__number", "act__number"]
    show_full_result_count = False
    search_help_text = _lazy("Number of the document or of the amending act")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "admin/content/amendment/list.html"
    actions = None

    class Media:
        css = {"all": ["staff/documents.css"]}

    def get_urls(self):
        waiting = path("waiting/", self.admin_site.admin_view(self.waiting_view), name="content_amendment_waiting")
        return [waiting, *super().get_urls()]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("content.view_legaldocument")

    def has_add_permission(self, request):
        return request.user.has_perm("content.publish_legaldocument")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        """Choose; then tick among what was recognised; then look at the difference; then apply."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        given = request.POST if request.method == "POST" else request.GET
        form = ActChoiceForm(given if "act" in given else None)
        if not form.is_valid():
            return self._page(request, "choose", _("Amend"), form=form)
        act, on = form.cleaned_data["act"], form.cleaned_data["on"]
        orders = queries.recognised_instructions(act)
        seen = hashlib.sha256(repr(orders).encode()).hexdigest()
        ticked = _selected_instructions(request, orders, seen)
        if request.method == "POST" and "apply" in request.POST and ticked:
            answer = self._apply(request, act, ticked, on)
            if answer:
                return answer
        plans, failures = queries.amendment_plans(act, orders, on=on)
        rows = _instruction_rows(orders, plans, failures, ticked if request.method == "POST" else None)
        shown = _preview(act, ticked, on) if request.method == "POST" else []
        return self._page(request, "orders", _("Amend"), act=act, form=form, rows=rows, shown=shown, seen=seen, on=on)

    def _apply(self, request, act, orders, on):
        """Apply and go to the list; None where a rule forbids it, which is said."""
        notify = "notify" in request.POST
        try:
            reason = _posted_text(request, "reason")
            made = services.apply_amendments(act, orders, on=on, by=request.user, reason=reason, notify=notify)
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
            return None
        messages.success(request, _("Applied: %d.") % len(made))
        return HttpResponseRedirect(reverse("admin:content_amendment_changelist"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One amendment: what it changed, and, for who may publish, a way back."""
        if not str(object_id).isdecimal():
            raise Http404
        amendment = get_object_or_404(Amendment.objects.select_related("act", "document", "applied_by"), pk=object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._withdraw(request, amendment)
        eve = amendment.on - datetime.timedelta(days=1)
        before, after = (provision_queries.unit_texts_on(amendment.document, day) for day in (eve, amendment.on))
        may = self.has_add_permission(request) and amendment.withdrawn_at is None
        return self._page(
            request, "amendment", str(amendment.document), amendment=amendment, may=may,
            changes=_labelled_differences(each for each in unit_diffs(before, after) if each.eid in amendment.eids),
            units=[eid_in_words(eid) for eid in amendment.eids],
        )  # fmt: skip

    def _withdraw(self, request, amendment):
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            reason = _posted_text(request, "reason")
            if not reason:
                raise RuleBroken("reason_required", _("Say why."), field="reason")
            services.withdraw_amendment(amendment, by=request.user, reason=reason)
            messages.success(request, _("Withdrawn: every day reads as before."))
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:content_amendment_change", args=[amendment.pk]))

    def waiting_view(self, request):
        """Documents to look at because what they rest on moved; nothing ends by itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        waiting = basis_reviews.pending_basis_reviews(today())
        if request.method == "POST":
            if not self.has_add_permission(request):
                raise PermissionDenied
            self._conclude(request, waiting)
            return HttpResponseRedirect(reverse("admin:content_amendment_waiting"))
        may = self.has_add_permission(request)
        return self._page(request, "waiting", _("Does it still hold?"), waiting=waiting, may=may)

    def _conclude(self, request, waiting):
        which = request.POST.get("which")
        each = next((each for each in waiting if f"{each.document.pk}-{each.event.pk}" == which), None)
        if each is None:
            messages.error(request, _("That waits no more: somebody has looked."))
            return
        try:
            basis_reviews.conclude_basis_review(
                each.document, each.event, _posted_text(request, "conclusion"), by=request.user
            )
            messages.success(request, _("Noted."))
        except RuleBroken as refusal:
            messages.error(request, refusal.message)

    @admin.display(description=_lazy("Document"), ordering="document__number_key")
    def shown_document(self, amendment):
        return str(amendment.document)

    @admin.display(description=_lazy("Amended by"), ordering="act__number_key")
    def shown_act(self, amendment):
        return amendment.act.number or amendment.act.title

    @admin.display(description=_lazy("From the day"), ordering="on")
    def shown_on(self, amendment):
        return f"{amendment.on:%d/%m/%Y}"

    @admin.display(description=_lazy("Entered at"), ordering="applied_at")
    def shown_applied(self, amendment):
        return f"{localtime(amendment.applied_at):%d/%m/%Y %H:%M}"

    @admin.display(description=_lazy("Entered by"), ordering="applied_by__username")
    def shown_by(self, amendment):
        return amendment.applied_by.username if amendment.applied_by else _("the system")

    @admin.display(description=_lazy("Taken back at"), ordering="withdrawn_at")
    def shown_withdrawn(self, amendment):
        return f"{localtime(amendment.withdrawn_at):%d/%m/%Y %H:%M}" if amendment.withdrawn_at else "—"

    def _page(self, request, name, title, **shown):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        return TemplateResponse(request, f"admin/content/amendment/{name}.html", context | shown)


def _posted_text(request, name):
    """What was written in a field. Raises RuleBroken("too_long")."""
    words = request.POST.get(name, "").replace("\0", "").strip()
    if len(words) > MAX_REASON_LENGTH:
        raise RuleBroken("too_long", _("At most %d characters.") % MAX_REASON_LENGTH, field=name)
    return words


def _selected_instructions(request, orders, seen):
    """The orders that were ticked; none where what was shown is no longer what is recognised."""
    if request.POST.get("seen") != seen:
        return []
    places = set(request.POST.getlist("order"))
    return [order for at, order in enumerate(orders) if str(at) in places]


def _instruction_rows(orders, plans, failures, ticked):
    why = {id(failure.instruction): failure.code for failure in failures}
    for plan in plans:
        why |= {id(failure.instruction): failure.code for failure in plan.failures}
    chosen = None if ticked is None else {id(order) for order in ticked}
    return [
        {
            "place": at,
            "order": order,
            "action": ACTION_LABELS[order.action],
            "certainty": _certainty_label(order) if id(order) not in why else _("cannot be applied"),
            "stands_in": eid_in_words(order.source),
            "unit": PART_LABELS[order.part] % eid_in_words(order.eid) if order.eid else _("the whole document"),
            "reasons": list(
                dict.fromkeys(REASON_MESSAGES[code] for code in (*order.doubts, why.get(id(order))) if code)
            ),
            "possible": id(order) not in why,
            "ticked": (order.is_certain and id(order) not in why) if chosen is None else id(order) in chosen,
        }
        for at, order in enumerate(orders)
    ]


def _certainty_label(order):
    """What the number is for a person: whether to look."""
    if order.is_certain:
        return _("certain")
    return _("look at it") if len(order.doubts) == 1 else _("very doubtful")


def _preview(act, orders, on):
    """[(document, day, differences, reasons of failures)] of what was ticked."""
    plans, _failures = queries.amendment_plans(act, orders, on=on)
    return [
        (
            plan.document,
            plan.on,
            _labelled_differences(unit_diffs(plan.before, plan.after)),
            [REASON_MESSAGES[f.code] for f in plan.failures],
        )
        for plan in plans
    ]


def _labelled_differences(changes):
    """[(what happens to it, its name, Difference)]."""
    return [(CHANGE_LABELS[change.what], eid_in_words(change.eid), change) for change in changes]
