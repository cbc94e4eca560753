"""Questions that readers ask before an event. Apart from that they are questions like any other."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.events.models import AdvanceQuestion, Event
from content.events.services import transitions
from content.events.states import AHEAD_STATUSES
from content.people.models import Reader
from content.qa import services as questions
from content.qa.models import Question


@transaction.atomic
def ask_advance_question(
    event: Event, reader: Reader, *, refusal: RuleBroken | None = None, **data: Any
) -> tuple[Question, bool]:
    """Create a reader's question for an event that has not ended. Returns (question, created).

    `data`, `refusal` and errors are those of `qa.services.ask`; without a topic it gets the event's first one. Raises
    RuleBroken("event_not_ahead") after the event ended or was cancelled; questions asked before are still answered.
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)  # before the event, as registrations lock them
    event = transitions.locked_event(event)
    is_ahead = event.status in AHEAD_STATUSES
    if not is_ahead:
        refusal = RuleBroken(
            "event_not_ahead", _("The event has ended or was cancelled: you can no longer ask questions for it.")
        )
    topic = event.topics.order_by("position").first()
    question, created = questions.ask(reader, asked_for=event.key, default_topic=topic, refusal=refusal, **data)
    if created:
        AdvanceQuestion.objects.create(event=event, question=question)
    return question, created
