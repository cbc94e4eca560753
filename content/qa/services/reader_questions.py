"""What readers do with their own questions: ask, add detail, withdraw, erase."""

import datetime
import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis.models import Basis
from content.errors import QuotaExceeded, RuleBroken
from content.organisations.models import Province
from content.people import text_input
from content.people.models import IdempotencyKey, Reader
from content.qa import queries
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, ProblemReport, Question
from content.qa.services import transitions
from content.qa.services.answers import discard_draft
from content.qa.states import QuestionTransition, Resolution
from content.topics.models import Topic

QUESTIONS_PER_HOUR = 10  # accepted ones, of one reader
HOUR = datetime.timedelta(hours=1)
ERASED_COLUMNS: dict[str, Any] = {
    "title": "",
    "text": "",
    "public_title": "",
    "public_text": "",
    "search_key": "",
    "redacted_by": None,
}


@transaction.atomic
def ask(
    reader: Reader,
    *,
    title: str,
    text: str,
    consent_to_publish: bool,
    topic: Topic | None = None,
    province: Province | None = None,
    idempotency_key: str = "",
    asked_for: str = "",
    default_topic: Topic | None = None,
    refusal: RuleBroken | None = None,
) -> tuple[Question, bool]:
    """Create a reader's question. Returns (question, created).

    `asked_for` is the key of the event it is asked for, if any; `default_topic` is used if the reader names none;
    `refusal` is raised if the question would be new. With an `idempotency_key` (at most 255 characters) the same
    request again returns the question created before, as it is now; another question under the same key raises
    RuleBroken("idempotency_key_reused"). Raises QuotaExceeded after 10 accepted questions in an hour, and what
    `text_input.clean_text` raises.
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)  # of two at once with the same key the second waits
    title = text_input.clean_line(title, "title", max_length=TITLE_LENGTH)
    text = text_input.clean_text(text, "text", max_length=TEXT_LENGTH)
    posted = [title, text, consent_to_publish, topic and topic.key, province and province.key]
    if asked_for:
        posted.append(asked_for)
    fingerprint = hashlib.sha256(json.dumps(posted).encode()).hexdigest()
    if existing := _question_made_before(reader, idempotency_key, fingerprint):
        return existing, False
    if refusal:
        raise refusal
    _refuse_too_many(reader)
    question = Question(
        reader=reader, title=title, text=text, topic=topic or default_topic, province=province,
        consent_to_publish=consent_to_publish,
    )  # fmt: skip
    question.due_on = queries.due_day_of(question)
    question.save()
    if idempotency_key:
        IdempotencyKey.objects.create(reader=reader, key=idempotency_key, fingerprint=fingerprint, subject=question.key)
    return question, True


def refuse_reused_key(reader: Reader, idempotency_key: str) -> None:
    """Refuse an invalid request whose key was used for an accepted question: its body must differ from that one.

    Raises RuleBroken("idempotency_key_reused").
    """
    _question_made_before(reader, idempotency_key, fingerprint=None)


@transaction.atomic
def add_detail(question: Question, *, text: str) -> Question:
    """Add the detail that staff asked for; the question is screened again. Returns it.

    The public copy is cleared and must be made again. Raises RuleBroken("wrong_status", "too_long") and what
    `text_input.clean_text` raises.
    """
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.ADD_DETAIL, by=None)
    added = text_input.clean_text(text, "text", max_length=TEXT_LENGTH)
    text = text_input.clean_text(f"{question.text}\n\n{added}", "text", max_length=TEXT_LENGTH)
    columns = ERASED_COLUMNS | {"title": question.title, "text": text, "due_on": queries.due_day_of(question)}
    transitions.apply_transition(question, QuestionTransition.ADD_DETAIL, by=None, **columns)
    return question


@transaction.atomic
def withdraw(question: Question) -> Question:
    """Withdraw a question for its asker: erase its text and stop publishing it. A repeat is a no-op.

    A closed question can be withdrawn too; its answer, or the reason of its refusal, stays in the asker's list.
    """
    question = transitions.locked_question(question)
    if question.resolution == Resolution.WITHDRAWN and not question.title:
        return question
    transitions.require_transition(question, QuestionTransition.WITHDRAW, by=None)
    discard_draft(question)
    transitions.unpublish(question)
    transitions.apply_transition(question, QuestionTransition.WITHDRAW, by=None, same_as=None, **ERASED_COLUMNS)
    return question


@transaction.atomic
def erase_questions_of(reader: Reader) -> None:
    """Delete a reader's questions; of published ones only the public copy stays, without its asker.

    Call it before the reader is deleted. Questions that were merged into a deleted one are opened again.
    """
    for question in transitions.locked_questions(Question.objects.filter(reader=reader).order_by("pk")):
        if question.is_public:
            Question.objects.filter(pk=question.pk).update(title="", text="", reader=None)
        else:
            transitions.reopen_duplicates(question)
            bases = list(question.answers.values_list("basis", flat=True))
            question.delete()
            Basis.objects.filter(pk__in=bases).delete()
    ProblemReport.objects.filter(reader=reader).update(text="", reader=None)


def _question_made_before(reader: Reader, key: str, fingerprint: str | None) -> Question | None:
    existing = key and IdempotencyKey.objects.filter(reader=reader, key=key).first()
    if not existing:
        return None
    if existing.fingerprint != fingerprint:
        raise RuleBroken(
            "idempotency_key_reused", _("This Idempotency-Key was used for another question. Send a new key.")
        )
    return queries.questions_of(reader).get(key=existing.subject)


def _refuse_too_many(reader: Reader) -> None:
    recent = reader.questions.filter(asked_at__gt=timezone.now() - HOUR).order_by("-asked_at")
    last = recent[QUESTIONS_PER_HOUR - 1 : QUESTIONS_PER_HOUR].first()
    if last:
        message = _("You can ask at most %d questions an hour. Try again later.") % QUESTIONS_PER_HOUR
        raise QuotaExceeded("too_many_questions", message, until=last.asked_at + HOUR)
