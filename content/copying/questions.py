"""A public question as data, and put from data: the redacted copy and its answers with what they cite.

Who asked, the words of the asker, ratings, reports and the names of staff are no part of it.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis.models import Basis
from content.changes.models import Change
from content.copying import fields
from content.copying.citations import citations_data, put_citations
from content.copying.fields import Data, RecordRefused, iso_day, iso_moment
from content.organisations.models import Organisation, Province
from content.personal_data import redaction
from content.qa import search_keys
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Answer, Question
from content.qa.queries import published_answers
from content.qa.states import QuestionStatus, Resolution
from content.text.vietnamese import fold
from content.topics.models import Topic

KEY = re.compile(r"hoi-[a-z0-9]{1,16}")


def as_data(question: Question) -> dict[str, Any]:
    """All that is public of a published question, as JSON."""
    answers = published_answers(question).select_related("basis").prefetch_related("basis__citations")
    return {
        "title": question.public_title,
        "text": question.public_text,
        "topic": question.topic.key if question.topic else "",
        "province": question.province.key if question.province else "",
        "organisation": question.organisation.key if question.organisation else "",
        "published_at": iso_moment(question.published_at),
        "answers": [
            {
                "text": each.text,
                "approved_at": iso_moment(each.approved_at),
                "confirmed_at": iso_moment(each.confirmed_at),
                "read_on": iso_day(each.basis.read_on),
                "citations": citations_data(each.basis),
            }
            for each in answers.order_by("approved_at", "pk")
        ],
    }


def put(question: Question, data: Data) -> Question:
    """Make the question (new or locked, with its key and home) what the data say; `announce` then publishes a new one.

    Personal data that the home overlooked are refused here too. Raises RecordRefused, RecordWaits.
    """
    title, text = fields.typed(data, "title", most=TITLE_LENGTH), fields.typed(data, "text", most=TEXT_LENGTH)
    if not KEY.fullmatch(question.key) or not title.strip() or not data.get("answers"):
        raise RecordRefused(_("The record has no key, no title or no answer."))
    for words in (title, text):
        redaction.refuse_unpublishable(words, "text")
    question.public_title, question.public_text, question.search_key = title, text, fold(f"{title} {text}")
    question.topic = fields.known_row(Topic, fields.text(data, "topic"), "topic")
    question.province = fields.known_row(Province, fields.text(data, "province"), "province")
    question.organisation = fields.known_row(Organisation, fields.text(data, "organisation"), "body")
    question.consent_to_publish = True
    if not question.is_public:
        question.status, question.resolution = QuestionStatus.SCREENING, ""  # until its publication is recorded
    try:
        question.clean_fields(exclude=["topic", "province", "organisation", "reader"])
    except ValidationError as error:
        raise RecordRefused(str(error)) from error
    question.save()
    _put_answers(question, fields.items(data, "answers"))
    return question


def announce(question: Question, data: Data, change: Change) -> None:
    """Publish a new copy in the place that the change has in the log, and renew what search reads."""
    if not question.is_public:
        question.publication = change.pk
    question.published_at = fields.moment(data, "published_at") or change.changed_at
    question.status, question.resolution = QuestionStatus.PUBLISHED, Resolution.ANSWERED
    question.public_changed_at = timezone.now()
    question.save()
    search_keys.refresh_question_search_keys(question)


def _put_answers(question: Question, rows: Sequence[Data]) -> None:
    stored = {each.approved_at: each for each in question.answers.exclude(approved_at=None).select_related("basis")}
    question.answers.filter(approved_at=None).delete()
    for row in rows:
        approved_at, read_on = fields.moment(row, "approved_at"), fields.day(row, "read_on")
        if approved_at is None or read_on is None:
            raise RecordRefused(_("An answer of the record does not say when it was approved, or of which day it is."))
        words = fields.typed(row, "text", most=Answer.MAX_LENGTH)
        redaction.refuse_unpublishable(words, "answer")
        answer = stored.pop(approved_at, None) or Answer(
            question=question, approved_at=approved_at, is_imported=True, basis=Basis.objects.create(read_on=read_on)
        )
        confirmed_at = fields.moment(row, "confirmed_at")
        if confirmed_at != answer.confirmed_at:  # read again at its home: what had changed is settled
            answer.basis.changes.filter(settled_at=None).update(settled_at=timezone.now())
        answer.text, answer.confirmed_at = words, confirmed_at
        Basis.objects.filter(pk=answer.basis_id).update(read_on=read_on)
        answer.save()
        put_citations(answer.basis, fields.items(row, "citations"))
    for gone in stored.values():
        gone.delete()


def scope_of(data: Data) -> Sequence[str]:
    """Keys of the bodies and provinces that the object speaks for."""
    return [each for each in (fields.text(data, "organisation"), fields.text(data, "province")) if each]
