"""What readers do: ask, add, take back, rate, report."""

import datetime
import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.errors import RuleBroken
from content.people.models import IdempotencyKey, Reader
from content.qa import queries
from content.qa.models import ProblemReport, Question, Rating
from content.qa.services import moves
from content.qa.states import Move, Status
from content.text.vietnamese import nfc

QUESTIONS_PER_HOUR = 10  # accepted ones, of one reader
REPORTS_PER_DAY = 20


class TooManyQuestions(RuleBroken):
    """`wait_seconds`: when the next would be accepted."""

    def __init__(self, message, wait_seconds):
        super().__init__("too_many_questions", message)
        self.wait_seconds = wait_seconds


@transaction.atomic
def ask(reader, *, title, text, consent_to_publish, topic=None, province=None, idempotency_key=""):
    """Take in a reader's question. Returns (question, created).

    With an `idempotency_key` (255 characters at most) the same again returns the question that was made, and another
    question under the same key raises RuleBroken("idempotency_key_reused"). Raises TooManyQuestions beyond 10 accepted
    in an hour, RuleBroken("blank") for a title or text of spaces.
    """
    Reader.objects.select_for_update().get(pk=reader.pk)  # of two at once with the same key the second waits
    title, text = nfc(" ".join(title.split())), nfc(text.strip())
    if not title or not text:
        raise RuleBroken("blank", _("A question needs a title and a text."), field="text" if title else "title")
    posted = [title, text, consent_to_publish, topic and topic.key, province and province.key]
    fingerprint = hashlib.sha256(json.dumps(posted).encode()).hexdigest()
    if made := _made_before(reader, idempotency_key, fingerprint):
        return made, False
    _refuse_too_many(reader)
    question = Question.objects.create(
        reader=reader, title=title, text=text, topic=topic, province=province, consent_to_publish=consent_to_publish
    )
    question.due_on = queries.due_on(question)
    question.save(update_fields=["due_on"])
    if idempotency_key:
        IdempotencyKey.objects.create(reader=reader, key=idempotency_key, fingerprint=fingerprint, subject=question.key)
    return question, True


@transaction.atomic
def add_detail(question, *, text):
    """The asker answers what they were asked; the question goes back to be screened. Raises RuleBroken("not_now")."""
    question = moves.locked(question)
    moves.allow(question, Move.ADD_DETAIL, by=None)
    text = nfc(text.strip())
    if not text:
        raise RuleBroken("blank", _("There is nothing in it."), field="text")
    together = f"{question.text}\n\n{text}"
    if len(together) > Question._meta.get_field("text").max_length:
        raise RuleBroken("too_long", _("With this the question is too long."), field="text")
    moves.move(
        question,
        Move.ADD_DETAIL,
        by=None,
        text=together,
        public_title="",
        public_text="",
        due_on=queries.due_on(question),
    )
    return question


@transaction.atomic
def withdraw(question):
    """The asker takes it back; what was public is so no longer and the words are erased. A repeat is a no-op."""
    question = moves.locked(question)
    if question.status == Status.CLOSED:
        return question
    moves.allow(question, Move.WITHDRAW, by=None)
    _take_out_of_public(question)
    moves.move(
        question, Move.WITHDRAW, by=None, title="", text="", public_title="", public_text="", search_key="",
        published_at=None,
    )  # fmt: skip
    return question


@transaction.atomic
def rate(question, *, reader, is_helpful):
    """One rating of a reader; another replaces it. Returns whether it is their first. Raises RuleBroken("own")."""
    if question.reader_id == reader.pk:
        raise RuleBroken("own", _("The asker does not rate their own question."))
    _rating, created = Rating.objects.update_or_create(
        question=question, reader=reader, defaults={"is_helpful": is_helpful}
    )
    return created


@transaction.atomic
def report(question, *, reader, kind, text=""):
    """A reader says what is not right. The same while it is open changes nothing. Returns (report, created)."""
    Reader.objects.select_for_update().get(pk=reader.pk)
    since = timezone.now() - datetime.timedelta(days=1)
    if reader.reports.filter(reported_at__gte=since).count() >= REPORTS_PER_DAY:
        raise RuleBroken("too_many_reports", _("At most %d reports a day.") % REPORTS_PER_DAY)
    return ProblemReport.objects.get_or_create(
        question=question, reader=reader, kind=kind, resolved_at=None, defaults={"text": nfc(text.strip())}
    )


@transaction.atomic
def forget_reader(reader):
    """Erase what a reader asked: unpublished questions go, of published ones only the redacted copy stays.

    To be called before the reader is deleted; whose questions they were is then nowhere any more.
    """
    mine = Question.objects.select_for_update().filter(reader=reader)
    mine.filter(published_at=None, duplicates=None).delete()
    Question.objects.filter(reader=reader).update(title="", text="", reader=None)
    ProblemReport.objects.filter(reader=reader).update(text="", reader=None)


def _made_before(reader, key, fingerprint):
    standing = key and IdempotencyKey.objects.filter(reader=reader, key=key).first()
    if not standing:
        return None
    if standing.fingerprint != fingerprint:
        raise RuleBroken("idempotency_key_reused", _("Another question was sent under this Idempotency-Key."))
    return Question.objects.get(key=standing.subject)


def _refuse_too_many(reader):
    hour = datetime.timedelta(hours=1)
    recent = reader.questions.filter(asked_at__gt=timezone.now() - hour).order_by("asked_at")
    if recent.count() >= QUESTIONS_PER_HOUR:
        free_at = recent.reverse()[QUESTIONS_PER_HOUR - 1].asked_at + hour
        wait = max(1, int((free_at - timezone.now()).total_seconds()) + 1)
        raise TooManyQuestions(_("At most %d questions an hour.") % QUESTIONS_PER_HOUR, wait)


def _take_out_of_public(question):
    if question.is_public:
        moves.tell_public(question, kinds.QUESTION_WITHDRAWN, change_kind=kinds.WITHDRAWAL, notify=False)
