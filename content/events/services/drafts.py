"""Plan an event and revise its draft."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.errors import NotAllowed, RuleBroken
from content.events import policy
from content.events.models import PLACE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Event, MaterialLink, Session, Speaker
from content.events.programme import SessionLine
from content.events.services import transitions
from content.events.states import EventTransition
from content.people import services as people
from content.people import text_input
from content.people.models import User
from content.topics.models import Topic
from content.vietnam_time import VIETNAM_TIME, today

PARTS = ("topics", "sessions", "speakers", "materials")
MAX_URL_LENGTH = 500
MAX_SEATS = 1_000_000
FIRST_YEAR, MAX_YEARS_AHEAD = 1945, 10  # as for all dates of the API


@transaction.atomic
def plan(
    *,
    by: User | None = None,
    topics: Iterable[Topic] = (),
    sessions: Iterable[SessionLine] = (),
    speakers: Iterable[tuple[str, str]] = (),
    materials: Iterable[tuple[str, str]] = (),
    **columns: Any,
) -> Event:
    """Write the draft of an event. Returns it.

    `columns` are those of Event, `speakers` of the whole event are [(name, about)], `materials` [(title, url)]. Raises
    RuleBroken with the field: "date_out_of_range", "ends_before_start", "capacity_out_of_range",
    "invalid_registration_period", "province_not_valid_then", "session_outside_event" (a session that is not within the
    event), "invalid_url", and what `text_input.clean_text` raises; NotAllowed("not_allowed").
    """
    if by is not None and not policy.may_write(by):
        raise NotAllowed("not_allowed", _("You are not allowed to plan events."))
    event = Event(written_by=by, **columns)
    clean_event(event)
    event.save()
    replace_parts(event, topics=topics, sessions=sessions, speakers=speakers, materials=materials)
    people.audit("event.planned", event.key, by=by)
    return event


@transaction.atomic
def revise(event: Event, *, by: User | None = None, seen: str = "", **columns: Any) -> Event:
    """Revise the draft: `columns` and parts as for `plan`; what is omitted stays.

    Raises what `plan` raises, and "changed_meanwhile" (`seen`, see `require_transition`).
    """
    event = transitions.locked_event(event)
    transitions.require_transition(event, EventTransition.REVISE, by=by, seen=seen)
    event.written_by = by or event.written_by
    update_event(event, columns)
    transitions.audit_transition(event, EventTransition.REVISE, by=by)
    return event


def update_event(event: Event, columns: dict[str, Any]) -> None:
    """Set columns of a locked event, save it, and replace the parts that `columns` has."""
    parts = {name: columns.pop(name) for name in PARTS if name in columns}
    for name, value in columns.items():
        setattr(event, name, value)
    clean_event(event)
    event.save()
    replace_parts(event, **parts)


def clean_event(event: Event) -> None:
    """Clean the texts and check the columns. Raises RuleBroken, see `plan`."""
    event.title = text_input.clean_line(event.title, "title", max_length=TITLE_LENGTH)
    event.text = event.text.strip() and text_input.clean_text(event.text, "text", max_length=TEXT_LENGTH)
    event.place = event.place.strip() and text_input.clean_line(event.place, "place", max_length=PLACE_LENGTH)
    event.data_purpose = event.data_purpose.strip() and text_input.clean_line(
        event.data_purpose, "data_purpose", max_length=500
    )
    for field in ("online_url", "recording_url"):
        setattr(event, field, getattr(event, field) and clean_url(getattr(event, field), field))
    event.audiences, event.languages = sorted(set(event.audiences)), sorted(set(event.languages))
    refuse_out_of_time(event)
    if event.ends_at <= event.starts_at:
        raise RuleBroken("ends_before_start", _("The end must be after the start."), field="ends_at")
    if event.capacity is not None and not 1 <= event.capacity <= MAX_SEATS:
        raise RuleBroken(
            "capacity_out_of_range", _("Enter 1 to %d seats, or leave this empty.") % MAX_SEATS, field="capacity"
        )
    refuse_bad_window(event)
    refuse_bad_province(event)


def refuse_out_of_time(event: Event) -> None:
    """Refuse mistyped years, and those that the database or a calendar cannot store."""
    last = today().year + MAX_YEARS_AHEAD
    for name in ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at"):
        moment = getattr(event, name)
        if moment and not FIRST_YEAR <= moment.year <= last:
            message = _("Enter a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": last}
            raise RuleBroken("date_out_of_range", message, field=name)


def refuse_bad_window(event: Event) -> None:
    opens, closes = event.registration_opens_at, event.registration_closes_at
    is_without = opens is None and closes is None
    if not is_without and not (opens and closes and opens < closes <= event.ends_at):
        message = _("Registration must close after it opens and before the event ends.")
        raise RuleBroken("invalid_registration_period", message, field="registration_closes_at")


def refuse_past(event: Event) -> None:
    """Refuse to announce an event that has begun or whose registration has closed."""
    now = timezone.now()
    if event.starts_at <= now:
        raise RuleBroken("starts_in_past", _("The start must be in the future."), field="starts_at")
    if event.registration_closes_at and event.registration_closes_at <= now:
        raise RuleBroken(
            "registration_already_closed", _("Registration must close in the future."), field="registration_closes_at"
        )


def refuse_bad_province(event: Event) -> None:
    """Refuse a province that does not exist on the day of the event: provinces were merged."""
    province, day = event.province, event.starts_at.astimezone(VIETNAM_TIME).date()
    if province is None:
        return
    if (province.valid_from and day < province.valid_from) or (province.valid_until and day >= province.valid_until):
        message = _("%s does not exist on the day of the event. Choose another province.") % province.name
        raise RuleBroken("province_not_valid_then", message, field="province")


def replace_parts(
    event: Event,
    *,
    topics: Iterable[Topic] | None = None,
    sessions: Iterable[SessionLine] | None = None,
    speakers: Iterable[tuple[str, str]] | None = None,
    materials: Iterable[tuple[str, str]] | None = None,
) -> None:
    """Replace the parts that are given."""
    if topics is not None:
        event.topics.set(topics)
    if sessions is not None:
        event.speakers.exclude(session=None).delete()
        event.sessions.all().delete()
        for session in sessions:
            _create_session(event, session)
    if speakers is not None:
        event.speakers.filter(session=None).delete()
        Speaker.objects.bulk_create(_speaker(event, None, each) for each in speakers)
    if materials is not None:
        event.materials.all().delete()
        links = {clean_url(url, "materials"): title for title, url in materials}
        MaterialLink.objects.bulk_create(
            MaterialLink(event=event, url=url, title=text_input.clean_line(title, "materials", max_length=TITLE_LENGTH))
            for url, title in links.items()
        )


def _create_session(event: Event, line: SessionLine) -> None:
    if not event.starts_at <= line.starts_at < line.ends_at <= event.ends_at:
        message = _("A session must end after it starts, and be within the event.")
        raise RuleBroken("session_outside_event", message, field="sessions")
    title = text_input.clean_line(line.title, "sessions", max_length=TITLE_LENGTH)
    session = Session.objects.create(event=event, title=title, starts_at=line.starts_at, ends_at=line.ends_at)
    Speaker.objects.bulk_create(_speaker(event, session, each) for each in line.speakers)


def _speaker(event: Event, session: Session | None, named: tuple[str, str]) -> Speaker:
    name, about = named
    about = about.strip() and text_input.clean_line(about, "speakers", max_length=300)
    return Speaker(
        event=event, session=session, name=text_input.clean_line(name, "speakers", max_length=200), about=about
    )


def clean_url(text: str, field: str) -> str:
    """An absolute http(s) URL. Raises RuleBroken("invalid_url"): people will open it."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in ("http", "https") and parts.hostname and text.isprintable() and " " not in text
    except ValueError:
        is_valid = False
    if not is_valid or len(text) > MAX_URL_LENGTH:
        raise RuleBroken("invalid_url", _("Enter an address that begins with https:// or http://."), field=field)
    return text
