"""Import questions that were answered elsewhere."""

from collections.abc import Iterable
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from content.basis import services as bases
from content.documents.models import LegalDocument
from content.people import services as people
from content.people import text_input
from content.personal_data import redaction
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Answer, Question
from content.qa.services.answers import publish_question
from content.qa.states import QuestionStatus, Resolution
from content.text.vietnamese import fold
from content.topics.models import Topic


class ImportOutcome(StrEnum):
    CREATED = "created"
    UNCHANGED = "unchanged"


@transaction.atomic
def import_question(
    source: str,
    *,
    title: str,
    answer: str,
    citations: Iterable[tuple[LegalDocument, str]],
    topic: Topic | None = None,
    reason: str = "",
) -> tuple[Question, ImportOutcome]:
    """Publish a question with its answer for the system. Returns (question, ImportOutcome). Nobody is notified.

    `source` names the collection and the question's number in it: importing the same source again changes nothing.
    `citations`: [(LegalDocument, eid)] in the law of today; when that law changes the answer is flagged like any other.
    Raises RuleBroken("personal_data") and what `text_input.clean_text` and `bases.save_basis` raise.
    """
    existing = Question.objects.filter(source=source).first()
    if existing:
        return existing, ImportOutcome.UNCHANGED
    text = text_input.clean_text(title, "question", max_length=TEXT_LENGTH)
    answer = text_input.clean_text(answer, "answer", max_length=Answer.MAX_LENGTH)
    for field, words in (("question", text), ("answer", answer)):
        redaction.refuse_unpublishable(words, field)
    question = Question(
        source=source,
        public_title=_title_of(text),
        public_text=text,
        search_key=fold(text),
        topic=topic,
        consent_to_publish=True,
        status=QuestionStatus.SCREENING,  # until its publication is recorded
    )
    question.save()
    basis = bases.save_basis(citations)
    Answer.objects.create(question=question, text=answer, basis=basis, is_imported=True, approved_at=timezone.now())
    publish_question(question, notify=False)
    question.status, question.resolution = QuestionStatus.PUBLISHED, Resolution.ANSWERED
    question.save()
    people.audit("question.imported", question.key, reason=reason, source=source)
    return question, ImportOutcome.CREATED


def _title_of(text: str) -> str:
    """The question as one line, cut at a word if it is too long for a title."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rpartition(" ")[0] + "…"
