"""What every transition shares: lock, may it be, transition, write down, tell."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.errors import RuleBroken
from content.people import services as people
from content.qa import policy, queries, search_keys, states
from content.qa.models import Question, QuestionTransitionLog
from content.qa.states import QuestionStatus, QuestionTransition, Resolution


class NotAllowed(RuleBroken):
    """The act is not this person's to do."""


def locked_question(question):
    """The question as it stands, ours until the transaction ends, with those merged into it. See `all_locked`."""
    return locked_questions([question])[0]


def locked_questions(questions):
    """These as they stand, in the order given, ours with those merged into them: in one go, in the order of their ids.

    Without a lock on its key, as readers are locked too: rows that only name it do not wait, so none wait in a circle.
    Raises RuleBroken("question_erased") where its asker erased it meanwhile.
    """
    keys = [question.pk for question in questions]
    ours = Question.objects.filter(Q(pk__in=keys) | Q(same_as__in=keys)).order_by("pk")
    standing = {each.pk: each for each in ours.select_for_update(no_key=True)}
    if set(keys) - standing.keys():
        raise RuleBroken("question_erased", _("Its asker has erased it."))
    return [standing[key] for key in keys]


def require_transition(question, transition, *, by):
    """Raises RuleBroken("wrong_status") where the question has no such transition now, NotAllowed("not_allowed") where not `by`'s.

    `by` is a User, None the asker.
    """
    if not states.permits(question, transition):
        message = _("A question that is «%(status)s» cannot do that: %(transition)s.")
        words = {"status": QuestionStatus(question.status).label, "transition": QuestionTransition(transition).label}
        raise RuleBroken("wrong_status", message % words, field="status")
    if by is not None and not policy.may(by, transition, question):
        raise NotAllowed("not_allowed", _("This is not yours to do: %s.") % QuestionTransition(transition).label)


def apply_transition(question, transition, *, by, reason="", to=None, **columns):
    """Make the transition, with these columns set, and note it in its history and, where staff did it, in the audit.

    What was merged into a question that ends without an answer is opened again: nobody is forgotten.
    """
    before, question.status = question.status, to or states.TRANSITIONS[transition][1]
    ended = question.status in (QuestionStatus.CLOSED, QuestionStatus.PUBLISHED)
    question.resolution = states.RESOLUTIONS[transition] if ended else ""
    if ended:
        question.due_on = None
    for name, value in columns.items():
        setattr(question, name, value)
    question.save()
    QuestionTransitionLog.objects.create(
        question=question, transition=transition, from_status=before, to_status=question.status, by=by, reason=reason
    )
    if by is not None:
        people.audit(f"question.{transition}", question.key, by=by, reason=reason)
    if ended and question.resolution not in (Resolution.ANSWERED, Resolution.DUPLICATE):
        reopen_duplicates(question)


def reopen_duplicates(question):
    """Whoever asked the same waits for an answer of their own again."""
    for duplicate in question.duplicates.order_by("pk"):
        apply_transition(
            duplicate, QuestionTransition.REOPEN, by=None, same_as=None, due_on=queries.due_day_of(duplicate)
        )


def record_change_for_askers(question, event_type, *, public=None):
    """Private lines, without a word of the question: to its asker and to those whose question was merged into it.

    Each names the reader's own question, and the `public` line of the same news where there is one: whoever hears of
    that too is told once. Nobody is told of what has no asker any more.
    """
    facts = {"public": public.pk} if public and public.notify else {}
    for own in Question.objects.filter(Q(pk=question.pk) | Q(same_as=question), reader__isnull=False).order_by("pk"):
        record_change_for_asker(own, event_type, **facts)


def record_change_for_asker(question, event_type, **facts):
    """A private line about this question, to its own asker alone."""
    if question.reader_id:
        changes.record_change(event_type, question.key, nature=Nature.EDITORIAL, reader=question.reader, facts=facts)


def record_public_change(question, event_type, *, nature=Nature.EDITORIAL, notify=True, **facts):
    """A public line, and returns it. No word of the question, the redacted ones neither: the day-book never forgets."""
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


def unpublish(question, **facts):
    """A public question is so no longer: the day-book says it. A no-op where it is not public. Saved by the transition."""
    if question.is_public:
        record_public_change(question, EventType.QUESTION_WITHDRAWN, nature=Nature.WITHDRAWAL, notify=False, **facts)
        search_keys.clear_question_search_keys(question)
        question.published_at = question.publication = None
