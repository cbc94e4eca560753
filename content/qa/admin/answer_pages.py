"""Where an answer is written, with the law it cites as it stands today; where it is looked at when the law moved."""

import datetime
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content import vietnam_time
from content.basis import cited_texts
from content.changes import event_types
from content.documents import citations, lookup
from content.documents import queries as documents
from content.documents.models import StatusEvent
from content.qa import policy, queries, services
from content.qa.admin import forms
from content.qa.admin.service_calls import call_service
from content.qa.states import QuestionStatus, QuestionTransition

CHANGE_LABELS = {  # what happened to the law, by the day-book
    event_types.DOCUMENT_AMENDED: gettext_lazy("It was amended"),
    event_types.DOCUMENT_CORRECTED: gettext_lazy("Our copy of it was corrected"),
    event_types.DOCUMENT_WITHDRAWN: gettext_lazy("We took our copy of it back"),
    event_types.AMENDMENT_WITHDRAWN: gettext_lazy("An amendment had been entered wrongly"),
    event_types.STATUS_ENTERED: gettext_lazy("Something became known of its effect"),
    event_types.STATUS_CHANGED: gettext_lazy("Its effect changed"),
}


@dataclass(frozen=True)
class CitedProvision:
    """A provision that is ticked: what the form sends, and what it says today."""

    value: str  # «luat-2024-31-2024-qh15/art_6»
    words: str
    rows: list = field(default_factory=list)
    is_there: bool = True


class AnswerViewsMixin:
    """Part of the desk's admin of questions."""

    def answering_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("provisions/", wrap(self.provisions_view), name="content_question_provisions"),
            path("<int:pk>/answer/", wrap(self.answer_view), name="content_question_answer"),
            path("<int:pk>/law/", wrap(self.law_view), name="content_question_law"),
        ]

    def answer_view(self, request, pk):
        """Write the draft; look up provisions without keeping anything; hand it in."""
        question = self._question(request, pk)
        if not policy.may(request.user, QuestionTransition.SUBMIT, question):
            raise PermissionDenied
        if question.status != QuestionStatus.ANSWERING:
            messages.error(request, _("The question is «%s»: that cannot be done now.") % question.get_status_display())
            return HttpResponseRedirect(self._there(question))
        ticked = request.POST.getlist("cite")
        if request.method != "POST":
            form, ticked = _initial_form(question)
        else:
            form = forms.AnswerForm(request.POST)
            if "find" not in request.POST and form.is_valid() and self._write(request, question, form, ticked):
                there = self._there(question) if "submit" in request.POST else request.path
                return HttpResponseRedirect(there)
        return self._page(
            request,
            "answer",
            _("Answer"),
            question=question,
            form=form,
            cited=[_cited_provision(value) for value in dict.fromkeys(ticked)],
            similar=self._similar(question),
            may_read_original=policy.may_read_original(request.user),
            **_lookup_context(request.POST),
        )

    def _write(self, request, question, form, ticked):
        """Keep the draft, and hand it in where that was asked. False where a rule forbids it: the form says why."""
        chosen = [_parse_citation(value) for value in ticked]
        if None in chosen:
            form.add_error(None, _("A provision that is cited is not public any more."))
            return False
        papers = {"text": form.cleaned_data["text"], "citations": chosen}
        if not call_service(form, services.save_draft, question, by=request.user, **papers):
            return False
        if "submit" not in request.POST:
            messages.success(request, _("Kept. Nobody but staff can read it."))
            return True
        done = call_service(form, services.submit_for_review, question, by=request.user)
        if done:
            messages.success(request, _("Handed in: somebody else reads it and approves it."))
        return done

    def provisions_view(self, request):
        """The provisions that what was typed may mean, as part of a page: the script puts it into the form."""
        if not request.user.has_perm("content.answer_question"):
            raise PermissionDenied
        return TemplateResponse(request, "admin/content/question/_provisions.html", _lookup_context(request.GET))

    def law_view(self, request, pk):
        """The standing answer beside the law as it was read and as it reads now: confirm it, or revise it."""
        question = self._question(request, pk)
        answer = queries.current_answer_of(question)
        changes = answer.basis.changes.filter(settled_at=None).select_related("change") if answer else []
        if not changes:
            messages.info(request, _("Nothing the answer cites has changed since."))
            return HttpResponseRedirect(self._there(question))
        if request.method == "POST":
            form = forms.ConfirmForm(request.POST)
            papers = form.is_valid() and form.cleaned_data
            if papers and call_service(form, services.confirm, question, by=request.user, **papers):
                messages.success(request, _("Confirmed: the answer holds under the law of today."))
                return HttpResponseRedirect(self._there(question))
        else:
            form = forms.ConfirmForm(initial={"seen": max(each.pk for each in changes)})
        return self._page(
            request,
            "law",
            _("Does the answer still hold?"),
            question=question,
            answer=answer,
            causes=[_change_context(each) for each in changes],
            readings=cited_texts.cited_texts_of(answer.basis),
            form=form,
            may_confirm=policy.may_confirm(request.user),
            may_revise=QuestionTransition.REVISE in policy.transitions_for(request.user, question),
        )


def _initial_form(question):
    """(form, ticks) of the draft; without one of the standing answer, which is to be revised."""
    answer = queries.draft_of(question) or queries.current_answer_of(question)
    if answer is None:
        return forms.AnswerForm(), []
    cited = answer.basis.citations.order_by("pk").values_list("document_key", "eid")
    return forms.AnswerForm(initial={"text": answer.text}), [f"{key}/{eid}" for key, eid in cited]


def _parse_citation(value):
    """(LegalDocument, eid) of a tick, None where the document is not public."""
    key, _slash, eid = value.replace("\0", "").partition("/")
    document = documents.public_documents().filter(key=key).first()
    return document and (document, eid)


def _cited_provision(value):
    pair = _parse_citation(value)
    if pair is None:
        return CitedProvision(value, value, is_there=False)
    document, eid = pair
    if not eid:
        return CitedProvision(value, citations.cite_document(document))
    rows = lookup.citable_units(document, eid, vietnam_time.today())
    return CitedProvision(value, rows[0].words if rows else value, rows, is_there=bool(rows))


def _lookup_context(given):
    """What the picker shows for what was typed and chosen in it; `found` is None where nothing was asked."""
    typed = given.get("typed", "").strip()
    if not typed:
        return {"typed": "", "found": None}
    same = given.get("looked_up") == typed  # else what was chosen belongs to something typed before
    chosen = {"document_key": given.get("document", ""), "eid": given.get("article", "")} if same else {}
    return {"typed": typed, "found": lookup.look_up(typed, vietnam_time.today(), **chosen)}


def _change_context(noted):
    """A change of the cited law in words: what, by which act, from which day."""
    facts = noted.change.facts
    return {
        "noted": noted,
        "what": CHANGE_LABELS.get(noted.change.event_type, noted.change.event_type),
        "document": facts.get("citation") or " ".join(filter(None, [facts.get("number"), facts.get("title")])),
        "act": (facts.get("act") or {}).get("citation", ""),
        "on": facts.get("on") and datetime.date.fromisoformat(facts["on"]),
        "events": [StatusEvent.Kind(event["kind"]).label for event in facts.get("events", [])],
    }
