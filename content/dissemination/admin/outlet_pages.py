"""The admin of outlets: where an organisation spreads content, and the secret of its program."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from content.dissemination import policy, queries, services
from content.dissemination.admin import forms
from content.dissemination.models import Outlet
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history


@admin.register(Outlet)
class OutletAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """The pages of outlets. Nothing is edited through the stock form and nothing is deleted."""

    row_name = "outlet"
    list_display = ["name", "kind", "organisation", "is_active"]
    list_filter = ["kind", "is_active"]
    list_per_page = 50
    search_fields = ["key", "name", "organisation__name"]
    search_help_text = gettext_lazy("Words of the name or the organisation.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        secret = wrap(require_POST(self.secret_view))
        return [
            path("<int:pk>/write/", wrap(self.write_view), name="content_outlet_write"),
            path("<int:pk>/secret/", secret, name="content_outlet_secret"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outlet]:
        return queries.staff_outlets()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_keep_outlets(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        return self._written(request, None, forms.OutletForm(request.POST or None))

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change an outlet."""
        outlet = self.get_row(request, pk)
        form = forms.OutletForm(request.POST or None, initial=forms.initial_from_outlet(outlet))
        return self._written(request, outlet, form)

    def _written(self, request: HttpRequest, outlet: Outlet | None, form: forms.OutletForm) -> HttpResponse:
        if not policy.may_keep_outlets(request.user):
            raise PermissionDenied
        saved: list[Outlet] = []

        def save(**columns: object) -> None:
            saved.append(services.save_outlet(outlet, by=staff_user(request), **form.cleaned_data))

        if form.is_valid() and call_service(form, save):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(saved[0]))
        return self.render_page(request, "write", _("Write an outlet"), outlet=outlet, form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """An outlet with what waits for it."""
        return self._shown(request, self.get_row(request, object_id))

    def secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the outlet a new secret and show it, once."""
        outlet = self.get_row(request, pk)
        if not policy.may_keep_outlets(request.user):
            raise PermissionDenied
        response = self._shown(request, outlet, secret=services.renew_secret(outlet, by=staff_user(request)))
        response["Cache-Control"] = "no-store"
        return response

    def _shown(self, request: HttpRequest, outlet: Outlet, secret: str = "") -> HttpResponse:
        return self.render_page(
            request, "outlet", str(outlet), outlet=outlet, waiting=queries.queue_of(outlet), secret=secret,
            may_keep=policy.may_keep_outlets(request.user), history=audit_history([outlet.key]),
        )  # fmt: skip
