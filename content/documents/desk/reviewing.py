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

from content.documents import editing, policy, queries, services, states, wording
from content.documents.desk.describing import in_words, record_of
from content.documents.desk.drafting import odd_dates
from content.documents.desk.forms import ActForm
from content.documents.desk.history import history
from content.documents.models import LegalDocument
from content.documents.preview import preview
from content.errors import RuleBroken


@dataclass(frozen=True)
class Act:
    """One of policy.acts_on that is done on a page of its own. `does` is the verb, `name` its button."""

    does: object
    name: Promise
    done: Promise
    explanation: Promise
    wants_reason: bool = False
    may_notify: bool = False
    notify: bool = False  # whether telling followers is ticked to begin with
    reason_help: Promise | str = ""


ACTS = {
    "submit_for_review": Act(
        editing.submit_for_review,
        _lazy("Submit for review"),
        _lazy("Submitted for review."),
        _lazy("Somebody else reads it then and publishes it, or returns it to you."),
    ),
    "return_to_draft": Act(
        editing.return_to_draft,
        _lazy("Return to draft"),
        _lazy("Returned to draft."),
        _lazy("It goes back to be written on. Say what is missing."),
        wants_reason=True,
    ),
    "publish": Act(
        services.publish,
        _lazy("Publish"),
        _lazy("Published."),
        _lazy("Everybody can read it from now on, at a permanent address."),
        may_notify=True,
        notify=True,
    ),
    "withdraw": Act(
        editing.withdraw,
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


class Reviewing:
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
        text = "".join(queries.own_texts(document).values())
        description = queries.description(document)
        shown = preview(text, wording.standing(document).structure if document.is_partial else None)
        parsed = {warning.code for warning in shown.warnings}
        acts = policy.acts_on(request.user, document)
        return self._page(
            request,
            "document",
            document.title,
            document=document,
            preview=shown,
            description=in_words(description),
            odd_dates=odd_dates(record_of(description)),
            other_warnings=[each for each in document.warnings if each["code"] not in parsed],
            acts=[(act, ACTS[act].name) for act in acts if act in ACTS],
            may_rewrite="draft" in acts or "correct" in acts,
            proposal=document.manuscripts.filter(proposed_at__isnull=False).select_related("by").first(),
            history=history(document),
        )

    def history_view(self, request, object_id, extra_context=None):
        """The history stands on the document's page."""
        return HttpResponseRedirect(
            reverse("admin:content_legaldocument_change", args=[self._document(object_id).pk]) + "#history"
        )

    def act_view(self, request, pk, act):
        """Confirm an act, with its reason."""
        if act not in ACTS:
            raise Http404
        document = self._document(pk)
        if not policy.may(request.user, act, document):
            raise PermissionDenied
        how, there = ACTS[act], reverse("admin:content_legaldocument_change", args=[pk])
        if request.method != "POST" and not states.permits(document, act):
            messages.error(request, _("The document is «%s»: that cannot be done now.") % document.get_state_display())
            return HttpResponseRedirect(there)
        form = ActForm(
            request.POST if request.method == "POST" else None,
            wants_reason=how.wants_reason,
            may_notify=how.may_notify,
            reason_help=how.reason_help,
            initial={"seen": document.updated_at.isoformat(), "notify": how.notify},
        )
        if form.is_valid():
            try:
                how.does(document, by=request.user, **_arguments(form))
            except RuleBroken as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, how.done)
            return HttpResponseRedirect(there)
        record = record_of(queries.description(document))
        return self._page(
            request, "act", how.name, document=document, act=how, form=form, odd_dates=odd_dates(record), back=there
        )

    def _document(self, pk):
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(LegalDocument.objects.select_related("issuer"), pk=pk)


def _arguments(form):
    """What the act's verb takes of the form."""
    taken = {"reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"]}
    return taken | ({"notify": form.cleaned_data["notify"]} if "notify" in form.fields else {})
