"""What the pages of programmes, duties, plans and measurements share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html

from content.copies import who_may_change
from content.people.admin_mixins import HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.plans import policy

VIEW = "content.view_plan"


class PlanPagesMixin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """Pages in templates/admin/content/plan/. Who reads plans reads all of them."""

    list_per_page = 100
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    is_in_navigation = True

    class Media:
        css = {"all": ["staff/documents.css", "staff/contests.css", "staff/plans.css"]}

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(VIEW)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.is_in_navigation and self.has_view_permission(request)

    def render_page(self, request: HttpRequest, name: str, title: str | Promise, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        shared |= {"may_write": policy.may_write(request.user), "may_publish": policy.may_publish(request.user)}
        shared["who_may_change"] = who_may_change(context.get("plan"))
        return TemplateResponse(request, f"admin/content/plan/{name}.html", shared | context)

    def form_page(
        self,
        request: HttpRequest,
        form: forms.Form,
        service: Callable[..., Any],
        *,
        title: str | Promise,
        done: str | Promise,
        back: str,
        **context: Any,
    ) -> HttpResponse:
        """Show the form; once it is valid call `service(by=…, **what the form says)` and go `back` with `done`.

        The service may return an address to go to instead.
        """
        found: list[Any] = []

        def call() -> None:
            columns = form.arguments() if hasattr(form, "arguments") else form.cleaned_data
            found.append(service(by=staff_user(request), **columns))

        if form.is_bound and form.is_valid() and call_service(form, call):
            messages.success(request, str(done))
            return HttpResponseRedirect(found[0] if isinstance(found[0], str) else back)
        return self.render_page(request, "form", title, form=form, back=back, **context)


def require(is_allowed: bool) -> None:
    """Raise PermissionDenied unless it is allowed."""
    if not is_allowed:
        raise PermissionDenied


def list_url(model: str) -> str:
    """Address of the list of a model."""
    return reverse(f"admin:content_{model}_changelist")


def badge(kind: str, words: Any) -> str:
    """A status in words with the style of its kind."""
    return format_html('<span class="badge badge-{}">{}</span>', kind, words)
