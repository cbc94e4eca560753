"""The page of a correction: what it changes, before it is proposed, confirmed or handed back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.documents import comparison, manuscripts, policy, queries, wording
from content.documents.desk.describing import in_words
from content.documents.desk.drafting import odd_dates
from content.documents.desk.forms import ActForm
from content.documents.models import Manuscript
from content.documents.preview import preview
from content.errors import RuleBroken


class Correcting:
    """Part of the desk's admin of documents."""

    def correcting_urls(self):
        page = self.admin_site.admin_view(self.correction_view)
        return [path("corrections/<int:pk>/", page, name="content_correction")]

    def correction_view(self, request, pk):
        """What a correction changes, before it is proposed, confirmed or handed back."""
        manuscript = get_object_or_404(Manuscript.objects.select_related("document", "by"), pk=pk)
        document, may = manuscript.document, _may_with(request.user, manuscript)
        if document is None or not document.is_published:
            raise Http404
        if not (policy.may_read(request.user) if manuscript.proposed_at else may):
            raise PermissionDenied
        form = ActForm(
            request.POST if request.method == "POST" else None,
            wants_reason=not manuscript.proposed_at or "hand_back" in request.POST,
            may_notify=not manuscript.proposed_at,
            may_be_of_issuer=not manuscript.proposed_at,
            initial={
                "reason": "" if manuscript.proposed_at else manuscript.reason,
                "notify": manuscript.notify,
                "by_issuer": manuscripts.is_of_issuer(manuscript),
                "seen": manuscript.proposed_at and manuscript.proposed_at.isoformat(),
            },
        )
        if request.method == "POST" and (answer := self._settle(request, manuscript, form, may)):
            return answer
        record, topics = manuscripts.record_of(manuscript), manuscript.topics.all()
        try:
            parsed = manuscripts.wording_of(manuscript).structure
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("admin:content_legaldocument_change", args=[document.pk]))
        return self._page(
            request,
            "correction",
            _("Correction of %s") % document,
            manuscript=manuscript,
            document=document,
            form=form,
            may=may,
            is_of_issuer=manuscripts.is_of_issuer(manuscript),
            of_articles=manuscripts.is_of_articles(manuscript),
            odd_dates=odd_dates(record),
            **_differences(document, record, topics, manuscript.text, parsed),
        )

    def _settle(self, request, manuscript, form, may):
        """Do what was asked with a correction. None where the form says what is wrong."""
        verb = next((name for name in SETTLE if name in request.POST), None)
        if verb not in may:
            raise PermissionDenied
        if not form.is_valid():
            return None
        does, done = SETTLE[verb]
        there = reverse("admin:content_legaldocument_change", args=[manuscript.document_id])
        try:
            does(manuscript, request.user, form.cleaned_data)
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(there)
        messages.success(request, done)
        return HttpResponseRedirect(there)


def _proposing(verb):
    def propose(manuscript, by, given):
        ticks = {name: given.get(name, False) for name in ("notify", "by_issuer")}
        verb(manuscript, by=by, reason=given["reason"], **ticks)

    return propose


def _confirm(manuscript, by, given):
    manuscripts.confirm(manuscript, by=by, seen=given["seen"])


def _hand_back(manuscript, by, given):
    manuscripts.hand_back(manuscript, by=by, reason=given["reason"])


SETTLE = {
    "propose": (
        _proposing(manuscripts.propose),
        _lazy("The correction waits for somebody else to confirm it."),
    ),
    "confirm_alone": (_proposing(manuscripts.propose_and_confirm), _lazy("Corrected.")),
    "confirm": (_confirm, _lazy("Corrected.")),
    "hand_back": (_hand_back, _lazy("Handed back to its author.")),
}


def _may_with(user, manuscript):
    """What this user may do with a correction: names of SETTLE."""
    if not manuscript.proposed_at:
        own = manuscript.by == user and policy.may_write(user)
        return (["propose"] if own else []) + (["confirm_alone"] if own and policy.may_publish_alone(user) else [])
    may = ["confirm"] if policy.may_publish(user) and policy.is_second_pair(user, [manuscript.by]) else []
    return may + (["hand_back"] if policy.may_publish(user) or manuscript.by == user else [])


def _differences(document, record, topics, text, parsed):
    """What the correction changes: `fields` with labels, `units` with names and pieces."""
    standing, shown = queries.own_texts(document), preview(text, parsed)
    before = preview("".join(standing.values()), wording.standing(document).structure if document.is_partial else None)
    names = before.names | shown.names
    before = in_words(queries.description(document))
    after = in_words(manuscripts.description_of(record, topics))
    same = text == "".join(standing.values())  # single articles read as one text give other units
    units = [] if same else comparison.of_units(standing, shown.texts)
    return {
        "fields": [
            {"label": label, "before": old, "after": new}
            for (label, old), (_label, new) in zip(before, after, strict=True)
            if old != new
        ],
        "units": [{"name": names.get(change.eid, change.eid), "change": change} for change in units],
    }
