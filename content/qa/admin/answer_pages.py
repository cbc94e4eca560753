"""The pages of an answer: write it with the law it cites, and review it after that law changed."""

from typing import Protocol, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from content.basis import cited_texts
from content.basis.admin import citation_picker
from content.people import stale_forms, transitions
from content.people.admin_mixins import StaffPageMixin, call_service
from content.qa import policy, queries, services
from content.qa.admin import forms
from content.qa.models import Question
from content.qa.states import QuestionStatus, QuestionTransition


class SimilarQuestionSite(Protocol):
    """What these pages ask of the staff site, which may import the search."""

    def similar_questions(self, text: str) -> list[Question]: ...


class AnswerViewsMixin(StaffPageMixin):
    """The pages of a question's answer: write it, and review it after the law it cites changed."""

    def answering_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("provisions/", wrap(self.provisions_view), name="content_question_provisions"),
            path("<int:pk>/answer/", wrap(self.answer_view), name="content_question_answer"),
            path("<int:pk>/law/", wrap(self.law_view), name="content_question_law"),
        ]

    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the draft, submit it for review, or look up provisions without saving anything."""
        question = self.get_row(request, pk)
        if not policy.may(request.user, QuestionTransition.SUBMIT, question):
            raise PermissionDenied
        if question.status != QuestionStatus.ANSWERING:
            messages.error(request, transitions.wrong_status(question, QuestionTransition.SUBMIT).message)
            return HttpResponseRedirect(self.row_url(question))
        ticked = request.POST.getlist("cite")
        if request.method != "POST":
            initial, ticked = _initial_form(question)
            form = forms.AnswerForm(initial=initial)
        else:
            form = forms.AnswerForm(request.POST)
            if "find" not in request.POST and form.is_valid() and self._write(request, question, form, ticked):
                url = self.row_url(question) if "submit" in request.POST else request.path
                return HttpResponseRedirect(url)
        saved, cited_in_saved = _initial_form(question)
        if is_stale := stale_forms.is_stale(form):
            form.data = request.POST.copy()
            form.data["seen"] = saved["seen"]  # the page shows what is saved now
        return self.render_page(
            request,
            "answer",
            _("Answer"),
            question=question,
            form=form,
            is_stale=is_stale,
            saved_meanwhile=stale_forms.saved_beside(form, {"text": saved["text"]}),
            cited_in_saved=[citation_picker.cited_provision(value) for value in cited_in_saved if value not in ticked],
            cited=[citation_picker.cited_provision(value) for value in dict.fromkeys(ticked)],
            similar=self.similar_questions(question),
            may_read_original=policy.may_read_original(request.user),
            **citation_picker.lookup_context(request.POST),
        )

    def _write(self, request: HttpRequest, question: Question, form: forms.AnswerForm, ticked: list[str]) -> bool:
        """Save the draft, and submit it if that was asked. False if a rule forbids it: the form shows which."""
        chosen = [citation_picker.parse_citation(value) for value in ticked]
        if None in chosen:
            form.add_error(None, _("A cited provision is no longer public. Untick it."))
            return False
        data = form.cleaned_data | {"citations": chosen}
        if not call_service(form, services.save_draft, question, by=request.user, **data):
            return False
        if "submit" not in request.POST:
            messages.success(request, _("The draft was saved. Only staff can read it."))
            return True
        is_done = call_service(form, services.submit_for_review, question, by=request.user)
        if is_done:
            messages.success(request, _("Submitted for review. Another person approves it."))
        return is_done

    def similar_questions(self, question: Question) -> list[Question]:
        """Published questions like this one's public copy; none without one: the original text is not searched."""
        site = cast(SimilarQuestionSite, self.admin_site)
        alike = site.similar_questions(question.public_title) if question.public_title else []
        return [each for each in alike if each.pk != question.pk]

    def provisions_view(self, request: HttpRequest) -> HttpResponse:
        """The provisions that the typed text may mean, as part of a page that the script inserts."""
        if not request.user.has_perm("content.answer_question"):
            raise PermissionDenied
        return TemplateResponse(
            request, "admin/content/_citation_picker.html", citation_picker.lookup_context(request.GET)
        )

    def law_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The current answer beside the law as it was read and as it is now: confirm it, or revise it."""
        question = self.get_row(request, pk)
        answer = queries.current_answer_of(question)
        changes = answer.basis.changes.filter(settled_at=None).select_related("change") if answer else []
        if answer is None or not changes:
            messages.info(request, _("The law that the answer cites has not changed since."))
            return HttpResponseRedirect(self.row_url(question))
        if request.method == "POST":
            form = forms.ConfirmForm(request.POST)
            data = form.is_valid() and form.cleaned_data
            if data and call_service(form, services.confirm, question, by=request.user, **data):
                messages.success(request, _("Confirmed: the answer is correct under the law of today."))
                return HttpResponseRedirect(self.row_url(question))
        else:
            form = forms.ConfirmForm(initial={"seen": max(each.pk for each in changes)})
        return self.render_page(
            request,
            "law",
            _("Is the answer still correct?"),
            question=question,
            answer=answer,
            law_changes=[citation_picker.law_change(each) for each in changes],
            cited_texts=cited_texts.cited_texts_of(answer.basis),
            form=form,
            may_confirm=policy.may_confirm(request.user),
            may_revise=QuestionTransition.REVISE in policy.available_transitions(request.user, question),
        )


def _initial_form(question: Question) -> tuple[dict[str, str], list[str]]:
    """(values of the form, ticks) of the draft; without a draft of the current answer, which is revised."""
    answer, seen = (
        queries.draft_of(question) or queries.current_answer_of(question),
        queries.draft_fingerprint(question),
    )
    if answer is None:
        return {"text": "", "seen": seen}, []
    cited = answer.basis.citations.order_by("pk").values_list("document_key", "eid")
    return {"text": answer.text, "seen": seen}, [f"{key}/{eid}" for key, eid in cited]
