"""The files of a material on the staff site: uploaded, shown before anybody else sees them, and removed."""

from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.errors import NotAllowed, RuleBroken
from content.media import policy, queries, requirements, services
from content.media.admin.forms import FileCorrectionForm, FileForm
from content.media.models import Material, MaterialFile
from content.media.states import MaterialTransition
from content.people.admin_mixins import StaffPageMixin, call_service, posted_text, staff_user
from content.stored_files import storage
from content.stored_files.file_types import EXTENSIONS, MediaType

EDITS = (MaterialTransition.REVISE, MaterialTransition.CORRECT)


class FilePagesMixin(StaffPageMixin):
    """The pages of the files of a material."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        remove = wrap(require_POST(self.remove_file_view))
        return [
            path("<int:pk>/files/", wrap(self.files_view), name="content_material_files"),
            path("<int:pk>/files/<int:file>/remove/", remove, name="content_material_remove_file"),
            path(
                "<int:pk>/files/compared/",
                wrap(require_POST(self.compared_view)),
                name="content_material_compared",
            ),
            path("<int:pk>/files/<int:file>/content", wrap(self.content_view), name="content_material_content"),
            *super().get_urls(),
        ]

    def files_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Upload a file: the ticks beside the form say what the material still needs."""
        material = self.get_row(request, pk)
        form_class = FileCorrectionForm if self._edit_of(request, material) == MaterialTransition.CORRECT else FileForm
        initial = {"seen": queries.material_fingerprint(material)}
        form = form_class(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid() and self._upload(request, material, form):
            messages.success(request, _("The file was stored."))
            return HttpResponseRedirect(request.path)
        if form.is_bound:  # a file is chosen anew anyway: the page shows what is saved now
            material = self.get_row(request, pk)
            form.data = request.POST.copy()
            form.data["seen"] = queries.material_fingerprint(material)
        files, needs = material.files.select_related("stored"), requirements.requirements_of(material)
        seen = queries.material_fingerprint(material)
        return self.render_page(
            request, "files", _("Files"), material=material, form=form, files=files, needs=needs, seen=seen
        )

    def _upload(self, request: HttpRequest, material: Material, form: FileForm) -> bool:
        data = dict(form.cleaned_data)
        upload = data.pop("file")
        role = data.pop("role")

        def add(**columns: Any) -> None:
            stored = services.add_file(material, role, upload.chunks(), by=staff_user(request), **columns)
            for warning in stored.warnings:
                messages.warning(request, warning)

        return call_service(form, add, **data)

    def remove_file_view(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """Take a file from the material."""
        material = self.get_row(request, pk)
        self._edit_of(request, material)
        found = get_object_or_404(MaterialFile.objects.select_related("material"), material=material, pk=file)
        try:
            services.remove_file(found, by=staff_user(request), reason=posted_text(request, "reason"))
            messages.success(request, _("The file was removed."))
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:content_material_files", args=[material.pk]))

    def compared_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Somebody has compared captions and texts with the new file."""
        material = self.get_row(request, pk)
        self._edit_of(request, material)
        try:
            services.confirm_alternatives(material, by=staff_user(request), seen=posted_text(request, "seen"))
            messages.success(request, _("Captions and texts count for the new file."))
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:content_material_files", args=[material.pk]))

    def content_view(self, request: HttpRequest, pk: int, file: int) -> HttpResponse | FileResponse:
        """The bytes of a file, for who may see the material."""
        material = self.get_row(request, pk)
        found = get_object_or_404(MaterialFile.objects.select_related("stored"), material=material, pk=file)
        stored = found.stored
        name = PurePosixPath(f"{material.key}-{found.role}.{EXTENSIONS[MediaType(stored.media_type)]}").name
        try:
            opened = storage.open_file(stored.sha256)
        except FileNotFoundError:
            raise Http404 from None
        return FileResponse(opened, content_type=stored.media_type, filename=name)

    def _edit_of(self, request: HttpRequest, material: Material) -> MaterialTransition:
        """The transition by which this person may change files now. Raises PermissionDenied."""
        available = policy.available_transitions(request.user, material)
        edit = next((each for each in EDITS if each in available), None)
        if edit is None:
            raise PermissionDenied
        return edit
