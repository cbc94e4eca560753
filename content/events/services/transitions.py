"""What every step shares: lock, may it be, write down, tell."""

from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import event_types
from content.changes import services as changes
from content.errors import RuleBroken
from content.events import policy, queries, states
from content.events.models import Event
from content.events.states import EventStatus, EventTransition
from content.people import services as people
from content.vietnam_time import VIETNAM_TIME


class NotAllowed(RuleBroken):
    """The act is not this person's to do."""


def locked_event(event):
    """The event as it stands, ours until the transaction ends; rows that only name it do not wait.

    Before the day-book, and where several are locked in the order of their ids, so that none wait in a circle.
    """
    return Event.objects.select_for_update(no_key=True).get(pk=event.pk)


def require_transition(event, step, *, by, seen=""):
    """Raises RuleBroken("wrong_status") where the event has no such step now, NotAllowed("not_allowed") where not `by`'s.

    `by` is a User, None the system. `seen`: the `queries.state_of` the event they read, where they say so; raises
    "changed_meanwhile" where it is another now.
    """
    if not states.permits(event, step):
        message = _("An event that is «%(status)s» cannot do that: %(step)s.")
        words = {"status": EventStatus(event.status).label, "step": EventTransition(step).label}
        raise RuleBroken("wrong_status", message % words, field="status")
    if by is not None and not policy.may(by, step, event):
        raise NotAllowed("not_allowed", _("This is not yours to do: %s.") % EventTransition(step).label)
    if seen and seen != queries.event_fingerprint(event):
        raise RuleBroken("changed_meanwhile", _("It was changed since you opened it. Read it again."))


def audit_transition(event, step, *, by, reason="", **facts):
    """The row of the audit."""
    people.audit(f"event.{step}", event.key, by=by, reason=reason, **facts)


def record_event_change(event, event_type, *, notify=True, nature=event_types.EDITORIAL, topics=True, **facts):
    """A public line of the day-book about the event as it stands now; what everybody may read and nothing of readers.

    Without `topics` only followers of the event itself, and those who come, are told.
    """
    return changes.record_change(
        event_type,
        event.key,
        nature=nature,
        notify=notify,
        topics=sorted(event.topics.values_list("key", flat=True)) if topics else [],
        organisation=event.organisation.key if topics and event.organisation else "",
        facts=facts_of_event(event) | facts,
    )


def facts_of_event(event):
    """What the day-book says of the event as it stands."""
    return {
        "title": event.title,
        "kind": event.kind,
        "is_sample": event.is_sample,
        **time_and_place(event),
    }


def time_and_place(event):
    """Of an event, or of what was said before a move."""
    return {
        "starts_at": local_iso(event.starts_at),
        "ends_at": local_iso(event.ends_at),
        "place": event.place,
        "province": event.province.name if event.province else "",
        "online": bool(event.online_url),
    }


def local_iso(moment):
    """As everybody reads it: RFC 3339, Viet Nam time."""
    return moment.astimezone(VIETNAM_TIME).isoformat()


def bump_sequence(event, *, sequence=1):
    """What the public sees of it is other than before; calendars take it by the sequence. To be saved by the caller."""
    event.changed_at, event.sequence = timezone.now(), event.sequence + sequence
