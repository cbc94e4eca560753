"""The admin of layers: the queue per language, a layer beside its provision, and who may judge which language."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content import vietnam_time
from content.basis.admin import citation_picker
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history
from content.people.transition_pages import TransitionPage, TransitionViewsMixin
from content.provision_layers import policy, queries, services
from content.provision_layers.admin import forms
from content.provision_layers.models import Layer, ReviewerLanguage
from content.provision_layers.states import TABLE, LayerTransition

TRANSITION_PAGES: dict[str, TransitionPage] = {
    LayerTransition.PUBLISH: TransitionPage(
        services.publish_layer,
        LayerTransition.PUBLISH.label,
        gettext_lazy("The layer was published."),
        gettext_lazy("The layer is shown with its provision, and replaces the one of its kind and language."),
        forms.LayerSeenForm,
    ),
    LayerTransition.CONFIRM: TransitionPage(
        services.confirm_layer,
        LayerTransition.CONFIRM.label,
        gettext_lazy("Confirmed: the layer explains the provision of today."),
        gettext_lazy("Read the provision of today. The layer is shown with it again."),
        forms.LayerSeenForm,
    ),
    LayerTransition.WITHDRAW: TransitionPage(
        services.withdraw_layer,
        LayerTransition.WITHDRAW.label,
        gettext_lazy("The layer was withdrawn."),
        gettext_lazy("The layer is gone on all days. This cannot be undone."),
        forms.WithdrawForm,
        is_grave=True,
    ),
}


class OutdatedFilter(admin.SimpleListFilter):
    """Layers that explain other words than their provision has."""

    title, parameter_name = gettext_lazy("law changed"), "outdated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", gettext_lazy("Law changed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Layer]) -> QuerySet[Layer]:
        return queryset.filter(outdated_at__isnull=False, status="published") if self.value() else queryset


@admin.register(Layer)
class LayerAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, TransitionViewsMixin):
    """The pages of layers. Nothing is edited through the stock form and nothing is deleted."""

    row_name = "layer"
    transition_table, transition_pages, transition_policy = TABLE, TRANSITION_PAGES, policy

    list_display = ["key", "document", "eid", "kind", "language", "shown_status"]
    list_filter = ["language", "status", "kind", OutdatedFilter]
    list_per_page = 50
    search_fields = ["key", "document__number", "document__title"]
    search_help_text = gettext_lazy("The key, or words of the document.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}
        js = ["staff/questions.js"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("provisions/", wrap(self.provisions_view), name="content_layer_provisions"),
            path("<int:pk>/write/", wrap(self.write_view), name="content_layer_write"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Layer]:
        return queries.staff_layers()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def shown_status(self, layer: Layer) -> str:
        badge = format_html('<span class="badge badge-{}">{}</span>', layer.status, layer.get_status_display())
        if layer.outdated_at is None:
            return badge
        return format_html('{} <span class="badge badge-warned">{}</span>', badge, _("Law changed"))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Write the draft of a new layer, or look up its provision without saving anything."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = forms.LayerForm(request.POST or None)
        written: list[Layer] = []

        def write(document: Any, eid: str, seen: str, **columns: Any) -> None:
            written.append(services.write_layer(document, eid, by=staff_user(request), **columns))

        ticked = list(dict.fromkeys(request.POST.getlist("cite")))
        if request.method == "POST" and "find" not in request.POST and form.is_valid():
            chosen = [citation_picker.parse_citation(value) for value in ticked]
            if len(chosen) != 1 or chosen[0] is None or not chosen[0][1]:
                form.add_error(None, _("Tick the one provision that the layer explains."))
            elif call_service(form, write, *chosen[0], **form.cleaned_data):
                messages.success(request, _("The draft was saved. Another person publishes it."))
                return HttpResponseRedirect(self.row_url(written[0]))
        cited = [citation_picker.cited_provision(value) for value in ticked]
        looked_up = citation_picker.lookup_context(request.POST)
        return self.render_page(request, "write", _("Write a layer"), form=form, cited=cited, **looked_up)

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revise the draft beside the provision of today."""
        layer = self.get_row(request, pk)
        if LayerTransition.REVISE not in policy.available_transitions(request.user, layer):
            raise PermissionDenied
        form = forms.LayerForm(request.POST or None, initial=forms.initial_from_layer(layer))
        if form.is_valid() and call_service(
            form, services.revise_layer, layer, by=staff_user(request), **form.cleaned_data
        ):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(layer))
        return self.render_page(
            request, "revise", LayerTransition.REVISE.label, layer=layer, form=form, **self._contents(layer)
        )

    def provisions_view(self, request: HttpRequest) -> HttpResponse:
        """The provisions that the typed text may mean, as part of a page that the script inserts."""
        if not policy.may_write(request.user):
            raise PermissionDenied
        found = citation_picker.lookup_context(request.GET)
        return TemplateResponse(request, "admin/content/_citation_picker.html", found)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A layer beside its provision of today. Nothing is edited here."""
        layer = self.get_row(request, object_id)
        available = policy.available_transitions(request.user, layer)
        return self.render_page(
            request,
            "layer",
            layer.key,
            layer=layer,
            transitions=self.offered_pages(request.user, layer),
            may_revise=LayerTransition.REVISE in available,
            history=audit_history([layer.key]),
            **self._contents(layer),
        )

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        return self._contents(row)

    def _contents(self, layer: Layer) -> dict[str, Any]:
        """What everybody who decides reads: the provision of today, and whether the layer explains it."""
        text = queries.text_on(layer.document, layer.eid, vietnam_time.today())
        hashes = queries.text_hashes_on(layer.document, [layer.eid], vietnam_time.today())
        return {
            "cited": citation_picker.cited_provision(f"{layer.document.key}/{layer.eid}"),
            "law_text": text,
            "is_right": queries.explains(layer, hashes.get(layer.eid)),
        }


@admin.register(ReviewerLanguage)
class ReviewerLanguageAdmin(admin.ModelAdmin):
    """Which member of staff may judge layers of which language. Rows are added and deleted, never changed."""

    list_display = ["user", "language"]
    list_select_related = ["user"]
    list_filter = ["language"]
    fields = ["user", "language"]
    actions = None  # deleting many at once would bypass the audit
    show_full_result_count = False
    change_form_template = "staff/change_form_with_actions.html"  # without a history: the audit has it

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field and db_field.name == "user":  # without links to other pages: what is typed would be lost
            field.widget.can_view_related = field.widget.can_change_related = field.widget.can_add_related = False
            field.widget.can_delete_related = False
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        saved = services.allow_language(obj.user, obj.language, by=staff_user(request))
        obj.pk, obj._state.adding = saved.pk, False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.forbid_language(obj, by=staff_user(request))
