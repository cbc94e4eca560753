"""The filters of the list of quiz questions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from content.question_banks.models import QuestionBank, QuizQuestion
from content.question_banks.states import QuizStatus
from content.topics.models import Topic
from content.topics.queries import subjects, with_descendants


class BankFilter(admin.SimpleListFilter):
    title = _("Question bank")
    parameter_name = "bank"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(QuestionBank.objects.order_by("name").values_list("key", "name"))

    def queryset(self, request: HttpRequest, questions: QuerySet[Any]) -> QuerySet[Any]:
        return questions.filter(bank__key=self.value()) if self.value() else questions


class QuizStatusFilter(admin.SimpleListFilter):
    """By status; «law changed» are the approved ones that a person must read again."""

    title = _("Status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("flagged", _("Law changed")), *QuizStatus.choices]

    def queryset(self, request: HttpRequest, questions: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "flagged":
            return questions.filter(status=QuizStatus.APPROVED, basis_changed=True)
        return questions.filter(status=self.value()) if self.value() else questions


class QuizTopicFilter(admin.SimpleListFilter):
    """By topic, with the topics under it."""

    title = _("Topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        classified = Topic.objects.filter(quiz_questions__isnull=False)
        used = {topic.parent_id or topic.pk for topic in classified}
        return [(topic.key, str(topic)) for topic in subjects() if topic.pk in used]

    def queryset(self, request: HttpRequest, questions: QuerySet[QuizQuestion]) -> QuerySet[QuizQuestion]:
        if not self.value():
            return questions
        return questions.filter(topic__in=with_descendants(Topic.objects.filter(key=self.value())))
