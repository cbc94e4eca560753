"""The review screens: a document with its tree, description and history; each act on it confirmed, with its reason."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.documents import provision_queries, queries
from content.documents.models import LegalDocument
from content.editing import services as editing
from content.editing.admin.audit_history import audit_rows_of
from content.editing.admin.descriptions import labelled_description, record_of_description
from content.editing.admin.draft_views import labelled_odd_dates
from content.editing.admin.forms import TransitionForm
from content.editing.preview import preview_of_text
from content.errors import RuleBroken
from content.publishing import document_text, policy, services, states


@dataclass(frozen=True)
class TransitionPage:
    """One of policy.acts_on that is done on a page of its own. `does` is the verb, `name` its button."""

    does: object
    name: Promise
    done: Promise
    explanation: Promise
    wants_reason: bool = False
    may_notify: bool = False
    notify: bool = False  # whether telling followers is ticked to begin with
    reason_help: Promise | str = ""


TRANSITION_PAGES = {
    "submit_for_review": TransitionPage(
        editing.submit_for_review,
        _lazy("Submit for review"),
        _lazy("Submitted for review."),
        _lazy("Somebody else reads it then and publishes it, or returns it to you."),
    ),
    "return_to_draft": TransitionPage(
        editing.return_to_draft,
        _lazy("Return to draft"),
        _lazy("Returned to draft."),
        _lazy("It goes back to be written on. Say what is missing."),
        wants_reason=True,
    ),
    "publish": TransitionPage(
        services.publish,
        _lazy("Publish"),
        _lazy("Published."),
        _lazy("Everybody can read it from now on, at a permanent address."),
        may_notify=True,
        notify=True,
    ),
    "withdraw": TransitionPage(
        editing.withdraw_document,
        _lazy("Withdraw"),
        _lazy("Withdrawn."),
        _lazy(
            "Nobody can read it any more. Its address stays and shows the reason. What it amended reads again as before"
            " it. This cannot be undone."
        ),
        wants_reason=True,
        may_notify=True,
        reason_help=_lazy("Public: everybody who opens its address reads this."),
    ),
}


class ReviewViews:
    """Part of the desk's admin of documents."""

    def reviewing_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/act/<slug:act>/", wrap(self.act_view), name="content_legaldocument_act"),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A document as it stands: nothing is edited here, acts lead to pages of their own."""
        document = self._document(object_id)
        if not policy.may_read(request.user):
            raise PermissionDenied
        text = "".join(provision_queries.imported_texts(document).values())
        description = queries.described_fields(document)
        shown = preview_of_text(
            text, document_text.text_of_partial_document(document).structure if document.is_partial else None
        )
        parsed = {warning.code for warning in shown.warnings}
        acts = policy.available_transitions(request.user, document)
        return self._page(
            request,
            "document",
            document.title,
            document=document,
            preview=shown,
            description=labelled_description(description),
            odd_dates=labelled_odd_dates(record_of_description(description)),
            other_warnings=[each for each in document.warnings if each["code"] not in parsed],
            acts=[(act, TRANSITION_PAGES[act].name) for act in acts if act in TRANSITION_PAGES],
            may_rewrite="draft" in acts or "correct" in acts,
            proposal=document.revisions.filter(proposed_at__isnull=False).select_related("by").first(),
            history=audit_rows_of(document),
        )

    def history_view(self, request, object_id, extra_context=None):
        """The history stands on the document's page."""
        return HttpResponseRedirect(
            reverse("admin:content_legaldocument_change", args=[self._document(object_id).pk]) + "#history"
        )

    def act_view(self, request, pk, act):
        """Confirm an act, with its reason."""
        if act not in TRANSITION_PAGES:
            raise Http404
        document = self._document(pk)
        if not policy.may_perform(request.user, act, document):
            raise PermissionDenied
        how, there = TRANSITION_PAGES[act], reverse("admin:content_legaldocument_change", args=[pk])
        if request.method != "POST" and not states.is_transition_allowed(document, act):
            messages.error(request, _("The document is «%s»: that cannot be done now.") % document.get_status_display())
            return HttpResponseRedirect(there)
        form = TransitionForm(
            request.POST if request.method == "POST" else None,
            wants_reason=how.wants_reason,
            may_notify=how.may_notify,
            reason_help=how.reason_help,
            initial={"seen": document.updated_at.isoformat(), "notify": how.notify},
        )
        if form.is_valid():
            try:
                how.does(document, by=request.user, **_service_arguments(form))
            except RuleBroken as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, how.done)
            return HttpResponseRedirect(there)
        record = record_of_description(queries.described_fields(document))
        return self._page(
            request,
            "transition",
            how.name,
            document=document,
            act=how,
            form=form,
            odd_dates=labelled_odd_dates(record),
            back=there,
        )

    def _document(self, pk):
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(LegalDocument.objects.select_related("issuer"), pk=pk)


def _service_arguments(form):
    """What the act's verb takes of the form."""
    taken = {"reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"]}
    return taken | ({"notify": form.cleaned_data["notify"]} if "notify" in form.fields else {})
