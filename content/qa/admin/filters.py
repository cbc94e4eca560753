"""The filters of the lists of questions and reports."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from content.qa import queries, queues
from content.qa.models import ProblemReport, Question
from content.qa.states import QuestionStatus
from content.topics import queries as topics
from content.topics.models import Topic


class QueueFilter(admin.SimpleListFilter):
    """The queues of the dashboard."""

    title = _("Queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        visible = queues.queues_for(request.user).items()
        return [(key, f"{queue.name} ({queue.questions(request.user).count()})") for key, queue in visible]

    def queryset(self, request: HttpRequest, questions: QuerySet[Any]) -> QuerySet[Any]:
        queue = queues.queues_for(request.user).get(self.value() or "")
        return questions.filter(pk__in=queue.questions(request.user).values("pk")) if queue else questions


class QuestionStatusFilter(admin.SimpleListFilter):
    title = _("Status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        counts = dict(Question.objects.order_by().values_list("status").annotate(Count("pk")))
        return [(value, f"{label} ({counts[value]})") for value, label in QuestionStatus.choices if value in counts]

    def queryset(self, request: HttpRequest, questions: QuerySet[Any]) -> QuerySet[Any]:
        return questions.filter(status=self.value()) if self.value() else questions


class QuestionSubjectFilter(admin.SimpleListFilter):
    """By topic, with the topics under it."""

    title = _("Topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        classified = Topic.objects.filter(questions__isnull=False)
        used = {topic.parent_id or topic.pk for topic in classified}
        return [(topic.key, str(topic)) for topic in topics.subjects() if topic.pk in used]

    def queryset(self, request: HttpRequest, questions: QuerySet[Any]) -> QuerySet[Any]:
        return queries.questions_about(questions, Topic.objects.filter(key=self.value())) if self.value() else questions


class ReportKindFilter(admin.SimpleListFilter):
    title = _("Problem")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return ProblemReport.Kind.choices

    def queryset(self, request: HttpRequest, reports: QuerySet[Any]) -> QuerySet[Any]:
        return reports.filter(kind=self.value()) if self.value() else reports


class ReportStatusFilter(admin.SimpleListFilter):
    title = _("Status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), ("mine", _("Claimed by me")), ("resolved", _("Resolved"))]

    def queryset(self, request: HttpRequest, reports: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "open":
                return reports.filter(resolved_at=None)
            case "mine":
                return reports.filter(resolved_at=None, claimed_by=request.user)
            case "resolved":
                return reports.exclude(resolved_at=None)
        return reports
