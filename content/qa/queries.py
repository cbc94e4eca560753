import datetime

from django.db.models import Count, Prefetch, Q

from content.basis import queries as bases
from content.documents import effect
from content.qa import deadlines
from content.qa.models import Answer, CalendarDay, DeadlineRule, Question
from content.qa.states import OPEN

DEFAULT_WORKING_DAYS = 15
SOON_DAYS = 2  # calendar days before it is due


def standing_answers():
    """Approved answers, the newest of a question last; the last is the one that counts."""
    return bases.with_basis_changed(Answer.objects.exclude(approved_at=None)).order_by("pk").select_related("basis")


def public_questions():
    """Published questions, newest first, each with `standing` (answers, oldest first) and the counts of ratings."""
    return (
        Question.objects.filter(published_at__isnull=False)
        .select_related("topic", "province", "organisation")
        .prefetch_related(Prefetch("answers", standing_answers(), to_attr="standing"))
        .annotate(
            helpful=Count("ratings", Q(ratings__is_helpful=True)),
            not_helpful=Count("ratings", Q(ratings__is_helpful=False)),
        )
        .order_by("-published_at", "-pk")
    )


def questions_of(reader):
    """All that a reader asked, newest first, whatever became of it."""
    return (
        Question.objects.filter(reader=reader)
        .select_related("topic", "province", "organisation", "same_as")
        .prefetch_related("moves", Prefetch("answers", standing_answers(), to_attr="standing"))
        .order_by("-pk")
    )


def overdue(today=None):
    return Question.objects.filter(status__in=OPEN, due_on__lt=today or effect.today()).order_by("due_on")


def due_soon(today=None):
    today = today or effect.today()
    until = today + datetime.timedelta(days=SOON_DAYS)
    return Question.objects.filter(status__in=OPEN, due_on__gte=today, due_on__lte=until).order_by("due_on")


def answers_to_look_at():
    """Standing answers whose law changed since somebody last read it: the queue of those who answer."""
    newest = Answer.objects.exclude(approved_at=None).order_by("question", "-pk").distinct("question").values("pk")
    flagged = bases.with_basis_changed(Answer.objects.filter(pk__in=newest)).filter(basis_changed=True)
    return flagged.select_related("question", "written_by").order_by("pk")


def due_on(question):
    """The last day to answer, by the rule of its subject, counted from today (Viet Nam)."""
    subject = question.topic and (question.topic.parent or question.topic)
    rules = {rule.topic_id: rule.working_days for rule in DeadlineRule.objects.all()}
    days = rules.get(subject and subject.pk, rules.get(None, DEFAULT_WORKING_DAYS))
    return deadlines.due(effect.today(), days, calendar())


def calendar():
    """{day: whether it is worked} of the days that are not what their weekday says."""
    return dict(CalendarDay.objects.values_list("day", "is_working"))
