"""What the admins of several packages share: pages of transitions, actions with a reason, rows saved by a service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeAlias, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.errors import NotAllowed, RuleBroken
from content.people import transitions
from content.people.models import AnyUser, User
from content.people.transitions import Table

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
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        return TemplateResponse(request, f"admin/content/{self.opts.model_name}/{name}.html", shared | context)


class HistoryOnPageMixin(StaffPageMixin):
    """A ModelAdmin whose rows show their history on their own page, at #history."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Context = None) -> HttpResponse:
        return HttpResponseRedirect(self.row_url(self.get_row(request, object_id)) + "#history")


class TransitionForm(forms.Form):
    """What a transition asks of the person. Bound to the row on which it is made."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the service."""
        return self.cleaned_data


class NoInputForm(TransitionForm):
    """The transition asks nothing."""


@dataclass(frozen=True)
class TransitionPage:
    """The page on which somebody confirms a transition: the service, its texts and its form.

    `may` is for pages that are no transition of the table.
    """

    service: Callable[..., Any]
    label: str | Promise  # these three are translated when they are shown
    done: Any
    explanation: str | Promise
    form: type[TransitionForm] = NoInputForm
    is_grave: bool = False
    may: Callable[[AnyUser, Any], bool] | None = None

    @property
    def is_plain(self) -> bool:
        """Nothing is asked: the button on the row's page makes the transition."""
        return self.form is NoInputForm


class TransitionViewsMixin(StaffPageMixin):
    """A ModelAdmin whose transitions each have a page at <id>/transition/<name>/.

    `transition_table` is the package's TABLE, `transition_policy` its module with may() and available_transitions().
    """

    transition_table: Table[Any]
    transition_pages: Mapping[str, TransitionPage]
    transition_policy: ModuleType
    refusal_as_message = False  # a broken rule is shown after a redirect to the row, not in the form

    def get_urls(self) -> list[URLPattern]:
        name = f"content_{self.opts.model_name}_transition"
        view = self.admin_site.admin_view(self.transition_view)
        return [path("<int:pk>/transition/<slug:name>/", view, name=name), *super().get_urls()]

    def transition_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Ask what the transition needs, then make it. A transition that the status forbids leads back to the row."""
        if name not in self.transition_pages:
            raise Http404
        row, page = self.get_row(request, pk), self.transition_pages[name]
        if not self.may_open_transition(request, name, row):
            raise PermissionDenied
        transition = self._transition(name)
        is_posted = request.method == "POST"
        if not is_posted and transition and not transitions.permits(self.transition_table, row, transition):
            messages.error(request, transitions.wrong_status(row, transition).message)
            return HttpResponseRedirect(self.row_url(row))
        form = self.transition_form(request, name, row)
        preview: dict[str, Any] = {}
        if is_posted and form.is_valid():
            if not self.is_confirmed(request):
                preview = self.transition_preview(request, name, row, form)
            elif self._make(request, page, row, form):
                return HttpResponseRedirect(self.row_url(row))
        context = self.transition_context(request, name, row) | preview
        return self.render_page(
            request, "transition", page.label, **{self.row_name: row}, page=page, form=form, **context
        )

    def _make(self, request: HttpRequest, page: TransitionPage, row: Any, form: TransitionForm) -> bool:
        """Call the service. False if the form shows why it is refused."""
        arguments = {"by": request.user, **self.service_arguments(request, form)}
        if call_service(form, page.service, row, **arguments):
            messages.success(request, page.done)
            return True
        if self.refusal_as_message:
            for errors in form.errors.values():
                for message in errors:
                    messages.error(request, str(message))
        return self.refusal_as_message

    def _transition(self, name: str) -> TextChoices | None:
        return next((each for each in self.transition_table if each == name), None)

    def may_open_transition(self, request: HttpRequest, name: str, row: Any) -> bool:
        """Whether the person may, whatever the status allows: if not, the answer is 403."""
        may = self.transition_pages[name].may
        return may(request.user, row) if may else self.transition_policy.may(request.user, self._transition(name), row)

    def offered_pages(self, user: AnyUser, row: Any) -> list[tuple[str, TransitionPage]]:
        """The buttons of the row: [(name, page)] in the order of `transition_pages`."""
        available = self.transition_policy.available_transitions(user, row)
        return [
            (name, page)
            for name, page in self.transition_pages.items()
            if name in available or (page.may and page.may(user, row))
        ]

    def transition_form(self, request: HttpRequest, name: str, row: Any) -> TransitionForm:
        return self.transition_pages[name].form(request.POST if request.method == "POST" else None, row=row)

    def service_arguments(self, request: HttpRequest, form: TransitionForm) -> dict[str, Any]:
        return form.arguments()

    def is_confirmed(self, request: HttpRequest) -> bool:
        """Whether a valid form makes the transition; otherwise it shows a preview."""
        return True

    def transition_preview(self, request: HttpRequest, name: str, row: Any, form: TransitionForm) -> dict[str, Any]:
        """Template context of what would happen. Nothing is saved."""
        return {}

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        """Further template context of the page."""
        return {}


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
