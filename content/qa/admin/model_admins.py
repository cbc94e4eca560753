"""Questions, what readers report about their answers, and by when they are answered, at the desk."""

from django.contrib import admin
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from content import vietnam_time
from content.people.admin_mixins import ReadOnlyAdminMixin
from content.qa import deadlines, policy, queries
from content.qa.admin.answer_pages import AnswerViewsMixin
from content.qa.admin.filters import (
    QuestionStatusFilter,
    QuestionSubjectFilter,
    QueueFilter,
    ReportKindFilter,
    ReportStatusFilter,
)
from content.qa.admin.question_pages import QuestionViewsMixin
from content.qa.admin.report_pages import ReportViewsMixin
from content.qa.admin.service_forms import SavedByServiceMixin
from content.qa.models import CalendarDay, DeadlineRule, ProblemReport, Question
from content.qa.services import remove_calendar_day, remove_deadline_rule, set_calendar_day, set_deadline_rule


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdminMixin, QuestionViewsMixin, AnswerViewsMixin, admin.ModelAdmin):
    """Questions: found here, handled in desk/handling.py, answered in desk/answering.py.

    The list shows the public copy alone: whoever reads a question as it was asked says so first.
    """

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

    def get_urls(self):
        return [*self.handling_urls(), *self.answering_urls(), *super().get_urls()]

    def get_queryset(self, request):
        return queries.staff_questions()

    def get_ordering(self, request):
        return queries.MOST_URGENT_FIRST

    def get_search_results(self, request, questions, search_term):
        words = search_term.replace("\0", "").strip()
        found = queries.questions_matching(Question.objects.all(), words).values("pk")
        return questions.filter(Q(key=words.lower()) | Q(pk__in=found)) if words else questions, False

    def get_changelist_instance(self, request):
        """Each question with `days_left`, counted with one calendar."""
        changelist = super().get_changelist_instance(request)
        exceptions, today = queries.calendar_exceptions(), vietnam_time.today()
        for each in changelist.result_list:
            due = each.due_on
            each.days_left = due and deadlines.working_days_until(due, today, exceptions)
        return changelist

    def has_view_permission(self, request, obj=None):
        return policy.may_see(request.user)

    @admin.display(description=_("Key"), ordering="key")
    def shown_key(self, question):
        return question.key

    @admin.display(description=_("Topic"), ordering="topic__position")
    def shown_topic(self, question):
        return question.topic or "—"

    @admin.display(description=_("Public copy"))
    def shown_title(self, question):
        return question.public_title or "—"

    @admin.display(description=_("Status"), ordering="status")
    def shown_status(self, question):
        return format_html(
            '<span class="badge badge-{}">{}</span> {}',
            question.status,
            question.get_status_display(),
            question.get_resolution_display(),
        )

    @admin.display(description=_("Due"), ordering="due_on")
    def shown_due(self, question):
        if not question.due_on:
            return "—"
        day = date_format(question.due_on, "d/m/Y")
        if question.days_left < 0:
            return format_html('<span class="is-overdue">{} {}</span>', day, _("overdue"))
        return format_html("{} ({})", day, _("%d working days") % question.days_left)

    @admin.display(description=_("Answerer"), ordering="answerer__username")
    def shown_answerer(self, question):
        return (question.answerer.get_full_name() or question.answerer.username) if question.answerer else "—"


@admin.register(ProblemReport)
class ProblemReportAdmin(ReadOnlyAdminMixin, ReportViewsMixin, admin.ModelAdmin):
    """What readers say is not right: taken up by one person, who says what came of it."""

    list_display = ["shown_kind", "shown_question", "shown_at", "shown_claimer", "shown_end"]
    list_display_links = ["shown_kind"]
    list_filter = [ReportStatusFilter, ReportKindFilter]
    list_select_related = ["question", "claimed_by"]
    list_per_page = 50
    search_fields = ["question__key", "question__public_title"]
    ordering = ["pk"]
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css"]}

    @admin.display(description=_("Problem"), ordering="kind")
    def shown_kind(self, report):
        return report.get_kind_display()

    @admin.display(description=_("Question"))
    def shown_question(self, report):
        return f"{report.question} {report.question.public_title}"

    @admin.display(description=_("Reported"), ordering="reported_at")
    def shown_at(self, report):
        return report.reported_at

    @admin.display(description=_("Taken up by"), ordering="claimed_by__username")
    def shown_claimer(self, report):
        return (report.claimed_by.get_full_name() or report.claimed_by.username) if report.claimed_by else "—"

    @admin.display(description=_("Resolved"), ordering="resolved_at")
    def shown_end(self, report):
        return report.resolved_at or "—"


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(SavedByServiceMixin, admin.ModelAdmin):
    """Within how many working days. The rule without a topic is for all others."""

    list_display = ["shown_topic", "working_days"]
    list_select_related = ["topic"]
    fields = ["topic", "working_days"]
    ordering = ["topic__position"]
    set, remove = staticmethod(set_deadline_rule), staticmethod(remove_deadline_rule)
    row_argument = "rule"
    explanation = _(
        "A rule holds for what is asked, filed or opened again from then on. Without a topic it is for all others."
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "topic":
            field.widget = field.widget.widget  # bare: topics come with the program, nothing leads to them from here
        return field

    @admin.display(description=_("Topic"))
    def shown_topic(self, rule):
        return rule.topic or _("all others")


@admin.register(CalendarDay)
class CalendarDayAdmin(SavedByServiceMixin, admin.ModelAdmin):
    """Days that are not what their weekday says."""

    list_display = ["day", "name", "shown_working", "shown_standing", "source"]
    list_filter = ["is_provisional", "is_working"]
    fields = ["day", "is_working", "name", "source", "is_provisional"]
    date_hierarchy = "day"
    ordering = ["-day"]
    set, remove = staticmethod(set_calendar_day), staticmethod(remove_calendar_day)
    row_argument = "row"
    explanation = _(
        "Holidays, and Saturdays worked for a day given off. Provisional days were written down without the "
        "announcement at hand: compare them with it. A change moves the last days of all questions that wait."
    )

    @admin.display(description=_("is worked"), ordering="is_working")
    def shown_working(self, day):
        return _("yes") if day.is_working else "—"

    @admin.display(description=_("Certainty"), ordering="is_provisional")
    def shown_standing(self, day):
        return format_html('<span class="is-provisional">{}</span>', _("provisional")) if day.is_provisional else ""
