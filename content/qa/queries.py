import datetime
import hashlib
import json

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from content import vietnam_time
from content.basis import queries as bases
from content.basis.models import BasisChange
from content.changes import event_types
from content.changes.queries import public_changes
from content.people.models import User
from content.qa import deadlines
from content.qa.models import Answer, CalendarDay, DeadlineRule, ProblemReport, Question, QuestionTransitionLog, Rating
from content.qa.states import OPEN_STATUSES, QuestionStatus, QuestionTransition, Resolution
from content.text.vietnamese import fold
from content.topics.queries import with_descendants

DEFAULT_WORKING_DAYS = 15  # where no rule says otherwise
SOON_WORKING_DAYS = 2
CLOCK_RESTARTS = (
    QuestionTransition.ADD_DETAIL,
    QuestionTransition.REVISE,
    QuestionTransition.REOPEN,
)  # with these the working days are counted anew
MOST_URGENT_FIRST = (F("due_on").asc(nulls_last=True), "-pk")


def public_questions(day=None):
    """Published questions, the newest first, each with `standing_answers` (one), ratings and `basis_changed`.

    With a `day` they are as they stood when it ended (Viet Nam time): those published by then, with the answer and the
    doubts of that day. The redacted copy is always today's: what was redacted since stays so, and an answer that was
    replaced because personal data in it were reported is shown of no day.
    """
    moment = day and _end_of_day(day)
    questions = questions_published_by(day) if day else Question.objects.filter(published_at__isnull=False)
    return (
        with_current_answer(questions, moment)
        .select_related("topic", "province", "organisation")
        .annotate(helpful=_rating_count(True), not_helpful=_rating_count(False))
        .order_by("-publication")
    )


def questions_published_by(day):
    """The bare rows of what was published when that day ended (Viet Nam time) and still is."""
    return Question.objects.filter(published_at__lt=_end_of_day(day))


def withdrawal_of(key):
    """(when, key of the public question it was merged into, if any) of what was public and is no more; else None."""
    question = Question.objects.filter(key=key, published_at=None).select_related("same_as").first()
    line = question and public_changes().filter(event_type=event_types.QUESTION_WITHDRAWN, subject=key).last()
    if not line:
        return None
    into = question.same_as
    return line.changed_at, into.key if into and into.is_public else None


def changed_at_by_key(keys):
    """{key: when what the public sees of it was last written} of those questions that are public now."""
    public = Question.objects.filter(key__in=keys, published_at__isnull=False)
    return dict(public.values_list("key", "public_changed_at"))


def questions_of(reader):
    """All that a reader asked, newest first, whatever became of it."""
    log = QuestionTransitionLog.objects.order_by("pk")
    return (
        with_current_answer(Question.objects.filter(reader=reader))
        .select_related("topic", "province", "organisation", "same_as")
        .prefetch_related(Prefetch("transitions", log))
        .order_by("-pk")
    )


def with_current_answer(questions, moment=None):
    """With `standing_answers`: the newest approved answer (by that moment), with its basis; and `basis_changed`."""
    approved = Answer.objects.filter(approved_at__isnull=False)
    if moment:
        approved = _without_reported(approved.filter(approved_at__lt=moment))
    newest = approved.filter(question=OuterRef("pk")).order_by("-approved_at", "-pk").values("pk")[:1]
    latest = approved.filter(question=OuterRef("question")).order_by("-approved_at", "-pk").values("pk")[:1]
    doubts = bases.unsettled_changes(moment)
    standing = (
        approved.filter(pk=Subquery(latest))
        .select_related("basis")
        .prefetch_related(
            Prefetch("basis__citations"),
            Prefetch("basis__changes", doubts.select_related("change"), to_attr="unsettled"),
        )
    )
    return (
        questions.annotate(standing_id=Subquery(newest))
        .annotate(basis_changed=Exists(doubts.filter(basis__answer=OuterRef("standing_id"))))
        .prefetch_related(Prefetch("answers", standing, to_attr="standing_answers"))
    )


def _without_reported(answers):
    """Without those that gave way to another after somebody reported personal data, and staff settled it."""
    newer = Answer.objects.filter(question=OuterRef("question"), approved_at__gt=OuterRef("reported_at"))
    reports = ProblemReport.objects.filter(
        Exists(newer), kind=ProblemReport.Kind.PERSONAL_DATA, resolved_at__isnull=False, question=OuterRef("question"),
        reported_at__gt=OuterRef("approved_at"),
    )  # fmt: skip
    return answers.filter(~Exists(reports))


def public_title_of(key):
    """What the public calls that question today; empty where it is not public."""
    public = Question.objects.filter(key=key, published_at__isnull=False)
    return public.values_list("public_title", flat=True).first() or ""


def questions_citing(questions, document_key, eid=""):
    """Narrow questions with a standing answer to those whose answer cites that document or provision."""
    cited = bases.citations_of(document_key, eid).filter(basis__answer=OuterRef("standing_id"))
    return questions.filter(Exists(cited))


def questions_about(questions, topics):
    """Narrow to those about one of these topics or a heading of theirs."""
    return questions.filter(topic__in=with_descendants(topics))


def questions_matching(questions, words):
    """Narrow to those whose public copy holds every one of these words, accents and case aside."""
    for word in fold(words).split():
        questions = questions.filter(search_key__contains=word)
    return questions


def draft_of(question):
    """The answer being written, None without one."""
    return question.answers.select_related("basis").filter(approved_at=None).first()


def review_fingerprint(question):
    """A fingerprint of what is approved: the public copy, the draft and what it cites. Another word, another one."""
    draft = draft_of(question)
    cited = [str(citation) for citation in draft.basis.citations.all()] if draft else []
    words = [question.public_title, question.public_text, question.consent_to_publish, draft and draft.text, cited]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def current_answer_of(question):
    """The answer that holds, None without one."""
    return question.answers.exclude(approved_at=None).select_related("basis").order_by("approved_at", "pk").last()


def current_answers():
    """The newest approved answer of each question that was answered and not taken back since."""
    newer = Answer.objects.filter(question=OuterRef("question"), approved_at__gt=OuterRef("approved_at"))
    gone = Q(question__status=QuestionStatus.CLOSED) & ~Q(question__resolution=Resolution.ANSWERED)
    return (
        Answer.objects.filter(~Exists(newer), approved_at__isnull=False)
        .exclude(gone)
        .select_related("question", "basis")
    )


def outdated_answers():
    """Standing answers whose law changed since somebody last read it, longest waiting first."""
    doubts = BasisChange.objects.filter(basis=OuterRef("basis"), settled_at=None).order_by("pk")
    return (
        current_answers()
        .annotate(since=Subquery(doubts.values("noted_at")[:1]))
        .exclude(since=None)
        .select_related("written_by")
        .order_by("since", "pk")
    )


def questions_awaiting(*statuses):
    """Open questions of these statuses, the most urgent first."""
    return Question.objects.filter(status__in=statuses or OPEN_STATUSES).order_by(
        F("due_on").asc(nulls_last=True), "pk"
    )


def overdue_questions(today=None):
    return questions_awaiting().filter(due_on__lt=today or vietnam_time.today())


def questions_due_soon(today=None):
    """Due within two working days, today included."""
    today = today or vietnam_time.today()
    return questions_awaiting().filter(
        due_on__gte=today, due_on__lte=deadlines.due_day(today, SOON_WORKING_DAYS, calendar_exceptions())
    )


def staff_questions():
    """All questions as staff find them, the most urgent first, then the newest."""
    questions = Question.objects.select_related("topic", "province", "organisation", "answerer", "same_as")
    return questions.order_by(*MOST_URGENT_FIRST)


def answerers():
    """Staff that may be given a question, with `open_count`: how many each has open."""
    count = Count("questions", filter=Q(questions__status__in=OPEN_STATUSES))
    staff = User.objects.with_perm("content.answer_question", backend="django.contrib.auth.backends.ModelBackend")
    return staff.annotate(open_count=count).order_by("username")


def open_reports():
    return ProblemReport.objects.filter(resolved_at=None).select_related("question", "claimed_by").order_by("pk")


def due_day_of(question, since=None):
    """The last day to answer, by the rule of its topic, else of its subject, counted from `since`, else today."""
    rules = dict(DeadlineRule.objects.values_list("topic", "working_days"))
    topic = question.topic
    keys = [topic.pk, topic.parent_id, None] if topic else [None]
    days = next((rules[key] for key in keys if key in rules), DEFAULT_WORKING_DAYS)
    return deadlines.due_day(since or vietnam_time.today(), days, calendar_exceptions())


def clock_started_on(question):
    """The day its working days are counted from: when it was asked, or last came back to us (Viet Nam time)."""
    again = question.transitions.filter(transition__in=CLOCK_RESTARTS).order_by("pk").last()
    return (again.at if again else question.asked_at).astimezone(vietnam_time.VIETNAM_TIME).date()


def working_days_left(question):
    """Until it is due; negative once it is past, None where nothing is owed."""
    return question.due_on and deadlines.working_days_until(
        question.due_on, vietnam_time.today(), calendar_exceptions()
    )


def calendar_exceptions():
    """{day: whether it is worked} of the days that are not what their weekday says."""
    return dict(CalendarDay.objects.values_list("day", "is_working"))


def _rating_count(is_helpful):
    counted = Rating.objects.filter(question=OuterRef("pk"), is_helpful=is_helpful).order_by().values("question")
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0)


def _end_of_day(day):
    """The first moment after that day in Viet Nam."""
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), vietnam_time.VIETNAM_TIME)
