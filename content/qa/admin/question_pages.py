"""A question's own page, the acts on it, and the page where the public copy is made beside what was asked."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from content.basis import cited_texts
from content.people import personal_data
from content.qa import policy, queries, services, states
from content.qa.admin import forms, transition_pages
from content.qa.admin.history import question_history
from content.qa.admin.service_calls import call_service
from content.qa.states import QuestionTransition


@dataclass(frozen=True)
class RedactionProposal:
    """Something the redactor found: its place, the words, and whether it is hidden."""

    value: str  # «text:3»
    words: str
    kind: Promise
    is_never: bool  # never published, whatever a person decides
    is_hidden: bool


class QuestionViewsMixin:
    """Part of the desk's admin of questions."""

    def handling_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/act/<slug:name>/", wrap(self.act_view), name="content_question_act"),
            path("<int:pk>/original/", wrap(self.original_view), name="content_question_original"),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A question as it stands; nothing is edited here, acts lead to pages of their own."""
        question, user = self._question(request, object_id), request.user
        draft, standing = queries.draft_of(question), queries.current_answer_of(question)
        doubts = standing.basis.changes.filter(settled_at=None).exists() if standing else False
        return self._page(
            request,
            "question",
            question.key,
            question=question,
            acts=transition_pages.offered_pages(user, question),
            may_write=policy.may_write(user, question),
            may_read_original=policy.may_read_original(user),
            may_confirm=doubts and policy.may_confirm(user),
            days_left=queries.working_days_left(question),
            answers=[(answer, cited_texts.cited_texts_of(answer.basis)) for answer in (draft, standing) if answer],
            doubts=doubts,
            reports=question.reports.filter(resolved_at=None).select_related("claimed_by"),
            history=question_history(question),
        )

    def history_view(self, request, object_id, extra_context=None):
        """The history stands on the question's page."""
        return HttpResponseRedirect(self._there(self._question(request, object_id)) + "#history")

    def act_view(self, request, pk, name):
        """Do an act, after asking what it needs."""
        if name not in transition_pages.TRANSITION_PAGES:
            raise Http404
        question, act = self._question(request, pk), transition_pages.TRANSITION_PAGES[name]
        if not transition_pages.may_open(request.user, name, question):
            raise PermissionDenied
        posted = request.method == "POST"
        if not posted and name in QuestionTransition and not states.permits(question, name):
            messages.error(request, _("The question is «%s»: that cannot be done now.") % question.get_status_display())
            return HttpResponseRedirect(self._there(question))
        form = act.form(request.POST if posted else None, question=question)
        if posted and form.is_valid() and call_service(form, act.does, question, by=request.user, **form.arguments()):
            messages.success(request, act.done)
            return HttpResponseRedirect(self._there(question))
        similar = self._similar(question) if name == QuestionTransition.MERGE else []
        draft = queries.draft_of(question) if name == QuestionTransition.APPROVE else None
        answers = [(draft, cited_texts.cited_texts_of(draft.basis))] if draft else []
        shown = {"question": question, "act": act, "form": form, "similar": similar, "answers": answers}
        return self._page(request, "transition", act.name, **shown)

    def original_view(self, request, pk):
        """GET asks; a POST reads the question as it was asked, noted each time, and may set the public copy."""
        question = self._question(request, pk)
        if not policy.may_read_original(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, "unread", _("As it was asked"), question=question)
        form = forms.RedactForm(request.POST if "confirm" in request.POST else None)
        papers = form.is_valid() and form.cleaned_data
        if papers and call_service(form, services.redact, question, by=request.user, **papers):
            messages.success(request, _("This is the public copy now."))
            return HttpResponseRedirect(self._there(question))
        title, text = services.read_original(question, by=request.user)
        hidden = set(request.POST.getlist("hide")) if "sifted" in request.POST else None
        proposed, proposals, marked = {}, [], {}
        for field, words in (("title", title), ("text", text)):
            found = personal_data.find_personal_data(words)
            own = [_redaction_proposal(field, place, words, each, hidden) for place, each in enumerate(found)]
            chosen = [each for each, proposal in zip(found, own, strict=True) if proposal.is_hidden]
            proposed[field] = personal_data.redacted_text(words, chosen)
            proposals += own
            marked[field] = list(_marked_pieces(words, found))
        if not form.is_bound:
            made = {"title": question.public_title, "text": question.public_text}
            fresh = "propose" in request.POST or not question.public_title
            form = forms.RedactForm(initial=proposed if fresh else made)
        return self._page(
            request, "original", _("As it was asked"), question=question, form=form, proposals=proposals, marked=marked
        )

    def _similar(self, question):
        """Published questions like this one's public copy; none before there is one: nobody has read it yet."""
        alike = self.admin_site.similar_questions(question.public_title) if question.public_title else []
        return [each for each in alike if each.pk != question.pk]

    def _question(self, request, pk):
        if not policy.may_see(request.user):
            raise PermissionDenied
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(queries.staff_questions(), pk=pk)

    def _there(self, question):
        return reverse("admin:content_question_change", args=[question.pk])

    def _page(self, request, name, title, **shown):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        return TemplateResponse(request, f"admin/content/question/{name}.html", context | shown)


def _redaction_proposal(field, place, words, finding, hidden):
    value, is_never = f"{field}:{place}", finding.kind in personal_data.NEVER_PUBLISHED
    is_hidden = is_never or hidden is None or value in hidden
    return RedactionProposal(value, words[finding.start : finding.end], finding.kind.label, is_never, is_hidden)


def _marked_pieces(words, found):
    """[(words, kind)] in order; the kind is empty where nothing was found."""
    at = 0
    for finding in found:
        yield words[at : finding.start], ""
        yield words[finding.start : finding.end], finding.kind.label
        at = finding.end
    yield words[at:], ""
