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

from content.documents import dates, effect, filling, manuscripts, policy, states
from content.documents.desk.forms import LABELS, DescriptionForm, IntakeForm, initial
from content.documents.importing import uploads
from content.documents.models import LegalDocument, Manuscript
from content.documents.preview import preview
from content.errors import RuleBroken

LONGEST_IN_A_FORM = (
    700_000  # bytes of text; what is longer is only replaced by another file (the body's limit is 1 MiB)
)


class Drafting:
    """Part of the desk's admin of documents."""

    def drafting_urls(self):
        wrap, name = self.admin_site.admin_view, "content_manuscript"
        return [
            path("manuscripts/<int:pk>/", wrap(self.manuscript_view), name=name),
            path("manuscripts/<int:pk>/discard/", wrap(self.discard_view), name=f"{name}_discard"),
            path("<int:pk>/rewrite/", wrap(self.rewrite_view), name=f"{name}_begin"),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Paste or upload; then the manuscript."""
        if not policy.may_write(request.user):
            raise PermissionDenied
        form = IntakeForm(request.POST, request.FILES) if request.method == "POST" else IntakeForm()
        if form.is_valid():
            try:
                return self._open(manuscripts.begin(_brought(form.cleaned_data), by=request.user))
            except RuleBroken as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        lying = Manuscript.objects.filter(by=request.user, proposed_at=None).defer("text", "file_content")
        days = manuscripts.ABANDONED.days
        return self._page(request, "intake", _("Draft a document"), form=form, manuscripts=lying, days=days)

    @method_decorator(require_POST)
    def rewrite_view(self, request, pk):
        """A draft, or a published document, onto the desk of whoever asks."""
        document = get_object_or_404(LegalDocument, pk=pk)
        if not policy.may_write(request.user):
            raise PermissionDenied
        if not (states.permits(document, "draft") or states.permits(document, "correct")):
            messages.error(request, _("The document is «%s»: that cannot be done now.") % document.get_state_display())
            return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[pk]))
        return self._open(manuscripts.begin_from(document, by=request.user))

    @method_decorator(require_POST)
    def discard_view(self, request, pk):
        manuscript = self._own(request, pk)
        manuscript.delete()
        messages.success(request, _("Thrown away. Nothing in the library changed."))
        return HttpResponseRedirect(reverse("admin:content_legaldocument_add"))

    def manuscript_view(self, request, pk):
        """Text, tree and description; what is done with them is the button's name."""
        manuscript = self._own(request, pk)
        short = len(manuscript.text.encode()) <= LONGEST_IN_A_FORM
        is_part = bool(manuscript.document and manuscript.document.is_partial)
        data = {"admin_site": self.admin_site, "with_text": short, "is_part": is_part}
        if request.method == "POST":
            form = DescriptionForm(request.POST, request.FILES, **data)
            if form.is_valid() and (answer := self._write(request, manuscript, form)):
                return answer
        else:
            begun = initial(manuscripts.record_of(manuscript), manuscript.topics.all())
            begun["is_whole"] = manuscript.columns.get("is_whole", False)
            form = DescriptionForm(initial=begun, **data)
        return self._manuscript_page(request, manuscript, form)

    def _write(self, request, manuscript, form):
        """Put down what was written, and do what was asked. None where it was refused: the form says why."""
        try:
            is_whole = form.cleaned_data.get("is_whole", False)
            record = form.record(manuscript)
            manuscripts.write(manuscript, record, topics=form.cleaned_data["topics"], is_whole=is_whole)
            manuscripts.wording_of(manuscript)  # raises what the next step would
            if "keep" in request.POST:
                document = manuscripts.keep(manuscript, by=request.user)
                messages.success(request, _("Kept as a draft."))
                return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[document.pk]))
            if "correct" in request.POST:
                return HttpResponseRedirect(reverse("admin:content_correction", args=[manuscript.pk]))
        except RuleBroken as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return None
        return self._open(manuscript)

    def _own(self, request, pk):
        manuscript = get_object_or_404(Manuscript.objects.select_related("document"), pk=pk, proposed_at=None)
        if manuscript.by != request.user or not policy.may_write(request.user):
            raise PermissionDenied
        return manuscript

    def _open(self, manuscript):
        return HttpResponseRedirect(reverse("admin:content_manuscript", args=[manuscript.pk]))

    def _manuscript_page(self, request, manuscript, form):
        record = manuscripts.record_of(manuscript)
        shown = {
            "manuscript": manuscript,
            "form": form,
            "media": self.media + form.media,
            "preview": _read(manuscript),
            "odd_dates": odd_dates(record),
            "other_warnings": record.notes,
            "labels": LABELS,
            "is_correction": bool(manuscript.document and manuscript.document.is_published),
        }
        return self._page(request, "manuscript", str(manuscript) or _("Draft a document"), **shown)

    def _page(self, request, name, title, *, status=200, **shown):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        template = f"admin/content/legaldocument/{name}.html"
        return TemplateResponse(request, template, context | shown, status=status)


def _brought(cleaned):
    if file := cleaned["file"]:
        return uploads.from_file(file.name, file.read())
    return uploads.from_text(cleaned["text"])


def _read(manuscript):
    """The preview of what lies on the desk; where its articles are not all found, of the text as a whole."""
    try:
        return preview(manuscript.text, manuscripts.wording_of(manuscript).structure)
    except RuleBroken:
        return preview(manuscript.text)


def odd_dates(record):
    """The odd dates of a record, each with the label of its field."""
    try:
        issuer = filling.issuer_of(record)
    except RuleBroken:
        issuer = None
    found = dates.odd_dates(record, issuer, today=effect.today())
    return [{"label": LABELS[odd.field], "message": odd.message} for odd in found]
