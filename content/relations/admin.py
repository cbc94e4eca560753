"""Relations on the staff site: listed, shown, confirmed and rejected."""

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.law.eids import eid_in_words
from content.people.admin_mixins import ReadOnlyAdminMixin, ReasonedActionsMixin, staff_user
from content.relations import policy, services
from content.relations.models import Relation

if TYPE_CHECKING:
    RelationModelAdmin = admin.ModelAdmin[Relation]
else:
    RelationModelAdmin = admin.ModelAdmin  # Django's class takes no parameter at run time


@admin.register(Relation)
class RelationAdmin(ReadOnlyAdminMixin, ReasonedActionsMixin, RelationModelAdmin):
    """Shows relations and lets staff confirm or reject them. Nothing is edited: a relation is what a text states."""

    list_display = ["__str__", "kind", "scope", "shown_effective_on", "stated_in", "evidence_start", "status"]
    list_filter = ["status", "kind", "scope"]
    search_fields = ["actor__number", "actor__title", "target_text"]
    search_help_text = gettext_lazy("Number or title of the acting document, or the name of the other document")
    list_select_related = ["actor", "target"]
    list_per_page = 50
    ordering = ["pk"]
    fields = (
        "actor_link", "kind", "target_link", "named_as", "scope", "target_units", "shown_effective_on", "stated_in",
        "evidence_shown", "source", "status", "decided",
    )  # fmt: skip
    readonly_fields = fields
    actions = ["confirm", "reject"]
    show_full_result_count = False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return policy.may_decide_on_relations(request.user)

    def audit_subject_of(self, relation: Relation) -> str:
        return relation.actor.key

    def is_offered(self, action: str, relation: Relation) -> bool:
        done = {"confirm": Relation.Status.CONFIRMED, "reject": Relation.Status.REJECTED}
        return relation.status != done[action]

    @admin.action(description=gettext_lazy("Confirm: the text says so"), permissions=["decide"])
    def confirm(self, request: HttpRequest, relations: QuerySet[Relation]) -> None:
        confirmed = 0
        for relation in relations:
            try:
                services.confirm_relation(relation, by=staff_user(request))
                confirmed += 1
            except RuleBroken as refusal:
                self.message_user(request, f"{relation}: {refusal.message}", messages.ERROR)
        if confirmed:
            done = ngettext("%d relation confirmed.", "%d relations confirmed.", confirmed) % confirmed
            self.message_user(request, done, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Reject: the text does not say so"), permissions=["decide"])
    def reject(self, request: HttpRequest, relations: QuerySet[Relation]) -> HttpResponse | None:
        title, done = _("Reject: the text does not say so"), _("Relations rejected: %d.")
        return self.run_with_reason(request, relations, services.reject_relation, title=title, done=done)

    @admin.display(description=gettext_lazy("acting document"))
    def actor_link(self, relation: Relation) -> SafeString:
        return _link(relation.actor)

    @admin.display(description=gettext_lazy("document acted on"))
    def target_link(self, relation: Relation) -> str:
        return _link(relation.target) if relation.target else _("not imported yet")

    @admin.display(description=gettext_lazy("named as"))
    def named_as(self, relation: Relation) -> str:
        return relation.target_text

    @admin.display(description=gettext_lazy("provisions concerned"))
    def target_units(self, relation: Relation) -> str:
        return "; ".join(eid_in_words(eid) for eid in relation.target_eids) or "—"

    @admin.display(description=gettext_lazy("effective from"), ordering="effective_on")
    def shown_effective_on(self, relation: Relation) -> str:
        return f"{relation.effective_on:%d/%m/%Y}" if relation.effective_on else "—"

    @admin.display(description=gettext_lazy("stated in"), ordering="source_eid")
    def stated_in(self, relation: Relation) -> str:
        return eid_in_words(relation.source_eid) or _("the title")

    @admin.display(description=gettext_lazy("Passage"))
    def evidence_start(self, relation: Relation) -> str:
        return relation.evidence[:160]

    @admin.display(description=gettext_lazy("Passage"))
    def evidence_shown(self, relation: Relation) -> str:
        return relation.evidence or "—"

    @admin.display(description=gettext_lazy("source"))
    def source(self, relation: Relation) -> str:
        return relation.stated_by or _("found in the text by the program")

    @admin.display(description=gettext_lazy("decided at"))
    def decided(self, relation: Relation) -> str:
        return f"{localtime(relation.decided_at):%d/%m/%Y %H:%M}" if relation.decided_at else "—"


def _link(document: LegalDocument) -> SafeString:
    page = reverse("admin:content_legaldocument_change", args=[document.pk])
    return format_html('<a href="{}">{}</a>', page, document)
