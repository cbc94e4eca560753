"""Rules and days that administrators keep, through the stock forms; each act is a verb of the house with its audit."""

from django.contrib import messages
from django.http import HttpResponseRedirect

from content.errors import RuleBroken


class SavedByServiceMixin:
    """A ModelAdmin whose rows are written by `set`, named `row_argument` there, and taken away by `remove`."""

    actions = None
    change_list_template = "staff/saved_by_service_list.html"
    change_form_template = "staff/change_form_with_actions.html"  # without a history: the audit is that
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"explanation": self.explanation, **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleBroken as refusal:  # all is rolled back
            return self._refused(request, refusal)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except RuleBroken as refusal:
            return self._refused(request, refusal)

    def save_model(self, request, obj, form, change):
        papers = {name: form.cleaned_data[name] for name in self.fields}
        row = self.model.objects.get(pk=obj.pk) if change else None
        made = self.set(**papers, **{self.row_argument: row}, by=request.user)
        obj.pk, obj._state.adding = made.pk, False

    def delete_model(self, request, obj):
        self.remove(obj, by=request.user)

    def _refused(self, request, refusal):
        self.message_user(request, refusal.message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())
