"""Who may do what to events. Predicates without HTTP; the services ask them, the desk shows by them."""

from django.utils import timezone

from content.events import states
from content.events.states import EventTransition

REQUIRED_PERMISSION = {
    EventTransition.REVISE: "content.change_event",
    EventTransition.ANNOUNCE: "content.announce_event",
    EventTransition.CORRECT: "content.announce_event",
    EventTransition.MOVE: "content.announce_event",
    EventTransition.CANCEL: "content.announce_event",
    EventTransition.ADD_RECORDING: "content.announce_event",
}


def may(user, step, event):
    """May this member of staff take that step with that event? The status is the states' business.

    Whoever wrote it is not the one who announces it, publishers apart.
    """
    if not user.has_perm(REQUIRED_PERMISSION[step]):
        return False
    if step == EventTransition.ANNOUNCE and event.written_by_id == user.pk:
        return user.has_perm("content.announce_own_event")
    return True


def transitions_for(user, event):
    """What this member of staff may do with the event as it stands now: the desk's buttons, in their order."""
    too_early = {EventTransition.ADD_RECORDING} if event.starts_at > timezone.now() else set()
    return [
        step
        for step in EventTransition
        if step not in too_early and states.permits(event, step) and may(user, step, event)
    ]


def may_write(user):
    return user.has_perm("content.add_event")


def may_check_in(user):
    """See who comes, and check them in."""
    return user.has_perm("content.check_in_event")
