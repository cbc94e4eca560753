"""The drafting screens: a text comes in, is read by the parser, described, and kept as a draft or proposed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content import vietnam_time
from content.documents.models import LegalDocument
from content.editing import date_warnings, revisions
from content.editing.admin.forms import FIELD_LABELS, DescriptionForm, NewTextForm, initial_description
from content.editing.models import Revision
from content.editing.preview import preview_of_text
from content.errors import RuleBroken
from content.importing import uploads
from content.publishing import document_writer, policy, states

MAX_TEXT_IN_FORM = 700_000  # bytes of text; what is longer is only replaced by another file (the body's limit is 1 MiB)


class DraftViews:
    """Part of the desk's admin of documents."""

    def drafting_urls(self):
        wrap, name = self.admin_site.admin_view, "content_revision"
        return [
            path("revisions/<int:pk>/", wrap(self.revision_view), name=name),
            path("revisions/<int:pk>/discard/", wrap(self.discard_view), name=f"{name}_discard"),
            path("<int:pk>/rewrite/", wrap(self.rewrite_view), name=f"{name}_begin"),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Paste or upload; then the revision."""
        if not policy.may_write(request.user):
            raise PermissionDenied
        form = NewTextForm(request.POST, request.FILES) if request.method == "POST" else NewTextForm()
        if form.is_valid():
            try:
                return self._open(revisions.start_revision(_record_from_form(form.cleaned_data), by=request.user))
            except RuleBroken as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        lying = Revision.objects.filter(by=request.user, proposed_at=None).defer("text", "file_content")
        days = revisions.ABANDONED_AFTER.days
        return self._page(request, "intake", _("Draft a document"), form=form, revisions=lying, days=days)

    @method_decorator(require_POST)
    def rewrite_view(self, request, pk):
        """A draft, or a published document, onto the desk of whoever asks."""
        document = get_object_or_404(LegalDocument, pk=pk)
        if not policy.may_write(request.user):
            raise PermissionDenied
        if not (states.is_transition_allowed(document, "draft") or states.is_transition_allowed(document, "correct")):
            messages.error(request, _("The document is «%s»: that cannot be done now.") % document.get_status_display())
            return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[pk]))
        return self._open(revisions.start_revision_of(document, by=request.user))

    @method_decorator(require_POST)
    def discard_view(self, request, pk):
        revision = self._own(request, pk)
        revision.delete()
        messages.success(request, _("Thrown away. Nothing in the library changed."))
        return HttpResponseRedirect(reverse("admin:content_legaldocument_add"))

    def revision_view(self, request, pk):
        """Text, tree and description; what is done with them is the button's name."""
        revision = self._own(request, pk)
        short = len(revision.text.encode()) <= MAX_TEXT_IN_FORM
        is_part = bool(revision.document and revision.document.is_partial)
        data = {"admin_site": self.admin_site, "with_text": short, "is_part": is_part}
        if request.method == "POST":
            form = DescriptionForm(request.POST, request.FILES, **data)
            if form.is_valid() and (answer := self._write(request, revision, form)):
                return answer
        else:
            begun = initial_description(revisions.record_of_revision(revision), revision.topics.all())
            begun["is_whole"] = revision.columns.get("is_whole", False)
            form = DescriptionForm(initial=begun, **data)
        return self._revision_page(request, revision, form)

    def _write(self, request, revision, form):
        """Put down what was written, and do what was asked. None where it was refused: the form says why."""
        try:
            is_whole = form.cleaned_data.get("is_whole", False)
            record = form.record(revision)
            revisions.save_revision(revision, record, topics=form.cleaned_data["topics"], is_whole=is_whole)
            revisions.text_of_revision(revision)  # raises what the next step would
            if "keep" in request.POST:
                document = revisions.save_as_draft(revision, by=request.user)
                messages.success(request, _("Kept as a draft."))
                return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[document.pk]))
            if "correct" in request.POST:
                return HttpResponseRedirect(reverse("admin:content_correction", args=[revision.pk]))
        except RuleBroken as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return None
        return self._open(revision)

    def _own(self, request, pk):
        revision = get_object_or_404(Revision.objects.select_related("document"), pk=pk, proposed_at=None)
        if revision.by != request.user or not policy.may_write(request.user):
            raise PermissionDenied
        return revision

    def _open(self, revision):
        return HttpResponseRedirect(reverse("admin:content_revision", args=[revision.pk]))

    def _revision_page(self, request, revision, form):
        record = revisions.record_of_revision(revision)
        shown = {
            "revision": revision,
            "form": form,
            "media": self.media + form.media,
            "preview": _preview_of_revision(revision),
            "odd_dates": labelled_odd_dates(record),
            "other_warnings": record.notes,
            "labels": FIELD_LABELS,
            "is_correction": bool(revision.document and revision.document.is_published),
        }
        return self._page(request, "revision", str(revision) or _("Draft a document"), **shown)

    def _page(self, request, name, title, *, status=200, **shown):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        template = f"admin/content/legaldocument/{name}.html"
        return TemplateResponse(request, template, context | shown, status=status)


def _record_from_form(cleaned):
    if file := cleaned["file"]:
        return uploads.record_from_upload(file.name, file.read())
    return uploads.record_from_pasted_text(cleaned["text"])


def _preview_of_revision(revision):
    """The preview of what lies on the desk; where its articles are not all found, of the text as a whole."""
    try:
        return preview_of_text(revision.text, revisions.text_of_revision(revision).structure)
    except RuleBroken:
        return preview_of_text(revision.text)


def labelled_odd_dates(record):
    """The odd dates of a record, each with the label of its field."""
    try:
        issuer = document_writer.issuer_of_record(record)
    except RuleBroken:
        issuer = None
    found = date_warnings.date_warnings(record, issuer, today=vietnam_time.today())
    return [{"label": FIELD_LABELS[odd.field], "message": odd.message} for odd in found]
