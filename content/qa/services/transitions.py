"""What every transition of a question shares: lock, check, apply, record, notify."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.copies import refuse_copy
from content.errors import RuleBroken
from content.people import transitions
from content.people.models import User
from content.qa import policy, queries, search_keys, states
from content.qa.models import Question, QuestionTransitionLog
from content.qa.states import QuestionTransition, Resolution


def locked_question(question: Question) -> Question:
    """The question, locked until the transaction ends, with those merged into it. See `locked_questions`.

    Raises RuleBroken("not_ours") for a copy, too.
    """
    question = locked_questions([question])[0]
    refuse_copy(question)
    return question


def locked_questions(questions: Iterable[Question]) -> list[Question]:
    """These questions in the order given, locked until the transaction ends, with those merged into them.

    All are locked in one query, in the order of their ids, so that transactions never deadlock. The lock leaves the key
    free: rows that only refer to the question do not wait. Raises RuleBroken("question_erased") if the
    asker erased one meanwhile.
    """
    keys = [question.pk for question in questions]
    rows = Question.objects.filter(Q(pk__in=keys) | Q(same_as__in=keys)).order_by("pk")
    locked = {each.pk: each for each in rows.select_for_update(no_key=True)}
    if set(keys) - locked.keys():
        raise RuleBroken("question_erased", _("The asker has erased this question."))
    return [locked[key] for key in keys]


def require_transition(question: Question, transition: QuestionTransition, *, by: User | None) -> None:
    """Refuse the transition unless the question has it and `by` may make it. `by` is None for the asker.

    Raises RuleBroken("wrong_status"), NotAllowed("not_allowed").
    """
    transitions.require(states.TABLE, question, transition, by=by, may=policy.may)


def apply_transition(
    question: Question,
    transition: QuestionTransition,
    *,
    by: User | None,
    reason: str = "",
    to: str = "",
    **columns: Any,
) -> None:
    """Make the transition with these columns and write its history and, if staff made it, the audit.

    Call `require_transition` first. `to` is needed where the table has several targets. Questions merged into one that
    ends without an answer are opened again, so that nobody is left without one.
    """
    has_ended = states.ends(transition)
    columns["resolution"] = states.RESOLUTIONS[transition] if has_ended else ""
    if has_ended:
        columns.setdefault("due_on", None)
    before = transitions.apply(
        states.TABLE, question, transition, by=by, reason=reason, to=to, is_audited=by is not None, **columns
    )
    QuestionTransitionLog.objects.create(
        question=question, transition=transition, from_status=before, to_status=question.status, by=by, reason=reason
    )
    if has_ended and question.resolution not in (Resolution.ANSWERED, Resolution.DUPLICATE):
        reopen_duplicates(question)


def reopen_duplicates(question: Question) -> None:
    """Open the questions again that were merged into this one: their askers need an answer of their own."""
    for duplicate in question.duplicates.order_by("pk"):
        apply_transition(
            duplicate, QuestionTransition.REOPEN, by=None, same_as=None, due_on=queries.due_day_of(duplicate)
        )


def record_change_for_askers(question: Question, event_type: EventType, *, public: Change | None = None) -> None:
    """Record private changes, without text of the question, for its asker and the askers of merged questions.

    Each change names the reader's own question and the `public` change of the same news, if any, so that a follower is
    notified only once. A question whose asker was erased gets none.
    """
    facts = {"public": public.pk} if public and public.notify else {}
    for own in Question.objects.filter(Q(pk=question.pk) | Q(same_as=question), reader__isnull=False).order_by("pk"):
        record_change_for_asker(own, event_type, **facts)


def record_change_for_asker(question: Question, event_type: EventType, **facts: Any) -> None:
    """Record a private change about this question for its own asker."""
    if question.reader_id:
        changes.record_change(event_type, question.key, nature=Nature.EDITORIAL, reader=question.reader, facts=facts)


def record_public_change(
    question: Question, event_type: EventType, *, nature: Nature = Nature.EDITORIAL, notify: bool = True, **facts: Any
) -> Change:
    """Record a public change and return it. It has no text of the question: the change log cannot be redacted."""
    question.public_changed_at = timezone.now()
    question.save(update_fields=["public_changed_at"])
    search_keys.refresh_question_search_keys(question)
    return changes.record_change(
        event_type,
        question.key,
        nature=nature,
        notify=notify,
        topics=[question.topic.key] if question.topic else [],
        organisation=question.organisation.key if question.organisation else "",
        facts=facts,
    )


def unpublish(question: Question, **facts: Any) -> None:
    """Stop publishing the question and record that. A no-op if it is not public. The transition saves the row."""
    if question.is_public:
        record_public_change(question, EventType.QUESTION_WITHDRAWN, nature=Nature.WITHDRAWAL, notify=False, **facts)
        search_keys.clear_question_search_keys(question)
        question.published_at = question.publication = None
