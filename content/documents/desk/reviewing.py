"""The review screens: a document with its tree, description and history; each act on it confirmed, with its reason."""

import datetime
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.documents import comparison, editing, manuscripts, policy, queries, services, states, wording
from content.documents.desk.drafting import odd_dates
from content.documents.desk.forms import LABELS, ActForm
from content.documents.desk.history import history
from content.documents.models import DocType, LegalDocument, Manuscript
from content.documents.preview import preview
from content.documents.records import DocumentRecord
from content.errors import RuleBroken
from content.topics.models import Topic


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
        _lazy("Nobody can read it any more. Its address stays and shows the reason. This cannot be undone."),
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
            path("corrections/<int:pk>/", wrap(self.correction_view), name="content_correction"),
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
            description=_in_words(description),
            odd_dates=odd_dates(_record(description)),
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
        record = _record(queries.description(document))
        return self._page(
            request, "act", how.name, document=document, act=how, form=form, odd_dates=odd_dates(record), back=there
        )

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
            initial={
                "reason": "" if manuscript.proposed_at else manuscript.reason,
                "notify": manuscript.notify,
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

    def _document(self, pk):
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(LegalDocument.objects.select_related("issuer"), pk=pk)


def _proposing(verb):
    def propose(manuscript, by, given):
        verb(manuscript, by=by, reason=given["reason"], notify=given.get("notify", False))

    return propose


def _confirm(manuscript, by, given):
    manuscripts.confirm(manuscript, by=by, seen=_moment(given["seen"]))


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


def _arguments(form):
    """What the act's verb takes of the form."""
    taken = {"reason": form.cleaned_data["reason"], "seen": _moment(form.cleaned_data["seen"])}
    return taken | ({"notify": form.cleaned_data["notify"]} if "notify" in form.fields else {})


def _moment(text):
    """When what was read was last changed; what is no moment is one at which nothing was."""
    never = datetime.datetime.fromtimestamp(0, tz=datetime.UTC)
    try:
        return parse_datetime(text) or never
    except ValueError:
        return never


def _differences(document, record, topics, text, parsed):
    """What the correction changes: `fields` with labels, `units` with names and pieces."""
    standing, shown = queries.own_texts(document), preview(text, parsed)
    before = preview("".join(standing.values()), wording.standing(document).structure if document.is_partial else None)
    names = before.names | shown.names
    before = _in_words(queries.description(document))
    after = _in_words(manuscripts.description_of(record, topics))
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


def _in_words(description):
    """[(label, value as a person reads it)] of a description."""
    return [(label, _value_in_words(name, description[name])) for name, label in LABELS.items()]


def _value_in_words(name, value):
    if not value:
        return ""
    if name == "doc_type":
        return str(DocType(value).label)
    if name.endswith("_on"):
        return f"{datetime.date.fromisoformat(value):%d/%m/%Y}"
    if name == "topics":
        return "; ".join(str(topic) for topic in Topic.objects.filter(key__in=value.split(", ")))
    return value


def _record(description):
    """A record of a description alone, for what looks at its days."""
    columns = {name: description[name] for name in manuscripts.COLUMNS if name not in manuscripts.DAYS}
    days = {
        name: datetime.date.fromisoformat(description[name]) if description[name] else None for name in manuscripts.DAYS
    }
    return DocumentRecord(**columns, **days, text="")
