"""What the admins of several packages share: pages of transitions, actions with a reason, rows saved by a service."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.copies import who_may_change
from content.errors import NotAllowed, RuleBroken
from content.people.models import User

Context: TypeAlias = dict[str, Any] | None  # further context of a stock view
MAX_ID_DIGITS = 18  # a bigint holds any of that many


def reason_field(*, required: bool = True, max_length: int = 1000, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        required=required,
        max_length=max_length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """The reason of an action; the audit stores it."""

    reason = reason_field(help_text=gettext_lazy("Stored in the audit with your name."))


def call_service(form: forms.Form, service: Callable[..., Any], *arguments: Any, **named: Any) -> bool:
    """Call a service with what the form holds. True when done, False if a rule forbids it: the form shows which.

    Raises PermissionDenied if the service says that the person may not do this.
    """
    try:
        service(*arguments, **named)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except RuleBroken as refusal:
        error = ValidationError(refusal.message, code=refusal.code)
        form.add_error(refusal.field if refusal.field in form.fields else None, error)
        return False
    return True


def staff_user(request: HttpRequest) -> User:
    """The member of staff who sent the request. The staff site has refused all others before."""
    return cast(User, request.user)


class ReadOnlyAdminMixin:
    """A ModelAdmin that shows rows and never edits them. First in the bases."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


MAX_REASON_LENGTH = 1000  # characters of a reason or a conclusion


def posted_text(request: HttpRequest, name: str) -> str:
    """The text posted in a field. Raises RuleBroken("too_long")."""
    text = request.POST.get(name, "").replace("\0", "").strip()
    if len(text) > MAX_REASON_LENGTH:
        raise RuleBroken("too_long", _("Enter at most %d characters.") % MAX_REASON_LENGTH, field=name)
    return text


class StaffPageMixin(admin.ModelAdmin):
    """A ModelAdmin with pages of its own, in templates/admin/content/<model>/."""

    row_name = "row"  # what templates call the row

    def get_row(self, request: HttpRequest, pk: int | str) -> Any:
        """The row of that id. Raises PermissionDenied without the permission to view it, Http404 if there is none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(pk).isdecimal() or len(str(pk)) > MAX_ID_DIGITS:
            raise Http404
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def row_url(self, row: Any) -> str:
        return reverse(f"admin:content_{self.opts.model_name}_change", args=[row.pk])

    def render_page(self, request: HttpRequest, name: str, title: str | Promise, **context: Any) -> TemplateResponse:
        """A page of its own. That of a copy says under its title who alone may change it."""
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        shared["who_may_change"] = who_may_change(context.get(self.row_name))
        return TemplateResponse(request, f"admin/content/{self.opts.model_name}/{name}.html", shared | context)


class HistoryOnPageMixin(StaffPageMixin):
    """A ModelAdmin whose rows show their history on their own page, at #history."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Context = None) -> HttpResponse:
        return HttpResponseRedirect(self.row_url(self.get_row(request, object_id)) + "#history")


class ReasonedActionsMixin(admin.ModelAdmin):
    """A ModelAdmin whose list actions call `run_with_reason`. The row's own page offers them as buttons.

    It also links to the audit rows of the row.
    """

    change_form_template = "staff/change_form_with_actions.html"

    def audit_subject_of(self, row: Any) -> str:
        """The subject under which the audit stores actions on the row."""
        raise NotImplementedError

    def is_offered(self, action: str, row: Any) -> bool:
        """Whether the row's page has a button for the action."""
        return True

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Context = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        actions = [
            {"name": name, "label": action[2]}
            for name, action in self.get_actions(request).items()
            if action and name in (self.actions or []) and row and self.is_offered(name, row)
        ]
        context = {**(extra_context or {}), "row_actions": actions}
        if row and request.user.has_perm("content.view_auditrow"):
            query = urlencode({"q": self.audit_subject_of(row)})
            context["audit_url"] = f"{reverse('admin:content_auditrow_changelist')}?{query}"
        return super().change_view(request, object_id, form_url, context)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> HttpResponse | None:
        """Run the chosen action. Raises BadRequest if a chosen row is not an id."""
        if not all(each.isdecimal() and len(each) < 20 for each in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("a chosen row is no number")
        return super().response_action(request, queryset, *args)

    def run_with_reason(
        self,
        request: HttpRequest,
        rows: Sequence[Any] | QuerySet[Any],
        service: Callable[..., Any],
        *,
        title: str,
        done: str,
    ) -> HttpResponse | None:
        """Ask for a reason, then call `service(row, by=…, reason=…)` for each row.

        A row that breaks a rule is reported, and the others are still done. `title` is the title of the page that
        asks, `done` says with %d how many rows were done. Returns the page that asks, None after the rows were done.
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
                service(row, by=request.user, reason=form.cleaned_data["reason"])
                count += 1
            except RuleBroken as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
        if count:
            self.message_user(request, done % count, messages.SUCCESS)
        return None


class SavedByServiceMixin(admin.ModelAdmin):
    """A ModelAdmin with the stock forms whose rows are saved and deleted by services, which audit it.

    `save_service` takes the fields, the row as `row_argument` (None: a new one) and `by`, and returns the row.
    `explanation` is above the list.
    """

    save_service: Callable[..., Any]
    delete_service: Callable[..., Any]
    row_argument: str
    explanation: str | Promise  # translated when it is shown
    actions = None
    change_list_template = "staff/saved_by_service_list.html"
    change_form_template = "staff/change_form_with_actions.html"  # without a history: the audit has it
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Context = None) -> HttpResponse:
        return super().changelist_view(request, {"explanation": self.explanation, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleBroken as refusal:  # the transaction was rolled back
            return self._refused(request, refusal)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Context = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except RuleBroken as refusal:
            return self._refused(request, refusal)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = {str(name): form.cleaned_data[name] for name in self.fields or ()}
        row = self.model.objects.get(pk=obj.pk) if change else None
        saved = self.save_service(**data, **{self.row_argument: row}, by=request.user)
        obj.pk, obj._state.adding = saved.pk, False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_service(obj, by=request.user)

    def _refused(self, request: HttpRequest, refusal: RuleBroken) -> HttpResponse:
        self.message_user(request, refusal.message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())
