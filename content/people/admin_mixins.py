"""Acts at the desk that want a reason: chosen in a list or on a row's own page, confirmed on a page that asks why."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from content.errors import RuleBroken


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        help_text=gettext_lazy("Kept in the audit with your name."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class ReasonedActionsMixin:
    """A ModelAdmin whose actions call `act`. The row's own page offers them too, as buttons, and leads to the audit."""

    change_form_template = "staff/change_form_with_actions.html"

    def audited_as(self, row):
        """The subject under which the audit knows the row."""
        raise NotImplementedError

    def offers(self, act, row):
        """Whether this act makes sense for the row as it is: whether its page has the button."""
        return True

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, unquote(object_id))
        acts = [
            {"name": name, "label": label}
            for name, (_act, _name, label) in self.get_actions(request).items()
            if name in self.actions and row and self.offers(name, row)
        ]
        context = {**(extra_context or {}), "acts": acts}
        if row and request.user.has_perm("content.view_auditrow"):
            query = urlencode({"q": self.audited_as(row)})
            context["audit_url"] = f"{reverse('admin:content_auditrow_changelist')}?{query}"
        return super().change_view(request, object_id, form_url, context)

    def response_action(self, request, queryset):
        """Rows are chosen by number: what is none chooses nothing."""
        if not all(each.isdecimal() and len(each) < 20 for each in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("a chosen row is no number")
        return super().response_action(request, queryset)

    def act(self, request, rows, verb, *, title, done):
        """Ask why, then call `verb(row, by=…, reason=…)` for each row; what breaks a rule is said, the others are done.

        `title` says what is about to happen, `done` with %d how many it happened to. Returns the page that asks, or
        None when it is over (the list comes back).
        """
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": None,
                "form": form,
                "rows": rows,
                "opts": self.opts,
                "action": request.POST["action"],
                "media": self.media,
            }
            return TemplateResponse(request, "staff/reason.html", context)
        count = 0
        for row in rows:
            try:
                verb(row, by=request.user, reason=form.cleaned_data["reason"])
                count += 1
            except RuleBroken as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
        if count:
            self.message_user(request, done % count, messages.SUCCESS)
        return None


class ReadOnlyAdminMixin:
    """A ModelAdmin that shows and never edits."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
