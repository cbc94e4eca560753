"""The admin of quiz questions: the list, a question's own page, and the pages where it is written and reviewed."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.basis import cited_texts
from content.basis.admin import citation_picker
from content.basis.admin.law_page import LawPageMixin
from content.people import stale_forms
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history
from content.question_banks import policy, queries, services
from content.question_banks.admin import forms
from content.question_banks.admin.filters import BankFilter, QuizStatusFilter, QuizTopicFilter
from content.question_banks.admin.transition_pages import TRANSITION_PAGES
from content.question_banks.models import QuestionBank, QuizQuestion
from content.question_banks.states import TABLE, QuizStatus, QuizTransition
from content.topics.models import Topic


@admin.register(QuizQuestion)
class QuizQuestionAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, LawPageMixin):
    """Quiz questions with the law that each cites. One that a round has used is never edited: it gets a revision."""

    row_name = "question"
    transition_table, transition_pages, transition_policy = TABLE, TRANSITION_PAGES, policy
    confirm_transition, confirm_form = QuizTransition.CONFIRM, forms.QuestionSeenForm
    confirm_service = staticmethod(services.confirm_question)
    law_title = gettext_lazy("Is the question still right?")
    law_unchanged = gettext_lazy("The law that the question cites has not changed since.")
    law_confirmed = gettext_lazy("Confirmed: the question is right under the law of today.")

    list_display = ["shown_key", "shown_text", "shown_kind", "shown_topic", "shown_bank", "shown_status"]
    list_display_links = ["shown_key", "shown_text"]
    list_filter = [BankFilter, QuizStatusFilter, QuizTopicFilter]
    list_per_page = 50
    search_fields = ["key", "text", "source"]
    search_help_text = gettext_lazy("Words of the question, its key, or the source it was imported from.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}
        js = ["staff/questions.js"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("provisions/", wrap(self.provisions_view), name="content_quizquestion_provisions"),
            path("<int:pk>/write/", wrap(self.write_view), name="content_quizquestion_write"),
            path("<int:pk>/law/", wrap(self.law_view), name="content_quizquestion_law"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuizQuestion]:
        return queries.staff_questions()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Write the draft of a new question, or look up provisions without saving anything."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        bank = QuestionBank.objects.filter(key=request.GET.get("bank", "").replace("\0", "")).first()
        form = forms.NewQuestionForm(request.POST or None, initial={"bank": bank, "accents_count": True})
        written: list[QuizQuestion] = []

        def write(seen: str, **columns: Any) -> None:
            written.append(services.write_question(by=staff_user(request), **columns))

        if self._is_sent(request, form) and self._call(request, form, write):
            messages.success(request, _("The draft was saved. Another person approves it."))
            return HttpResponseRedirect(self.row_url(written[0]))
        return self._writing_page(request, form, _("Write a quiz question"), request.POST.getlist("cite"))

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revise a question. One that a round has used stays as it is; the page then shows its next revision."""
        question = self.get_row(request, pk)
        if QuizTransition.REVISE not in policy.available_transitions(request.user, question):
            raise PermissionDenied
        saved = forms.initial_from_question(question)
        form = forms.QuestionForm(request.POST or None, initial=saved)
        written: list[QuizQuestion] = []

        def revise(**columns: Any) -> None:
            written.append(services.revise_question(question, by=staff_user(request), **columns))

        if self._is_sent(request, form) and self._call(request, form, revise):
            messages.success(request, _("The draft was saved. Another person approves it."))
            return HttpResponseRedirect(self.row_url(written[0]))
        if is_stale := stale_forms.is_stale(form):
            question = self.get_row(request, pk)
            saved = forms.initial_from_question(question)
            form.data = request.POST.copy()
            form.data["seen"] = saved["seen"]  # the page shows what is saved now
        ticked = request.POST.getlist("cite") if request.method == "POST" else forms.citations_of(question)
        return self._writing_page(
            request,
            form,
            QuizTransition.REVISE.label,
            ticked,
            question=question,
            is_stale=is_stale,
            saved_meanwhile=stale_forms.saved_beside(form, saved) if is_stale else [],
        )

    def _is_sent(self, request: HttpRequest, form: forms.QuestionForm) -> bool:
        """Whether the form is to be saved, and not only a provision to be looked up."""
        return request.method == "POST" and "find" not in request.POST and form.is_valid()

    def _call(self, request: HttpRequest, form: forms.QuestionForm, service: Any) -> bool:
        chosen = [citation_picker.parse_citation(value) for value in request.POST.getlist("cite")]
        if None in chosen:
            form.add_error(None, _("A cited provision is no longer public. Untick it."))
            return False
        return call_service(form, service, citations=chosen, **form.cleaned_data)

    def _writing_page(
        self, request: HttpRequest, form: forms.QuestionForm, title: Any, ticked: list[str], **context: Any
    ) -> HttpResponse:
        cited = [citation_picker.cited_provision(value) for value in dict.fromkeys(ticked)]
        looked_up = citation_picker.lookup_context(request.POST)
        return self.render_page(request, "write", title, form=form, cited=cited, **looked_up, **context)

    def provisions_view(self, request: HttpRequest) -> HttpResponse:
        """The provisions that the typed text may mean, as part of a page that the script inserts."""
        if not policy.may_write(request.user):
            raise PermissionDenied
        found = citation_picker.lookup_context(request.GET)
        return TemplateResponse(request, "admin/content/_citation_picker.html", found)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A question with its right answer and its law. Nothing is edited here."""
        question = self.get_row(request, object_id)
        available = policy.available_transitions(request.user, question)
        return self.render_page(
            request,
            "question",
            question.key,
            question=question,
            transitions=self.offered_pages(request.user, question),
            may_revise=QuizTransition.REVISE in available,
            may_confirm=QuizTransition.CONFIRM in available,
            choices=question.lettered_choices,
            cited_texts=cited_texts.cited_texts_of(question.basis),
            revisions=queries.revisions_of(question),
            history=audit_history([question.key]),
        )

    def law_context(self, row: QuizQuestion, available: list[Any]) -> dict[str, Any]:
        return {"may_revise": QuizTransition.REVISE in available, "choices": row.lettered_choices}

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        """What an approver reads."""
        return {"choices": row.lettered_choices, "cited_texts": cited_texts.cited_texts_of(row.basis)}

    @admin.display(description=gettext_lazy("Key"), ordering="key")
    def shown_key(self, question: QuizQuestion) -> str:
        return str(question)

    @admin.display(description=gettext_lazy("Text of the question"))
    def shown_text(self, question: QuizQuestion) -> str:
        return Truncator(question.text).chars(120)

    @admin.display(description=gettext_lazy("Kind of question"), ordering="kind")
    def shown_kind(self, question: QuizQuestion) -> str:
        return question.get_kind_display()

    @admin.display(description=gettext_lazy("Topic"), ordering="topic__position")
    def shown_topic(self, question: QuizQuestion) -> str | Topic:
        return question.topic or "—"

    @admin.display(description=gettext_lazy("Question bank"), ordering="bank__name")
    def shown_bank(self, question: QuizQuestion) -> QuestionBank:
        return question.bank

    @admin.display(description=gettext_lazy("Status"), ordering="status")
    def shown_status(self, question: Any) -> str:
        badge = format_html('<span class="badge badge-{}">{}</span>', question.status, question.get_status_display())
        if not question.basis_changed or question.status != QuizStatus.APPROVED:
            return badge
        return format_html('{} <span class="badge badge-warned">{}</span>', badge, _("Law changed"))
