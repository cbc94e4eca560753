"""Questions in advance: an event's, and in all else questions like any other."""

from django.db import transaction
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.events.models import AdvanceQuestion
from content.events.services import transitions
from content.events.states import AHEAD_STATUSES
from content.people.models import Reader
from content.qa import services as questions


@transaction.atomic
def ask_advance_question(event, reader, **papers):
    """Take in a reader's question for an event that is ahead. Returns (question, created).

    `papers` and what is raised as for `qa.services.ask`; its topic is the event's first where none is given. Raises
    RuleBroken("event_not_ahead") once the event is over or cancelled; what was taken in before is answered as before.
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)  # before the event, as whoever registers does
    event = transitions.locked_event(event)
    is_ahead = event.status in AHEAD_STATUSES
    refusal = None if is_ahead else RuleBroken("event_not_ahead", _("The event is over, or does not take place."))
    topic = event.topics.order_by("position").first()
    question, created = questions.ask(reader, about=event.key, filed_under=topic, refusal=refusal, **papers)
    if created:
        AdvanceQuestion.objects.create(event=event, question=question)
    return question, created
