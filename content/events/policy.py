"""Who of the staff may do what with events. The staff site and the services both ask here."""

from django.utils import timezone

from content.events import states
from content.events.models import Event
from content.events.states import EventTransition
from content.people import transitions
from content.people.models import AnyUser

REQUIRED_PERMISSION = {
    EventTransition.REVISE: "content.change_event",
    EventTransition.ANNOUNCE: "content.announce_event",
    EventTransition.CORRECT: "content.announce_event",
    EventTransition.MOVE: "content.announce_event",
    EventTransition.CANCEL: "content.announce_event",
    EventTransition.ADD_RECORDING: "content.announce_event",
}


SYSTEM_TRANSITIONS = (EventTransition.CONCLUDE,)


def may(user: AnyUser, transition: EventTransition, event: Event) -> bool:
    """Whether the person may make the transition, whatever the status of the event. If not, the answer is 403.

    The author of an event does not announce it; publishers may.
    """
    if transition in SYSTEM_TRANSITIONS or not user.has_perm(REQUIRED_PERMISSION[transition]):
        return False
    if transition == EventTransition.ANNOUNCE and event.written_by_id == user.pk:
        return user.has_perm("content.announce_own_event")
    return True


def available_transitions(user: AnyUser, event: Event) -> list[EventTransition]:
    """The transitions that the event has now and this user may make, in the order of its life."""

    def may_now(transition: EventTransition) -> bool:
        is_too_early = transition == EventTransition.ADD_RECORDING and event.starts_at > timezone.now()
        return not is_too_early and may(user, transition, event)

    return transitions.offered(states.TABLE, event, may_now)


def may_write(user: AnyUser) -> bool:
    """May plan events and revise drafts."""
    return user.has_perm("content.add_event")


def may_check_in(user: AnyUser) -> bool:
    """May see who is registered, and check them in."""
    return user.has_perm("content.check_in_event")
