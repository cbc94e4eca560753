"""The admin of questions: the list, a question's own page, and the page that makes the public copy."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from content import vietnam_time
from content.basis import cited_texts
from content.deadlines import queries as deadlines
from content.deadlines import working_days
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.models import AnyUser
from content.people.queries import HistoryEntry, audit_history
from content.people.transition_pages import TransitionPage, TransitionViewsMixin
from content.personal_data import redaction
from content.qa import policy, queries, services
from content.qa.admin import forms
from content.qa.admin.answer_pages import AnswerViewsMixin
from content.qa.admin.filters import QuestionStatusFilter, QuestionSubjectFilter, QueueFilter
from content.qa.admin.transition_pages import TRANSITION_PAGES
from content.qa.models import Question
from content.qa.states import TABLE, QuestionTransition
from content.topics.models import Topic


def question_history(question: Question) -> list[HistoryEntry]:
    """Who did what, oldest first: staff from the audit, asker and system from the question's own history."""
    audited = [HistoryEntry(row.at, row.by, row.action_label, row.reason) for row in audit_history([question.key])]
    others = [
        HistoryEntry(
            each.at,
            None,
            each.get_transition_display(),
            each.reason,
            is_askers=each.transition != QuestionTransition.REOPEN,
        )
        for each in question.transitions.filter(by=None)
    ]
    return sorted(audited + others, key=lambda entry: entry.at)


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, AnswerViewsMixin, TransitionViewsMixin):
    """The list of questions, a question's own page and the page of its original text.

    List and page show the public copy alone. Reading the original text is audited.
    """

    row_name = "question"
    transition_table, transition_pages, transition_policy = TABLE, TRANSITION_PAGES, policy

    list_display = ["shown_key", "shown_title", "shown_status", "shown_topic", "shown_due", "shown_answerer"]
    list_display_links = ["shown_key", "shown_title"]
    list_filter = [QueueFilter, QuestionStatusFilter, QuestionSubjectFilter]
    list_per_page = 50
    search_fields = ["key"]  # how: get_search_results
    search_help_text = _("Key, or words of the public copy; accents are optional.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css"]}
        js = ["staff/questions.js"]

    def get_urls(self) -> list[URLPattern]:
        original = self.admin_site.admin_view(self.original_view)
        return [
            path("<int:pk>/original/", original, name="content_question_original"),
            *self.answering_urls(),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return queries.staff_questions()

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return queries.MOST_URGENT_FIRST

    def get_search_results(
        self, request: HttpRequest, questions: QuerySet[Question], search_term: str
    ) -> tuple[QuerySet[Question], bool]:
        words = search_term.replace("\0", "").strip()
        found = queries.questions_matching(Question.objects.all(), words).values("pk")
        return questions.filter(Q(key=words.lower()) | Q(pk__in=found)) if words else questions, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Each question with `days_left`, counted with one calendar."""
        changelist = super().get_changelist_instance(request)
        exceptions, today = deadlines.calendar_exceptions(), vietnam_time.today()
        for each in changelist.result_list:
            due = each.due_on
            each.days_left = due and working_days.working_days_until(due, today, exceptions)
        return changelist

    def has_view_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return policy.may_see(request.user)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A question. Nothing is edited here; each transition has a page of its own."""
        question, user = self.get_row(request, object_id), request.user
        draft, current = queries.draft_of(question), queries.current_answer_of(question)
        is_outdated = current.basis.changes.filter(settled_at=None).exists() if current else False
        return self.render_page(
            request,
            "question",
            question.key,
            question=question,
            transitions=self.offered_pages(user, question),
            may_write=policy.may_write(user, question),
            may_read_original=policy.may_read_original(user),
            may_confirm=is_outdated and policy.may_confirm(user) and not question.home,
            days_left=queries.working_days_left(question),
            answers=[(answer, cited_texts.cited_texts_of(answer.basis)) for answer in (draft, current) if answer],
            is_outdated=is_outdated,
            reports=question.reports.filter(resolved_at=None).select_related("claimed_by"),
            history=question_history(question),
        )

    def offered_pages(self, user: AnyUser, row: Any) -> list[tuple[str, TransitionPage]]:
        """The buttons of the question; nothing to erase without an original text."""
        has_original = bool(row.title or row.text)
        return [(name, page) for name, page in super().offered_pages(user, row) if name != "erase" or has_original]

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        """Similar questions before a merge, the draft with its law before an approval."""
        similar = self.similar_questions(row) if name == QuestionTransition.MERGE else []
        draft = queries.draft_of(row) if name == QuestionTransition.APPROVE else None
        return {"similar": similar, "answers": [(draft, cited_texts.cited_texts_of(draft.basis))] if draft else []}

    def original_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks first; a POST shows the original text, which is audited each time, and may set the public copy."""
        question = self.get_row(request, pk)
        if not policy.may_read_original(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return self.render_page(request, "unread", _("Original text"), question=question)
        form = forms.RedactForm(request.POST if "confirm" in request.POST else None)
        data = form.is_valid() and form.cleaned_data
        let_stand = request.POST.getlist("let_stand")
        if data and call_service(form, services.redact, question, by=staff_user(request), let_stand=let_stand, **data):
            messages.success(request, _("The public copy was saved."))
            return HttpResponseRedirect(self.row_url(question))
        title, text = services.read_original(question, by=staff_user(request))
        hidden = set(request.POST.getlist("hide")) if "sifted" in request.POST else None
        fields = [redaction.redact_field("title", title, hidden), redaction.redact_field("text", text, hidden)]
        if not form.is_bound:
            made = {"title": question.public_title, "text": question.public_text}
            fresh = "propose" in request.POST or not question.public_title
            form = forms.RedactForm(initial={each.name: each.redacted for each in fields} if fresh else made)
        proposals = [proposal for each in fields for proposal in each.proposals]
        context = {"form": form, "proposals": proposals, "marked": {each.name: each.pieces for each in fields}}
        if form.is_bound:
            standing = redaction.standing_parts(form.data.get("title", ""), form.data.get("text", ""))
            context |= {"standing": standing, "let_stand": let_stand}
        return self.render_page(request, "original", _("Original text"), question=question, **context)

    @admin.display(description=_("Key"), ordering="key")
    def shown_key(self, question: Question) -> str:
        return question.key

    @admin.display(description=_("Topic"), ordering="topic__position")
    def shown_topic(self, question: Question) -> str | Topic:
        return question.topic or "—"

    @admin.display(description=_("Public copy"))
    def shown_title(self, question: Question) -> str:
        return question.public_title or "—"

    @admin.display(description=_("Status"), ordering="status")
    def shown_status(self, question: Question) -> str:
        return format_html(
            '<span class="badge badge-{}">{}</span> {}',
            question.status,
            question.get_status_display(),
            question.get_resolution_display(),
        )

    @admin.display(description=_("Due"), ordering="due_on")
    def shown_due(self, question: Question) -> str:
        if not question.due_on or question.days_left is None:
            return "—"
        day = date_format(question.due_on, "d/m/Y")
        if question.days_left < 0:
            return format_html('<span class="is-overdue">{} {}</span>', day, _("overdue"))
        return format_html("{} ({})", day, _("%d working days") % question.days_left)

    @admin.display(description=_("Answerer"), ordering="answerer__username")
    def shown_answerer(self, question: Question) -> str:
        return (question.answerer.get_full_name() or question.answerer.username) if question.answerer else "—"
