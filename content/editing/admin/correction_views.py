"""The page of a correction: what it changes, before it is proposed, confirmed or handed back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.documents import provision_queries, queries
from content.documents.diff import word_diff
from content.editing import revisions
from content.editing.admin.descriptions import labelled_description
from content.editing.admin.draft_views import labelled_odd_dates
from content.editing.admin.forms import TransitionForm
from content.editing.models import Revision
from content.editing.preview import preview_of_text
from content.errors import RuleBroken
from content.publishing import corrections, document_text, policy


class CorrectionViews:
    """Part of the desk's admin of documents."""

    def correcting_urls(self):
        page = self.admin_site.admin_view(self.correction_view)
        return [path("corrections/<int:pk>/", page, name="content_correction")]

    def correction_view(self, request, pk):
        """What a correction changes, before it is proposed, confirmed or handed back."""
        revision = get_object_or_404(Revision.objects.select_related("document", "by"), pk=pk)
        document, may = revision.document, _available_actions(request.user, revision)
        if document is None or not document.is_published:
            raise Http404
        if not (policy.may_read(request.user) if revision.proposed_at else may):
            raise PermissionDenied
        form = TransitionForm(
            request.POST if request.method == "POST" else None,
            wants_reason=not revision.proposed_at or "hand_back" in request.POST,
            may_notify=not revision.proposed_at,
            may_be_of_issuer=not revision.proposed_at,
            initial={
                "reason": "" if revision.proposed_at else revision.reason,
                "notify": revision.notify,
                "by_issuer": revisions.is_correction_by_issuer(revision),
                "seen": revision.proposed_at and revision.proposed_at.isoformat(),
            },
        )
        if request.method == "POST" and (answer := self._settle(request, revision, form, may)):
            return answer
        record, topics = revisions.record_of_revision(revision), revision.topics.all()
        try:
            parsed = revisions.text_of_revision(revision).structure
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[document.pk]))
        return self._page(
            request,
            "correction",
            _("Correction of %s") % document,
            revision=revision,
            document=document,
            form=form,
            may=may,
            is_of_issuer=revisions.is_correction_by_issuer(revision),
            of_articles=revisions.holds_articles_only(revision),
            odd_dates=labelled_odd_dates(record),
            **_differences(document, record, topics, revision.text, parsed),
        )

    def _settle(self, request, revision, form, may):
        """Do what was asked with a correction. None where the form says what is wrong."""
        verb = next((name for name in CORRECTION_ACTIONS if name in request.POST), None)
        if verb not in may:
            raise PermissionDenied
        if not form.is_valid():
            return None
        does, done = CORRECTION_ACTIONS[verb]
        there = reverse("admin:content_legaldocument_change", args=[revision.document_id])
        try:
            does(revision, request.user, form.cleaned_data)
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(there)
        messages.success(request, done)
        return HttpResponseRedirect(there)


def _propose_with(verb):
    def propose(revision, by, given):
        ticks = {name: given.get(name, False) for name in ("notify", "by_issuer")}
        verb(revision, by=by, reason=given["reason"], **ticks)

    return propose


def _confirm(revision, by, given):
    revisions.confirm_correction(revision, by=by, seen=given["seen"])


def _return(revision, by, given):
    revisions.return_correction(revision, by=by, reason=given["reason"])


CORRECTION_ACTIONS = {
    "propose": (
        _propose_with(revisions.propose_correction),
        _lazy("The correction waits for somebody else to confirm it."),
    ),
    "confirm_alone": (_propose_with(revisions.propose_and_confirm_correction), _lazy("Corrected.")),
    "confirm": (_confirm, _lazy("Corrected.")),
    "hand_back": (_return, _lazy("Handed back to its author.")),
}


def _available_actions(user, revision):
    """What this user may do with a correction: names of SETTLE."""
    if not revision.proposed_at:
        own = revision.by == user and policy.may_write(user)
        return (["propose"] if own else []) + (["confirm_alone"] if own and policy.may_publish_alone(user) else [])
    may = ["confirm"] if policy.may_publish(user) and policy.is_second_reader(user, [revision.by]) else []
    return may + (["hand_back"] if policy.may_publish(user) or revision.by == user else [])


def _differences(document, record, topics, text, parsed):
    """What the correction changes: `fields` with labels, `units` with names and words."""
    standing, shown = provision_queries.imported_texts(document), preview_of_text(text, parsed)
    before = preview_of_text(
        "".join(standing.values()),
        document_text.text_of_partial_document(document).structure if document.is_partial else None,
    )
    names = before.names | shown.names
    before = labelled_description(queries.described_fields(document))
    after = labelled_description(revisions.description_of_record(record, topics))
    same = text == "".join(standing.values())  # single articles read as one text give other units
    units = [] if same else corrections.unit_changes(standing, shown.texts)
    return {
        "fields": [
            {"label": label, "before": old, "after": new}
            for (label, old), (_label, new) in zip(before, after, strict=True)
            if old != new
        ],
        "units": [
            {
                "name": names.get(change.eid, change.eid),
                "change": change,
                "words": word_diff(change.before, change.after),
            }
            for change in units
        ],
    }
