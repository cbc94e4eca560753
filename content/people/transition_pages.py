"""The pages of the staff site on which somebody makes a transition: what they ask, and the service they call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.functional import Promise

from content.copies import is_copy
from content.people import transitions
from content.people.admin_mixins import StaffPageMixin, call_service
from content.people.models import AnyUser
from content.people.transitions import Table


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


class SeenForm(TransitionForm):
    """Carries a fingerprint of what the person read, so that nobody decides on something else.

    A subclass names the function that makes it of the row: `fingerprint = staticmethod(queries.round_fingerprint)`.
    """

    fingerprint: Callable[[Any], str]
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.fingerprint(self.row)


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
        """The buttons of the row: [(name, page)] in the order of `transition_pages`. A copy has none."""
        if is_copy(row):
            return []
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
