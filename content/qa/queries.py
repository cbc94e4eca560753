"""Which questions, answers and reports there are, and how they are fetched."""

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from content import vietnam_time
from content.basis import queries as bases
from content.basis.models import BasisChange
from content.changes.event_types import EventType
from content.changes.queries import public_changes
from content.deadlines import queries as deadlines
from content.deadlines import working_days
from content.people.models import AnyUser, Reader, User
from content.qa.models import Answer, ProblemReport, Question, QuestionTransitionLog, Rating
from content.qa.states import OPEN_STATUSES, QuestionStatus, QuestionTransition, Resolution
from content.text.vietnamese import fold
from content.topics.models import Topic
from content.topics.queries import with_descendants

SOON_WORKING_DAYS = 2
CLOCK_RESTARTS = (
    QuestionTransition.ADD_DETAIL,
    QuestionTransition.REVISE,
    QuestionTransition.REOPEN,
)  # after these the working days are counted from that day
MOST_URGENT_FIRST = (F("due_on").asc(nulls_last=True), "-pk")


def public_questions(day: datetime.date | None = None) -> QuerySet[Question]:
    """Published questions, the newest first, each with `current_answers` (one), ratings and `basis_changed`.

    With a `day` they are as at its end (Viet Nam time): those published by then, with the answer and the outdated flag
    of that day. The redacted copy is always today's: what was redacted since stays redacted. An answer that was
    replaced because of reported personal data is not shown for any day.
    """
    moment = _end_of_day(day) if day else None
    questions = questions_published_by(day) if day else Question.objects.filter(published_at__isnull=False)
    return (
        with_current_answer(questions, moment)
        .select_related("topic", "province", "organisation")
        .annotate(helpful=_rating_count(True), not_helpful=_rating_count(False))
        .order_by("-publication")
    )


def questions_published_by(day: datetime.date) -> QuerySet[Question]:
    """The rows published by the end of that day (Viet Nam time) that are still public, without related objects."""
    return Question.objects.filter(published_at__lt=_end_of_day(day))


@dataclass(frozen=True)
class PublicWithdrawal:
    """When a public question stopped being public, and the key of the public question it was merged into, if any."""

    at: datetime.datetime
    merged_into: str | None


def withdrawal_of(key: str) -> PublicWithdrawal | None:
    """The withdrawal of a question that was public; None if it is public or never was."""
    question = Question.objects.filter(key=key, published_at=None).select_related("same_as").first()
    if question is None:
        return None
    change = public_changes().filter(event_type=EventType.QUESTION_WITHDRAWN, subject=key).last()
    if change is None:
        return None
    into = question.same_as
    return PublicWithdrawal(change.changed_at, into.key if into and into.is_public else None)


def changed_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """{key: when its public content was last written} for the questions that are public now."""
    public = Question.objects.filter(key__in=keys, published_at__isnull=False)
    return dict(public.values_list("key", "public_changed_at"))


def questions_of(reader: Reader) -> QuerySet[Question]:
    """All questions of a reader, newest first, whatever their status."""
    log = QuestionTransitionLog.objects.order_by("pk")
    return (
        with_current_answer(Question.objects.filter(reader=reader))
        .select_related("topic", "province", "organisation", "same_as")
        .prefetch_related(Prefetch("transitions", log))
        .order_by("-pk")
    )


def with_current_answer(questions: QuerySet[Question], moment: datetime.datetime | None = None) -> QuerySet[Question]:
    """Add `current_answers` (the newest answer approved by that moment, with its basis) and `basis_changed`."""
    approved = Answer.objects.filter(approved_at__isnull=False)
    if moment:
        approved = _without_reported(approved.filter(approved_at__lt=moment))
    newest = approved.filter(question=OuterRef("pk")).order_by("-approved_at", "-pk").values("pk")[:1]
    latest = approved.filter(question=OuterRef("question")).order_by("-approved_at", "-pk").values("pk")[:1]
    outdated = bases.unsettled_changes(moment)
    current = (
        approved.filter(pk=Subquery(latest))
        .select_related("basis")
        .prefetch_related(
            Prefetch("basis__citations"),
            Prefetch("basis__changes", outdated.select_related("change"), to_attr="unsettled"),
        )
    )
    current_answers: Prefetch[str, Any, str] = Prefetch("answers", current, to_attr="current_answers")
    return (
        questions.annotate(current_id=Subquery(newest))
        .annotate(basis_changed=Exists(outdated.filter(basis__answer=OuterRef("current_id"))))
        .prefetch_related(current_answers)
    )


def _without_reported(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    """Without answers that were replaced after a report of personal data that staff resolved."""
    newer = Answer.objects.filter(question=OuterRef("question"), approved_at__gt=OuterRef("reported_at"))
    reports = ProblemReport.objects.filter(
        Exists(newer), kind=ProblemReport.Kind.PERSONAL_DATA, resolved_at__isnull=False, question=OuterRef("question"),
        reported_at__gt=OuterRef("approved_at"),
    )  # fmt: skip
    return answers.filter(~Exists(reports))


def approved_answers() -> QuerySet[Answer]:
    """All answers that were approved, current and former ones."""
    return Answer.objects.filter(approved_at__isnull=False)


def published_answers(question: Question) -> QuerySet[Answer]:
    """All answers of the question that a day's view may show, without those replaced for their personal data."""
    return _without_reported(question.answers.filter(approved_at__isnull=False))


def public_title_of(key: str) -> str:
    """The public title of that question today; empty if it is not public."""
    public = Question.objects.filter(key=key, published_at__isnull=False)
    return public.values_list("public_title", flat=True).first() or ""


def questions_citing(questions: QuerySet[Question], document_key: str, eid: str = "") -> QuerySet[Question]:
    """Narrow questions with a current answer to those whose answer cites that document or provision."""
    cited = bases.citations_of(document_key, eid).filter(basis__answer=OuterRef("current_id"))
    return questions.filter(Exists(cited))


def questions_about(questions: QuerySet[Question], topics: Iterable[Topic]) -> QuerySet[Question]:
    """Narrow to those about one of these topics or a topic under them."""
    return questions.filter(topic__in=with_descendants(topics))


def questions_matching(questions: QuerySet[Question], words: str) -> QuerySet[Question]:
    """Narrow to those whose public copy contains all these words, ignoring accents and case."""
    for word in fold(words).split():
        questions = questions.filter(search_key__contains=word)
    return questions


def draft_of(question: Question) -> Answer | None:
    """The draft of the answer, None without one."""
    return question.answers.select_related("basis").filter(approved_at=None).first()


def review_fingerprint(question: Question) -> str:
    """A fingerprint of what an approver reads: the public copy, the draft and its citations."""
    words = [question.public_title, question.public_text, question.consent_to_publish, draft_fingerprint(question)]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def draft_fingerprint(question: Question) -> str:
    """A fingerprint of the draft of an answer and of what it cites. Each saved draft has another, a new one too."""
    draft = draft_of(question)
    cited = [str(citation) for citation in draft.basis.citations.all()] if draft else []
    return hashlib.sha256(json.dumps([draft and draft.pk, draft and draft.text, cited]).encode()).hexdigest()


def current_answer_of(question: Question) -> Answer | None:
    """The newest approved answer, None without one."""
    return question.answers.exclude(approved_at=None).select_related("basis").order_by("approved_at", "pk").last()


def current_answers() -> QuerySet[Answer]:
    """The newest approved answer of each question that was answered and not withdrawn since."""
    newer = Answer.objects.filter(question=OuterRef("question"), approved_at__gt=OuterRef("approved_at"))
    gone = Q(question__status=QuestionStatus.CLOSED) & ~Q(question__resolution=Resolution.ANSWERED)
    return (
        Answer.objects.filter(~Exists(newer), approved_at__isnull=False)
        .exclude(gone)
        .select_related("question", "basis")
    )


def outdated_answers() -> QuerySet[Answer]:
    """Current answers whose law changed since a person last read it, longest waiting first."""
    outdated = BasisChange.objects.filter(basis=OuterRef("basis"), settled_at=None).order_by("pk")
    return (
        current_answers()
        .filter(question__home="")  # a copy is reviewed at its home
        .annotate(since=Subquery(outdated.values("noted_at")[:1]))
        .exclude(since=None)
        .select_related("written_by")
        .order_by("since", "pk")
    )


def questions_awaiting(*statuses: QuestionStatus) -> QuerySet[Question]:
    """Open questions of these statuses, the most urgent first."""
    return Question.objects.filter(status__in=statuses or OPEN_STATUSES).order_by(
        F("due_on").asc(nulls_last=True), "pk"
    )


def questions_assigned_to(user: AnyUser) -> QuerySet[Question]:
    """Open questions that this person is to answer, the most urgent first."""
    return questions_awaiting(QuestionStatus.ASSIGNED, QuestionStatus.ANSWERING).filter(answerer=user.pk)


def overdue_questions(today: datetime.date | None = None) -> QuerySet[Question]:
    return questions_awaiting().filter(due_on__lt=today or vietnam_time.today())


def questions_due_soon(today: datetime.date | None = None) -> QuerySet[Question]:
    """Due within two working days, today included."""
    today = today or vietnam_time.today()
    return questions_awaiting().filter(
        due_on__gte=today, due_on__lte=working_days.due_day(today, SOON_WORKING_DAYS, deadlines.calendar_exceptions())
    )


def staff_questions() -> QuerySet[Question]:
    """All questions for the staff list, the most urgent first, then the newest."""
    questions = Question.objects.select_related("topic", "province", "organisation", "answerer", "same_as")
    return questions.order_by(*MOST_URGENT_FIRST)


def answerers() -> QuerySet[User]:
    """Staff to whom a question can be assigned, with `open_count`: how many open questions each has."""
    count = Count("questions", filter=Q(questions__status__in=OPEN_STATUSES))
    staff = User.objects.with_perm("content.answer_question", backend="django.contrib.auth.backends.ModelBackend")
    return staff.annotate(open_count=count).order_by("username")


def open_reports() -> QuerySet[ProblemReport]:
    return ProblemReport.objects.filter(resolved_at=None).select_related("question", "claimed_by").order_by("pk")


def due_day_of(question: Question, since: datetime.date | None = None) -> datetime.date:
    """The due day by the rule of its topic, else of the topic above, counted from `since`, else from today."""
    days = deadlines.working_days_for(question.topic)
    return working_days.due_day(since or vietnam_time.today(), days, deadlines.calendar_exceptions())


def clock_started_on(question: Question) -> datetime.date:
    """The day its working days are counted from: when it was asked or last came back to staff (Viet Nam time)."""
    again = question.transitions.filter(transition__in=CLOCK_RESTARTS).order_by("pk").last()
    return (again.at if again else question.asked_at).astimezone(vietnam_time.VIETNAM_TIME).date()


def working_days_left(question: Question) -> int | None:
    """Working days until the due day; negative after it, None without a due day."""
    if question.due_on is None:
        return None
    return working_days.working_days_until(question.due_on, vietnam_time.today(), deadlines.calendar_exceptions())


def _rating_count(is_helpful: bool) -> Coalesce:
    counted = Rating.objects.filter(question=OuterRef("pk"), is_helpful=is_helpful).order_by().values("question")
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0)


def _end_of_day(day: datetime.date) -> datetime.datetime:
    """The first moment after that day in Viet Nam."""
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), vietnam_time.VIETNAM_TIME)
