"""Proposals of relations at the desk: read beside the words that say so, confirmed or rejected."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy, ngettext

from content.documents.relations import policy, services
from content.documents.relations.models import Relation
from content.errors import RuleBroken


@admin.register(Relation)
class RelationAdmin(admin.ModelAdmin):
    """Nothing is edited here: a relation is what the text says, and a person says whether it was read rightly."""

    list_display = ["__str__", "kind", "scope", "effective_on", "source_eid", "words", "state"]
    list_filter = ["state", "kind", "scope"]
    search_fields = ["actor__number", "actor__title", "target_text"]
    list_select_related = ["actor", "target"]
    ordering = ["pk"]
    actions = ["confirm", "reject"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_decide_permission(self, request):
        return policy.may_decide(request.user)

    @admin.display(description=gettext_lazy("Words"))
    def words(self, relation):
        return relation.evidence[:160]

    @admin.action(description=gettext_lazy("Confirm: the text says so"), permissions=["decide"])
    def confirm(self, request, relations):
        self._decide(request, relations, services.confirm_relation)

    @admin.action(description=gettext_lazy("Reject: the text does not say so"), permissions=["decide"])
    def reject(self, request, relations):
        self._decide(request, relations, services.reject_relation)

    def _decide(self, request, relations, verb):
        decided = 0
        for relation in relations:
            try:
                verb(relation, by=request.user)
                decided += 1
            except RuleBroken as refusal:
                self.message_user(request, f"{relation}: {refusal.message}", messages.ERROR)
        done = ngettext("%d relation decided.", "%d relations decided.", decided) % decided
        self.message_user(request, done, messages.SUCCESS)
