"""Pages on which a text is pasted or uploaded, described, and saved as a draft or proposed as a correction."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content import vietnam_time
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.editing import date_warnings, revisions
from content.editing.address_warning import address_warning
from content.editing.admin.forms import FIELD_LABELS, DescriptionForm, NewTextForm, initial_description
from content.editing.admin.pages import DocumentPages
from content.editing.admin.warnings import shown_warnings
from content.editing.models import Revision
from content.editing.preview import Preview, preview_of_text
from content.errors import RuleBroken
from content.importing import uploads
from content.people import stale_forms
from content.people.admin_mixins import staff_user
from content.publishing import origins, policy, states

MAX_TEXT_IN_FORM = 700_000  # bytes; a longer text can only be replaced by a file (a request body has at most 1 MiB)


class DraftViews(DocumentPages):
    """The pages of revisions, a part of DocumentAdmin."""

    def draft_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "content_revision"
        return [
            path("revisions/<int:pk>/", wrap(self.revision_view), name=name),
            path("revisions/<int:pk>/discard/", wrap(self.discard_view), name=f"{name}_discard"),
            path("<int:pk>/revise/", wrap(self.revise_view), name=f"{name}_begin"),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Paste or upload a text, then continue with its revision."""
        if not policy.may_write(request.user):
            raise PermissionDenied
        form = NewTextForm(request.POST, request.FILES) if request.method == "POST" else NewTextForm()
        if form.is_valid():
            try:
                record = _record_from_form(form.cleaned_data)
                revision = revisions.start_revision(record, by=staff_user(request))
                _say_saved(request)
                return self._redirect_to(revision)
            except RuleBroken as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        unsaved = Revision.objects.filter(by=staff_user(request), proposed_at=None).defer("text", "file_content")
        days = revisions.ABANDONED_AFTER.days
        return self._page(request, "new_text", _("Draft a document"), form=form, revisions=unsaved, days=days)

    @method_decorator(require_POST)
    def revise_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start a revision of a draft or a published document."""
        document = get_object_or_404(LegalDocument, pk=pk)
        if not policy.may_write(request.user):
            raise PermissionDenied
        if not (states.is_transition_allowed(document, "draft") or states.is_transition_allowed(document, "correct")):
            messages.error(request, _("The document is «%s»: that cannot be done now.") % document.get_status_display())
            return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[pk]))
        return self._redirect_to(revisions.start_revision_of(document, by=staff_user(request)))

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether a revision is to be deleted, with what would be lost; delete it on POST."""
        revision = self._own_revision(request, pk)
        if request.method != "POST":
            words = len(revision.text.split())
            return self._page(
                request, "discard", _("Discard"), revision=revision, words=words, document=revision.document
            )
        revision.delete()
        messages.success(request, _("Discarded. No document was changed."))
        return HttpResponseRedirect(reverse("admin:content_legaldocument_add"))

    def revision_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Text, outline and description. The button that was pressed decides what is done with them."""
        if request.method == "POST" and not Revision.objects.filter(pk=pk).exists():
            return self._typed_in_vain(request)
        revision = self._own_revision(request, pk, is_open=request.method != "POST")  # else the form says why it is not
        options: dict[str, Any] = {
            "admin_site": self.admin_site,
            "with_text": len(revision.text.encode()) <= MAX_TEXT_IN_FORM,
            "is_part": bool(revision.document and revision.document.is_partial),
        }
        if request.method == "POST":
            form = DescriptionForm(request.POST, request.FILES, **options)
            if form.is_valid() and (answer := self._save(request, revision, form)):
                return answer
        else:
            initial = initial_description(revisions.record_of_revision(revision), revision.topics.all())
            initial["is_whole"] = revision.columns.get("is_whole", False)
            form = DescriptionForm(initial=initial, **options)
        return self._revision_page(request, revision, form)

    def _typed_in_vain(self, request: HttpRequest) -> HttpResponse:
        """What was typed in a revision that was saved as a draft or discarded in another tab: 410, to be copied."""
        if not policy.may_write(request.user):
            raise PermissionDenied
        form = DescriptionForm(request.POST, admin_site=self.admin_site, with_text=True, is_part=False)
        typed = [form[name] for name in form.fields if name not in ("seen", "file", "is_whole")]
        media = self.media + form.media
        return self._page(request, "revision_gone", _("This revision is gone"), status=410, fields=typed, media=media)

    def _save(self, request: HttpRequest, revision: Revision, form: DescriptionForm) -> HttpResponse | None:
        """Save the revision and do what the button says. None if it was refused; then the form says why."""
        try:
            is_whole = form.cleaned_data.get("is_whole", False)
            record = form.record(revision)
            revisions.save_revision(
                revision, record, topics=form.cleaned_data["topics"], is_whole=is_whole, seen=form.cleaned_data["seen"]
            )
            revisions.text_of_revision(revision)  # raises what the next step would raise
            if "save_draft" in request.POST:
                document = revisions.save_as_draft(revision, by=staff_user(request))
                messages.success(request, _("Saved as a draft."))
                return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[document.pk]))
            _say_saved(request)
            if "correct" in request.POST:
                return HttpResponseRedirect(reverse("admin:content_correction", args=[revision.pk]))
        except RuleBroken as refusal:
            error = ValidationError(refusal.message, code=refusal.code)
            form.add_error(refusal.field if refusal.field in form.fields else None, error)
            return None
        return self._redirect_to(revision)

    def _own_revision(self, request: HttpRequest, pk: int, *, is_open: bool = True) -> Revision:
        """The revision, 404 for one that was proposed where it must be open. Of others it is forbidden."""
        revision = get_object_or_404(Revision.objects.select_related("document"), pk=pk)
        if is_open and revision.proposed_at:
            raise Http404
        if revision.by != request.user or not policy.may_write(request.user):
            raise PermissionDenied
        return revision

    def _redirect_to(self, revision: Revision) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:content_revision", args=[revision.pk]))

    def _revision_page(self, request: HttpRequest, revision: Revision, form: DescriptionForm) -> TemplateResponse:
        record = revisions.record_of_revision(revision)
        shown: dict[str, Any] = {
            "revision": revision,
            "form": form,
            "media": self.media + form.media,
            "labels": FIELD_LABELS,
            "is_correction": bool(revision.document and revision.document.is_published),
        }
        shown |= _saved_meanwhile(revision, form)
        preview = _preview_of_revision(revision)
        odd = labelled_odd_dates(record) if shown["is_correction"] else labelled_warnings(record)
        heavy = revisions.heavy_notices_of(revision, preview.parser_warnings)
        shown |= shown_warnings(preview, record.notes, odd, heavy, revision.text)
        return self._page(request, "revision", str(revision) or _("Draft a document"), **shown)


def _saved_meanwhile(revision: Revision, form: DescriptionForm) -> dict[str, Any]:
    """What another person saved since the revision was started, beside what is in the form."""
    document = revision.document
    if document is None:
        return {"is_stale": False}
    document.refresh_from_db()
    if not revisions.is_outdated(revision):
        return {"is_stale": False}
    saved = initial_description(revisions.record_of_document(document), document.topics.all())
    return {
        "is_stale": True,
        "saved_meanwhile": stale_forms.saved_beside(form, saved),
        "seen": document.updated_at.isoformat(),
    }


def _record_from_form(cleaned: dict[str, Any]) -> DocumentRecord:
    if file := cleaned["file"]:
        return uploads.record_from_upload(file.name, file.read())
    return uploads.record_from_pasted_text(cleaned["text"])


def _preview_of_revision(revision: Revision) -> Preview:
    """The preview of a revision; if not all of its articles are found, of the text as a whole."""
    try:
        return preview_of_text(revision.text, revisions.text_of_revision(revision).structure)
    except RuleBroken:
        return preview_of_text(revision.text)


def labelled_odd_dates(record: DocumentRecord) -> list[dict[str, Any]]:
    """The date warnings of a record, each with the label of its field."""
    try:
        issuer = origins.origin_of_record(record).issuer
    except RuleBroken:
        issuer = None
    warnings = date_warnings.date_warnings(record, issuer, today=vietnam_time.today())
    return [{"label": FIELD_LABELS[warning.field], "message": warning.message} for warning in warnings]


def labelled_warnings(record: DocumentRecord) -> list[dict[str, Any]]:
    """The warnings about the description of what is not published yet: its dates, and what its address will say."""
    message = address_warning(record)
    of_address = [{"label": FIELD_LABELS["title"], "message": message}] if message else []
    return [*labelled_odd_dates(record), *of_address]


def _say_saved(request: HttpRequest) -> None:
    """The browser forgets what it kept of the form when it is told of a success (kept_text.js)."""
    messages.success(request, _("Saved for you alone. No document was changed."))
