"""The page of a correction: it shows what changes, and the correction is proposed, confirmed or returned there."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.diff import word_diff
from content.documents import provision_queries, queries
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.editing import revisions
from content.editing.admin.descriptions import labelled_description
from content.editing.admin.draft_views import labelled_odd_dates
from content.editing.admin.forms import TransitionForm
from content.editing.admin.pages import DocumentPages
from content.editing.admin.warnings import lined_notices
from content.editing.models import Revision
from content.editing.preview import preview_of_text
from content.errors import RuleBroken
from content.parsing import Structure
from content.people.admin_mixins import staff_user
from content.people.models import User
from content.publishing import corrections, document_text, policy
from content.topics.models import Topic


class CorrectionViews(DocumentPages):
    """The correction page, a part of DocumentAdmin."""

    def correction_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.correction_view)
        return [path("corrections/<int:pk>/", page, name="content_correction")]

    def correction_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a correction changes, and propose, confirm or return it."""
        revision = get_object_or_404(Revision.objects.select_related("document", "by"), pk=pk)
        document, may = revision.document, _available_actions(staff_user(request), revision)
        if document is None or not document.is_published:
            raise Http404
        if not (policy.may_read(request.user) if revision.proposed_at else may):
            raise PermissionDenied
        parsed = _structure_or_refusal(revision)
        heavy = [] if isinstance(parsed, RuleBroken) else revisions.heavy_notices_of(revision, parsed.warnings)
        files = list(queries.public_original_files(document).values_list("name", flat=True))
        form = TransitionForm(
            request.POST if request.method == "POST" else None,
            wants_reason=not revision.proposed_at or "return_to_author" in request.POST,
            may_notify=not revision.proposed_at,
            may_be_of_issuer=not revision.proposed_at,
            may_delete_files=bool(files) and not revision.proposed_at,
            heavy=heavy if PUBLISHING_ACTIONS & set(may) else (),
            must_accept=any(name in request.POST for name in PUBLISHING_ACTIONS),
            initial={
                "reason": "" if revision.proposed_at else revision.reason,
                "notify": revision.notify,
                "by_issuer": revisions.is_correction_by_issuer(revision),
                "delete_files": revisions.deletes_files(revision),
                "seen": revision.proposed_at and revision.proposed_at.isoformat(),
            },
        )
        if request.method == "POST" and (answer := self._settle(request, revision, form, may)):
            return answer
        if isinstance(parsed, RuleBroken):
            messages.error(request, parsed.message)
            return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[document.pk]))
        record, topics = revisions.record_of_revision(revision), revision.topics.all()
        return self._page(
            request,
            "correction",
            _("Correction of %s") % document,
            revision=revision,
            document=document,
            form=form,
            may=may,
            is_of_issuer=revisions.is_correction_by_issuer(revision),
            files=files,
            deletes_files=revisions.deletes_files(revision),
            of_articles=revisions.holds_articles_only(revision),
            odd_dates=labelled_odd_dates(record),
            heavy=lined_notices(heavy, revision.text),
            **_differences(document, record, topics, revision.text, parsed),
        )

    def _settle(
        self, request: HttpRequest, revision: Revision, form: TransitionForm, may: Collection[str]
    ) -> HttpResponse | None:
        """Do what was asked with a correction. None if the form has errors."""
        action = next((name for name in CORRECTION_ACTIONS if name in request.POST), None)
        if action is None or action not in may:
            raise PermissionDenied
        if not form.is_valid():
            return None
        service, done = CORRECTION_ACTIONS[action]
        there = reverse("admin:content_legaldocument_change", args=[revision.document_id])
        try:
            service(revision, staff_user(request), form.cleaned_data)
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(there)
        messages.success(request, done)
        return HttpResponseRedirect(there)


def _structure_or_refusal(revision: Revision) -> Structure | RuleBroken:
    """The structure of its text, or why it has none: it can still be returned then."""
    try:
        return revisions.text_of_revision(revision).structure
    except RuleBroken as refusal:
        return refusal


def _propose_with(service: Callable[..., object]) -> Callable[[Revision, User, Mapping[str, Any]], None]:
    def propose(revision: Revision, by: User, given: Mapping[str, Any]) -> None:
        ticks = {name: given.get(name, False) for name in ("notify", "by_issuer", "delete_files")}
        service(revision, by=by, reason=given["reason"], **ticks)

    return propose


def _confirm_alone(revision: Revision, by: User, given: Mapping[str, Any]) -> None:
    accepting = partial(revisions.propose_and_confirm_correction, accepted=given.get("accepted", ()))
    _propose_with(accepting)(revision, by, given)


def _confirm(revision: Revision, by: User, given: Mapping[str, Any]) -> None:
    revisions.confirm_correction(revision, by=by, seen=given["seen"], accepted=given.get("accepted", ()))


def _return(revision: Revision, by: User, given: Mapping[str, Any]) -> None:
    revisions.return_correction(revision, by=by, reason=given["reason"])


PUBLISHING_ACTIONS = frozenset({"confirm", "confirm_alone"})  # of CORRECTION_ACTIONS
CORRECTION_ACTIONS = {
    "propose": (
        _propose_with(revisions.propose_correction),
        _lazy("Proposed. Somebody else must confirm the correction."),
    ),
    "confirm_alone": (_confirm_alone, _lazy("Corrected.")),
    "confirm": (_confirm, _lazy("Corrected.")),
    "return_to_author": (_return, _lazy("Returned to its author.")),
}


def _available_actions(user: User, revision: Revision) -> list[str]:
    """What this user may do with a correction: keys of CORRECTION_ACTIONS."""
    if not revision.proposed_at:
        own = revision.by == user and policy.may_write(user)
        return (["propose"] if own else []) + (["confirm_alone"] if own and policy.may_publish_alone(user) else [])
    may = ["confirm"] if policy.may_publish(user) and policy.is_second_reader(user, [revision.by]) else []
    return may + (["return_to_author"] if policy.may_publish(user) or revision.by == user else [])


def _differences(
    document: LegalDocument, record: DocumentRecord, topics: Iterable[Topic], text: str, parsed: Structure
) -> dict[str, Any]:
    """What the correction changes: `fields` with labels, `units` with names and words."""
    stored_texts, shown = provision_queries.imported_texts(document), preview_of_text(text, parsed)
    before = preview_of_text(
        "".join(stored_texts.values()),
        document_text.text_of_partial_document(document).structure if document.is_partial else None,
    )
    names = before.names | shown.names
    published = labelled_description(queries.described_fields(document))
    corrected = labelled_description(revisions.description_of_record(record, topics))
    same = text == "".join(
        stored_texts.values()
    )  # articles of a partial document, read as one text, would give other units
    units = [] if same else corrections.unit_changes(stored_texts, shown.texts)
    return {
        "fields": [
            {"label": label, "before": old, "after": new}
            for (label, old), (_label, new) in zip(published, corrected, strict=True)
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
