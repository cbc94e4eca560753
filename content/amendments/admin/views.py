"""Amendments on the staff site: recognised instructions are ticked, checked and applied; amendments are withdrawn."""

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.amendments import queries, services
from content.amendments.admin.forms import ActChoiceForm
from content.amendments.admin.previews import instruction_rows, labelled_diffs, plan_previews
from content.amendments.instructions import AmendingInstruction
from content.diff import unit_diffs
from content.documents import provision_queries
from content.documents.models import Amendment, LegalDocument
from content.errors import RuleBroken
from content.law.eids import eid_in_words
from content.legal_basis_reviews.admin import LegalBasisReviewsMixin
from content.people.admin_mixins import posted_text, staff_user


@admin.register(Amendment)
class AmendmentAdmin(LegalBasisReviewsMixin):
    """Lists, applies and withdraws amendments. Django's stock form edits nothing here."""

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

    def has_view_permission(self, request: HttpRequest, obj: Amendment | None = None) -> bool:
        return request.user.has_perm("content.view_legaldocument")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("content.publish_legaldocument")

    def has_change_permission(self, request: HttpRequest, obj: Amendment | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Amendment | None = None) -> bool:
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Choose an act, tick recognised instructions, check the difference, and apply them."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        given = request.POST if request.method == "POST" else request.GET
        form = ActChoiceForm(given if "act" in given else None)
        if not form.is_valid():
            return self.render_page(request, "choose", _("Amend"), form=form)
        act, on = form.cleaned_data["act"], form.cleaned_data["on"]
        instructions = queries.recognised_instructions(act)
        seen = hashlib.sha256(repr(instructions).encode()).hexdigest()
        ticked = _ticked_instructions(request, instructions, seen)
        if request.method == "POST" and "apply" in request.POST and ticked:
            answer = self._apply(request, act, ticked, on)
            if answer:
                return answer
        plans, failures = queries.amendment_plans(act, instructions, on=on)
        return self.render_page(
            request,
            "instructions",
            _("Amend"),
            act=act,
            form=form,
            on=on,
            seen=seen,
            rows=instruction_rows(instructions, plans, failures, ticked if request.method == "POST" else None),
            previews=plan_previews(act, ticked, on) if request.method == "POST" else [],
        )

    def _apply(
        self,
        request: HttpRequest,
        act: LegalDocument,
        instructions: list[AmendingInstruction],
        on: datetime.date | None,
    ) -> HttpResponse | None:
        """Apply and go to the list. If a rule forbids it: show why and return None."""
        notify = "notify" in request.POST
        try:
            reason = posted_text(request, "reason")
            applied = services.apply_amendments(
                act, instructions, on=on, by=staff_user(request), reason=reason, notify=notify
            )
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
            return None
        messages.success(request, _("Applied: %d.") % len(applied))
        return HttpResponseRedirect(reverse("admin:content_amendment_changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One amendment: what it changed, and for those who may publish a form that withdraws it."""
        if not str(object_id).isdecimal():
            raise Http404
        amendment = get_object_or_404(Amendment.objects.select_related("act", "document", "applied_by"), pk=object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._withdraw(request, amendment)
        eve = amendment.on - datetime.timedelta(days=1)
        before, after = (provision_queries.unit_texts_on(amendment.document, day) for day in (eve, amendment.on))
        return self.render_page(
            request,
            "amendment",
            str(amendment.document),
            amendment=amendment,
            may_withdraw=self.has_add_permission(request) and amendment.withdrawn_at is None,
            diffs=labelled_diffs(each for each in unit_diffs(before, after) if each.eid in amendment.eids),
            units=[eid_in_words(eid) for eid in amendment.eids],
        )

    def _withdraw(self, request: HttpRequest, amendment: Amendment) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            reason = posted_text(request, "reason")
            if not reason:
                raise RuleBroken("reason_required", _("Give a reason."), field="reason")
            services.withdraw_amendment(amendment, by=staff_user(request), reason=reason)
            messages.success(request, _("Withdrawn. The text of every day is as before the amendment."))
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:content_amendment_change", args=[amendment.pk]))

    @admin.display(description=_lazy("Document"), ordering="document__number_key")
    def shown_document(self, amendment: Amendment) -> str:
        return str(amendment.document)

    @admin.display(description=_lazy("Amended by"), ordering="act__number_key")
    def shown_act(self, amendment: Amendment) -> str:
        return amendment.act.number or amendment.act.title

    @admin.display(description=_lazy("Applies from"), ordering="on")
    def shown_on(self, amendment: Amendment) -> str:
        return f"{amendment.on:%d/%m/%Y}"

    @admin.display(description=_lazy("Applied at"), ordering="applied_at")
    def shown_applied(self, amendment: Amendment) -> str:
        return f"{localtime(amendment.applied_at):%d/%m/%Y %H:%M}"

    @admin.display(description=_lazy("Applied by"), ordering="applied_by__username")
    def shown_by(self, amendment: Amendment) -> str:
        return amendment.applied_by.username if amendment.applied_by else _("the system")

    @admin.display(description=_lazy("Withdrawn at"), ordering="withdrawn_at")
    def shown_withdrawn(self, amendment: Amendment) -> str:
        return f"{localtime(amendment.withdrawn_at):%d/%m/%Y %H:%M}" if amendment.withdrawn_at else "—"


def _ticked_instructions(
    request: HttpRequest, instructions: Sequence[AmendingInstruction], seen: str
) -> list[AmendingInstruction]:
    """The ticked instructions; none if what was shown differs from what is recognised now."""
    if request.POST.get("seen") != seen:
        return []
    places = set(request.POST.getlist("instruction"))
    return [each for index, each in enumerate(instructions) if str(index) in places]
