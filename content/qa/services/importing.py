"""Taking in questions that were answered elsewhere."""

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from content.basis import services as bases
from content.people import services as people
from content.qa import privacy, wording
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Answer, Question
from content.qa.services.answers import publish, refuse_personal_data
from content.qa.states import Resolution, Status
from content.text.vietnamese import fold


class Outcome(StrEnum):
    CREATED = "created"
    UNCHANGED = "unchanged"


@transaction.atomic
def take_in(source, *, title, answer, citations, topic=None, reason=""):
    """Publish a question with its answer as they are, by the system. Returns (question, Outcome). Nobody is told.

    `source` says where it comes from and which one it is there: the same again changes nothing, whatever else is given.
    `citations`: [(LegalDocument, eid)], read today: the answer lives from here on as any other. Raises RuleBroken:
    "personal_data", and those of `wording.clean` and `bases.lean_on`.
    """
    standing = Question.objects.filter(source=source).first()
    if standing:
        return standing, Outcome.UNCHANGED
    text = wording.clean(title, "question", most=TEXT_LENGTH)
    answer = wording.clean(answer, "answer", most=Answer.MOST_LETTERS)
    for field, words in (("question", text), ("answer", answer)):
        refuse_personal_data(privacy.unpublishable(words), field)
    question = Question(
        source=source,
        public_title=_title(text),
        public_text=text,
        search_key=fold(text),
        topic=topic,
        consent_to_publish=True,
        status=Status.SCREENING,  # until its place in the list is known
    )
    question.save()
    basis = bases.lean_on(citations)
    Answer.objects.create(question=question, text=answer, basis=basis, is_imported=True, approved_at=timezone.now())
    publish(question, notify=False)
    question.status, question.resolution = Status.PUBLISHED, Resolution.ANSWERED
    question.save()
    people.audit("question.imported", question.key, reason=reason, source=source)
    return question, Outcome.CREATED


def _title(text):
    """The question as one line, cut at a word where it is longer than a title."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rpartition(" ")[0] + "…"
