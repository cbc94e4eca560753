"""Taking in questions that were answered elsewhere."""

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from content.basis import services as bases
from content.people import personal_data, text_input
from content.people import services as people
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Answer, Question
from content.qa.services.answers import publish_question, refuse_personal_data
from content.qa.states import QuestionStatus, Resolution
from content.text.vietnamese import fold


class ImportOutcome(StrEnum):
    CREATED = "created"
    UNCHANGED = "unchanged"


@transaction.atomic
def import_question(source, *, title, answer, citations, topic=None, reason=""):
    """Publish a question with its answer as they are, by the system. Returns (question, Outcome). Nobody is told.

    `source` says where it comes from and which one it is there: the same again changes nothing, whatever else is given.
    `citations`: [(LegalDocument, eid)], read today: the answer lives from here on as any other. Raises RuleBroken:
    "personal_data", and those of `wording.clean` and `bases.lean_on`.
    """
    standing = Question.objects.filter(source=source).first()
    if standing:
        return standing, ImportOutcome.UNCHANGED
    text = text_input.clean_text(title, "question", most=TEXT_LENGTH)
    answer = text_input.clean_text(answer, "answer", most=Answer.MOST_LETTERS)
    for field, words in (("question", text), ("answer", answer)):
        refuse_personal_data(personal_data.unpublishable_findings(words), field)
    question = Question(
        source=source,
        public_title=_title_of(text),
        public_text=text,
        search_key=fold(text),
        topic=topic,
        consent_to_publish=True,
        status=QuestionStatus.SCREENING,  # until its place in the list is known
    )
    question.save()
    basis = bases.save_basis(citations)
    Answer.objects.create(question=question, text=answer, basis=basis, is_imported=True, approved_at=timezone.now())
    publish_question(question, notify=False)
    question.status, question.resolution = QuestionStatus.PUBLISHED, Resolution.ANSWERED
    question.save()
    people.audit("question.imported", question.key, reason=reason, source=source)
    return question, ImportOutcome.CREATED


def _title_of(text):
    """The question as one line, cut at a word where it is longer than a title."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rpartition(" ")[0] + "…"
