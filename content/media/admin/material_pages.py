"""The admin of materials: the list, a material's own page, and the pages where it is written and reviewed."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.basis import cited_texts
from content.basis.admin import citation_picker
from content.basis.admin.law_page import LawPageMixin
from content.media import policy, queries, requirements, services
from content.media.admin import forms
from content.media.admin.file_pages import EDITS, FilePagesMixin
from content.media.admin.transition_pages import TRANSITION_PAGES
from content.media.models import Material
from content.media.states import TABLE, MaterialTransition
from content.people import stale_forms
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history

Citations = list[str]  # ticks of the picker


@admin.register(Material)
class MaterialAdmin(ReadOnlyAdminMixin, FilePagesMixin, HistoryOnPageMixin, LawPageMixin):
    """The pages of materials. Nothing is edited through the stock form and nothing is deleted."""

    row_name = "material"
    transition_table, transition_pages, transition_policy = TABLE, TRANSITION_PAGES, policy
    confirm_transition, confirm_form = MaterialTransition.CONFIRM, forms.MaterialSeenForm
    confirm_service = staticmethod(services.confirm_material)
    law_title = gettext_lazy("Is the material still right?")
    law_unchanged = gettext_lazy("The law that the material cites has not changed since.")
    law_confirmed = gettext_lazy("Confirmed: the material is right under the law of today.")

    list_display = ["title", "kind", "language", "shown_status", "organisation", "shown_day"]
    list_filter = ["status", "kind", "language"]
    list_per_page = 50
    search_fields = ["key", "title"]
    search_help_text = gettext_lazy("Words of the title, or the key.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css", "staff/materials.css"]}
        js = ["staff/questions.js", "staff/uploads.js"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("provisions/", wrap(self.provisions_view), name="content_material_provisions"),
            path("<int:pk>/write/", wrap(self.write_view), name="content_material_write"),
            path("<int:pk>/variant/", wrap(self.variant_view), name="content_material_variant"),
            path("<int:pk>/law/", wrap(self.law_view), name="content_material_law"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Material]:
        return queries.staff_materials()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def shown_status(self, material: Any) -> str:
        badge = format_html('<span class="badge badge-{}">{}</span>', material.status, material.get_status_display())
        if not (material.basis_changed and material.is_public):
            return badge
        return format_html('{} <span class="badge badge-warned">{}</span>', badge, _("Law changed"))

    @admin.display(description=gettext_lazy("published"), ordering="published_at")
    def shown_day(self, material: Material) -> Any:
        return material.published_at and material.published_at.date()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Write the draft of a new material, or look up provisions without saving anything."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = forms.MaterialForm(request.POST or None)
        written: list[Material] = []

        def write(seen: str, **columns: Any) -> None:
            written.append(services.write_material(by=staff_user(request), **columns))

        if self._is_sent(request, form) and self._call(request, form, write):
            messages.success(request, _("The draft was saved. Add its files."))
            return HttpResponseRedirect(reverse("admin:content_material_files", args=[written[0].pk]))
        return self._writing_page(request, form, _("Write a material"), request.POST.getlist("cite"))

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revise the draft, or correct the published material."""
        material = self.get_row(request, pk)
        available = policy.available_transitions(request.user, material)
        edit = next((each for each in EDITS if each in available), None)
        if edit is None:
            raise PermissionDenied
        form_class = forms.MaterialForm if edit == MaterialTransition.REVISE else forms.CorrectionForm
        service = services.revise_material if edit == MaterialTransition.REVISE else services.correct_material
        form = form_class(request.POST or None, initial=forms.initial_from_material(material))

        def save(**columns: Any) -> None:
            service(material, by=staff_user(request), **columns)

        if self._is_sent(request, form) and self._call(request, form, save):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(material))
        return self._rewriting_page(request, form, edit, self.get_row(request, pk))

    def _rewriting_page(
        self, request: HttpRequest, form: forms.MaterialForm, edit: MaterialTransition, material: Material
    ) -> HttpResponse:
        saved = forms.initial_from_material(material)
        if is_stale := stale_forms.is_stale(form):
            form.data = request.POST.copy()
            form.data["seen"] = saved["seen"]  # the page shows what is saved now
        ticked = request.POST.getlist("cite") if request.method == "POST" else forms.citations_of(material)
        return self._writing_page(
            request,
            form,
            edit.label,
            ticked,
            material=material,
            is_stale=is_stale,
            saved_meanwhile=stale_forms.saved_beside(form, saved) if is_stale else [],
        )

    def _is_sent(self, request: HttpRequest, form: forms.MaterialForm) -> bool:
        """Whether the form is to be saved, and not only a provision to be looked up."""
        return request.method == "POST" and "find" not in request.POST and form.is_valid()

    def _call(self, request: HttpRequest, form: forms.MaterialForm, service: Any) -> bool:
        chosen = [citation_picker.parse_citation(value) for value in request.POST.getlist("cite")]
        if None in chosen:
            form.add_error(None, _("A cited provision is no longer public. Untick it."))
            return False
        return call_service(form, service, citations=chosen, **form.cleaned_data)

    def _writing_page(
        self, request: HttpRequest, form: forms.MaterialForm, title: Any, ticked: Citations, **context: Any
    ) -> HttpResponse:
        cited = [citation_picker.cited_provision(value) for value in dict.fromkeys(ticked)]
        looked_up = citation_picker.lookup_context(request.POST)
        return self.render_page(request, "write", title, form=form, cited=cited, **looked_up, **context)

    def provisions_view(self, request: HttpRequest) -> HttpResponse:
        """The provisions that the typed text may mean, as part of a page that the script inserts."""
        if not policy.may_write(request.user):
            raise PermissionDenied
        found = citation_picker.lookup_context(request.GET)
        return TemplateResponse(request, "admin/content/_citation_picker.html", found)

    def variant_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the draft of a variant in another language."""
        material = self.get_row(request, pk)
        if not policy.may_write(request.user):
            raise PermissionDenied
        form = forms.VariantForm(request.POST or None)
        written: list[Material] = []

        def write(language: str) -> None:
            written.append(services.write_variant(material, language, by=staff_user(request)))

        if form.is_valid() and call_service(form, write, form.cleaned_data["language"]):
            messages.success(request, _("The draft was saved. Translate it and add its files."))
            return HttpResponseRedirect(self.row_url(written[0]))
        return self.render_page(
            request, "variant", _("Write a variant in another language"), material=material, form=form
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A material with its files, what it still needs, and the law it explains. Nothing is edited here."""
        material = self.get_row(request, object_id)
        available = policy.available_transitions(request.user, material)
        return self.render_page(
            request,
            "material",
            material.title,
            material=material,
            transitions=self.offered_pages(request.user, material),
            edit=next((each for each in EDITS if each in available), None),
            may_confirm=MaterialTransition.CONFIRM in available,
            may_write=policy.may_write(request.user) and not material.home,
            variants=queries.variants_of(material),
            history=audit_history([material.key]),
            **self._contents(material),
        )

    def _contents(self, material: Material) -> dict[str, Any]:
        """What everybody who decides reads."""
        return {
            "files": material.files.select_related("stored"),
            "needs": requirements.requirements_of(material),
            "cited_texts": cited_texts.cited_texts_of(material.basis),
        }

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        return self._contents(row)

    def law_context(self, row: Material, available: list[Any]) -> dict[str, Any]:
        return {"may_correct": MaterialTransition.CORRECT in available, **self._contents(row)}
