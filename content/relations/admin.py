from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from content.errors import RuleBroken
from content.law.eids import eid_in_words
from content.people.admin_mixins import ReadOnlyAdminMixin, ReasonedActionsMixin
from content.relations import policy, services
from content.relations.models import Relation


@admin.register(Relation)
class RelationAdmin(ReadOnlyAdminMixin, ReasonedActionsMixin, admin.ModelAdmin):
    """Nothing is edited here: a relation is what the text says, and a person says whether it was read rightly."""

    list_display = ["__str__", "kind", "scope", "shown_day", "stated_in", "words", "status"]
    list_filter = ["status", "kind", "scope"]
    search_fields = ["actor__number", "actor__title", "target_text"]
    search_help_text = gettext_lazy("Number or title of the document that acts, or the other as it is named")
    list_select_related = ["actor", "target"]
    list_per_page = 50
    ordering = ["pk"]
    fields = [
        "actor_link", "kind", "target_link", "named_as", "scope", "units", "shown_day", "stated_in", "evidence_shown",
        "source", "status", "decided",
    ]  # fmt: skip
    readonly_fields = fields
    actions = ["confirm", "reject"]
    show_full_result_count = False

    def has_decide_permission(self, request):
        return policy.may_decide_on_relations(request.user)

    def audit_subject_of(self, relation):
        return relation.actor.key

    def is_offered(self, action, relation):
        done = {"confirm": Relation.Status.CONFIRMED, "reject": Relation.Status.REJECTED}
        return relation.status != done[action]

    @admin.action(description=gettext_lazy("Confirm: the text says so"), permissions=["decide"])
    def confirm(self, request, relations):
        confirmed = 0
        for relation in relations:
            try:
                services.confirm_relation(relation, by=request.user)
                confirmed += 1
            except RuleBroken as refusal:
                self.message_user(request, f"{relation}: {refusal.message}", messages.ERROR)
        if confirmed:
            done = ngettext("%d relation confirmed.", "%d relations confirmed.", confirmed) % confirmed
            self.message_user(request, done, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Reject: the text does not say so"), permissions=["decide"])
    def reject(self, request, relations):
        title, done = _("Reject: the text does not say so"), _("Relations rejected: %d.")
        return self.run_with_reason(request, relations, services.reject_relation, title=title, done=done)

    @admin.display(description=gettext_lazy("document that acts"))
    def actor_link(self, relation):
        return _link(relation.actor)

    @admin.display(description=gettext_lazy("on the document"))
    def target_link(self, relation):
        return _link(relation.target) if relation.target else _("not in the library yet")

    @admin.display(description=gettext_lazy("named as"))
    def named_as(self, relation):
        return relation.target_text

    @admin.display(description=gettext_lazy("units concerned"))
    def units(self, relation):
        return "; ".join(eid_in_words(eid) for eid in relation.target_eids) or "—"

    @admin.display(description=gettext_lazy("from the day"), ordering="effective_on")
    def shown_day(self, relation):
        return f"{relation.effective_on:%d/%m/%Y}" if relation.effective_on else "—"

    @admin.display(description=gettext_lazy("stated in"), ordering="source_eid")
    def stated_in(self, relation):
        return eid_in_words(relation.source_eid) or _("the title")

    @admin.display(description=gettext_lazy("Words"))
    def words(self, relation):
        return relation.evidence[:160]

    @admin.display(description=gettext_lazy("Words"))
    def evidence_shown(self, relation):
        return relation.evidence or "—"

    @admin.display(description=gettext_lazy("stated by"))
    def source(self, relation):
        return relation.stated_by or _("found in the text by the program")

    @admin.display(description=gettext_lazy("decided at"))
    def decided(self, relation):
        return relation.decided_at or "—"


def _link(document):
    page = reverse("admin:content_legaldocument_change", args=[document.pk])
    return format_html('<a href="{}">{}</a>', page, document)
