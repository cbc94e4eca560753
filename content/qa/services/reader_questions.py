"""What readers do with their own questions: ask, add, take back, be forgotten."""

import datetime
import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis.models import Basis
from content.errors import QuotaExceeded, RuleBroken
from content.people import text_input
from content.people.models import IdempotencyKey, Reader
from content.qa import queries
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, ProblemReport, Question
from content.qa.services import transitions
from content.qa.services.answers import discard_draft
from content.qa.states import QuestionTransition, Resolution

QUESTIONS_PER_HOUR = 10  # accepted ones, of one reader
HOUR = datetime.timedelta(hours=1)
ERASED_COLUMNS = {"title": "", "text": "", "public_title": "", "public_text": "", "search_key": "", "redacted_by": None}


@transaction.atomic
def ask(
    reader, *, title, text, consent_to_publish, topic=None, province=None, idempotency_key="", about="",
    filed_under=None, refusal=None,
):  # fmt: skip
    """Take in a reader's question. Returns (question, created).

    `about`: the key of what it is asked for, if anything; `filed_under`: its topic where the reader names none;
    `refusal`: a RuleBroken where nothing new is taken in just now. With an `idempotency_key` (255 characters at most)
    the same again returns the question that was made, as it stands now, and another question under the same key raises
    RuleBroken("idempotency_key_reused"). Raises TooMany beyond 10 accepted in an hour, and those of `wording.clean`.
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)  # of two at once with the same key the second waits
    title = text_input.clean_line(title, "title", most=TITLE_LENGTH)
    text = text_input.clean_text(text, "text", most=TEXT_LENGTH)
    posted = [title, text, consent_to_publish, topic and topic.key, province and province.key]
    if about:
        posted.append(about)
    fingerprint = hashlib.sha256(json.dumps(posted).encode()).hexdigest()
    if made := _question_made_before(reader, idempotency_key, fingerprint):
        return made, False
    if refusal:
        raise refusal
    _refuse_too_many(reader)
    question = Question(
        reader=reader, title=title, text=text, topic=topic or filed_under, province=province,
        consent_to_publish=consent_to_publish,
    )  # fmt: skip
    question.due_on = queries.due_day_of(question)
    question.save()
    if idempotency_key:
        IdempotencyKey.objects.create(reader=reader, key=idempotency_key, fingerprint=fingerprint, subject=question.key)
    return question, True


def refuse_reused_key(reader, idempotency_key):
    """For what cannot be a question at all: under a key of one that was taken in it is another body than that one's.

    Raises RuleBroken("idempotency_key_reused").
    """
    _question_made_before(reader, idempotency_key, fingerprint=None)


@transaction.atomic
def add_detail(question, *, text):
    """The asker answers what they were asked; the question goes back to be screened. Returns it.

    The public copy, where there was one, is to be made anew. Raises RuleBroken("wrong_status", "too_long") and those of
    `wording.clean`.
    """
    question = transitions.locked_question(question)
    transitions.require_transition(question, QuestionTransition.ADD_DETAIL, by=None)
    added = text_input.clean_text(text, "text", most=TEXT_LENGTH)
    text = text_input.clean_text(f"{question.text}\n\n{added}", "text", most=TEXT_LENGTH)
    anew = ERASED_COLUMNS | {"title": question.title, "text": text, "due_on": queries.due_day_of(question)}
    transitions.apply_transition(question, QuestionTransition.ADD_DETAIL, by=None, **anew)
    return question


@transaction.atomic
def withdraw(question):
    """The asker takes it back: its words are erased, what was public is so no longer. A repeat is a no-op.

    Also what was closed long ago: what was answered, or why it was refused, stays in the asker's list.
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
def erase_questions_of(reader):
    """Erase what a reader asked: of published questions only the redacted copy stays, the others go altogether.

    To be called before the reader is deleted; whose questions they were is then nowhere any more. A question that
    others were merged into goes too; theirs are opened again.
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


def _question_made_before(reader, key, fingerprint):
    standing = key and IdempotencyKey.objects.filter(reader=reader, key=key).first()
    if not standing:
        return None
    if standing.fingerprint != fingerprint:
        raise RuleBroken("idempotency_key_reused", _("Another question was sent under this Idempotency-Key."))
    return queries.questions_of(reader).get(key=standing.subject)


def _refuse_too_many(reader):
    recent = reader.questions.filter(asked_at__gt=timezone.now() - HOUR).order_by("-asked_at")
    last = recent[QUESTIONS_PER_HOUR - 1 : QUESTIONS_PER_HOUR].first()
    if last:
        message = _("At most %d questions an hour.") % QUESTIONS_PER_HOUR
        raise QuotaExceeded("too_many_questions", message, until=last.asked_at + HOUR)
