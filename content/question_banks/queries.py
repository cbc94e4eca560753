"""Which quiz questions there are, which are flagged, and which a round may draw from."""

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Iterator

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from content.basis.models import BasisChange, Citation
from content.documents import effect
from content.documents.models import LegalDocument
from content.people.models import User
from content.question_banks.models import QuestionBank, QuizQuestion
from content.question_banks.states import QuizStatus
from content.text.vietnamese import fold
from content.topics.models import Topic
from content.topics.queries import with_descendants

_WORDS = re.compile(r"\w+")
BINDING_STATUSES = (None, effect.EffectStatus.IN_FORCE, effect.EffectStatus.PARTLY_EXPIRED)


def staff_questions() -> QuerySet[QuizQuestion]:
    """All revisions for the staff list, the newest first, each with `basis_changed`."""
    return with_flags(QuizQuestion.objects.select_related("bank", "topic", "written_by")).order_by("-pk")


def staff_banks() -> QuerySet[QuestionBank]:
    """All banks for the staff list, each with `approved_count`, `draft_count` and `flagged_count`."""
    flagged = QuizQuestion.objects.filter(status=QuizStatus.APPROVED, pk=OuterRef("questions")).filter(
        Exists(_unsettled())
    )
    return (
        QuestionBank.objects.select_related("organisation", "written_by")
        .annotate(
            approved_count=Count("questions", filter=Q(questions__status=QuizStatus.APPROVED)),
            draft_count=Count("questions", filter=Q(questions__status=QuizStatus.DRAFT)),
            flagged_count=Count("questions", filter=Exists(flagged)),
        )
        .order_by("-pk")
    )


def approved_per_topic(bank: QuestionBank) -> list[tuple[str, int]]:
    """[(name of a topic, how many approved questions are about it)], in the order of the topics. "" is no topic."""
    approved = bank.questions.filter(status=QuizStatus.APPROVED).order_by("topic__position")
    return [(name or "", count) for name, count in approved.values_list("topic__name").annotate(Count("pk"))]


def revisions_of(question: QuizQuestion) -> QuerySet[QuizQuestion]:
    """All revisions of a question, the newest first."""
    return QuizQuestion.objects.filter(key=question.key).order_by("-revision")


def with_flags(questions: QuerySet[QuizQuestion]) -> QuerySet[QuizQuestion]:
    """Add `basis_changed`: whether the law that a question cites changed and nobody has reviewed it."""
    return questions.annotate(basis_changed=Exists(_unsettled()))


def drafts_for(user: User) -> QuerySet[QuizQuestion]:
    """Drafts that this person may approve: written and last revised by others."""
    return QuizQuestion.objects.filter(status=QuizStatus.DRAFT).exclude(Q(written_by=user) | Q(revised_by=user))


def flagged_questions() -> QuerySet[QuizQuestion]:
    """Approved questions whose law changed since a person last read it."""
    approved = QuizQuestion.objects.filter(Exists(_unsettled()), status=QuizStatus.APPROVED)
    return approved.select_related("bank", "basis").order_by("pk")


def _unsettled() -> QuerySet[BasisChange]:
    return BasisChange.objects.filter(basis=OuterRef("basis"), settled_at=None)


def pool_of(bank: QuestionBank | None, topic: Topic | None) -> QuerySet[QuizQuestion]:
    """The approved questions of a bank; with a topic, those about it or a topic under it. In a fixed order.

    None, of a round whose questions are at its home, has none.
    """
    questions = QuizQuestion.objects.filter(bank=bank, status=QuizStatus.APPROVED)
    if topic:
        questions = questions.filter(topic__in=with_descendants([topic]))
    return questions.order_by("key", "revision")


def keys_of_same_questions(questions: Iterable[QuizQuestion]) -> set[str]:
    """Keys, of any bank, under which rounds have used a question that says the same as one of these.

    Text and choices are compared without case, accents, punctuation, and the order of the choices.
    """
    asked = {_compared(question.text, question.choices) for question in questions}
    used = QuizQuestion.objects.filter(bank__is_sample=False).exclude(used_at=None)
    return {
        key
        for key, text, choices in used.values_list("key", "text", "choices").iterator()
        if _compared(text, choices) in asked
    }


def _compared(text: str, choices: Iterable[str]) -> tuple[str, ...]:
    first, *others = (" ".join(_WORDS.findall(fold(each))) for each in (text, *choices))
    return (first, *sorted(others))


def unfit_questions(
    questions: QuerySet[QuizQuestion], first: datetime.date, last: datetime.date
) -> Iterator[tuple[QuizQuestion, str]]:
    """The questions that must not be asked from `first` to `last`, both included, each with the reason in words.

    Either the law that one cites changed and nobody has reviewed it, or a cited provision is not in force on one of
    these days as far as known today.
    """
    cited = Citation.objects.select_related("document").prefetch_related(
        "document__status_events", "document__effect_doubts"
    )
    flagged = set(questions.filter(Exists(_unsettled())).values_list("pk", flat=True))
    for question in questions.select_related("basis").prefetch_related(Prefetch("basis__citations", cited)):
        if question.pk in flagged:
            yield question, _("the law that it cites has changed, and nobody has reviewed it")
        for citation in question.basis.citations.all():
            if (day := _first_day_not_in_force(citation, first, last)) is not None:
                words = _("%(provision)s is not in force on %(day)s")
                yield question, words % {"provision": citation.words, "day": f"{day:%d/%m/%Y}"}


def _first_day_not_in_force(citation: Citation, first: datetime.date, last: datetime.date) -> datetime.date | None:
    document = citation.document
    if document is None or not document.is_published:
        return first
    for day in _days_of_change(document, first, last):
        status = (
            effect.provision_effect_of(document, citation.eid, day).status
            if citation.eid
            else effect.effect_of(document, day).status
        )
        if status not in BINDING_STATUSES:
            return day
    return None


def _days_of_change(document: LegalDocument, first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first day, and those until the last on which the effect of the document or a part of it may change."""
    turns: Iterable[datetime.date | None] = [
        *(event.on for event in document.status_events.all()),
        *(day for doubt in document.effect_doubts.all() for day in (doubt.from_on, doubt.until_on)),
    ]
    return sorted({first, *(day for day in turns if day and first <= day <= last)})


def question_fingerprint(question: QuizQuestion) -> str:
    """A fingerprint of what a reviewer reads: the question, its key, its citations and the changes of their law."""
    cited = [str(citation) for citation in question.basis.citations.all()]
    changes = list(question.basis.changes.filter(settled_at=None).order_by("pk").values_list("pk", flat=True))
    values = [
        question.key, question.revision, question.kind, question.text, question.choices, question.right,
        question.accepted, question.accents_count, question.keeps_order, question.explanation, question.topic_id, cited,
        changes,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
