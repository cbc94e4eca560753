"""Writing an event down before anybody hears of it."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.events import policy
from content.events.models import PLACE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Event, MaterialLink, Session, Speaker
from content.events.services import transitions
from content.events.states import EventTransition
from content.people import text_input
from content.vietnam_time import VIETNAM_TIME, today

PARTS = ("topics", "sessions", "speakers", "materials")
MAX_URL_LENGTH = 500
MAX_SEATS = 1_000_000
FIRST_YEAR, MAX_YEARS_AHEAD = 1945, 10  # as for all days that the API takes


@transaction.atomic
def plan(*, by=None, topics=(), sessions=(), speakers=(), materials=(), **columns):
    """Write the draft of an event. Returns it.

    `columns` are those of Event; `sessions`: [(title, starts_at, ends_at, [(name, about)])], `speakers` of the whole
    event: [(name, about)], `materials`: [(title, url)]. Raises RuleBroken with the field: "date_out_of_range",
    "ends_before_start", "capacity_out_of_range", "invalid_registration_period", "province_not_valid_then", "session_outside_event" (a session that is not within
    the event), "invalid_url", those of `wording.clean`; NotAllowed("not_allowed").
    """
    if by is not None and not policy.may_write(by):
        raise transitions.NotAllowed("not_allowed", _("You do not write events."))
    event = Event(written_by=by, **columns)
    clean_event(event)
    event.save()
    replace_parts(event, topics=topics, sessions=sessions, speakers=speakers, materials=materials)
    transitions.audit_transition(event, "planned", by=by)
    return event


@transaction.atomic
def revise(event, *, by=None, seen="", **given):
    """Write the draft anew: `columns` and parts as for `plan`, what is not given stays.

    Raises what `plan` does, and "changed_meanwhile" (`seen`, see `steps.allow`).
    """
    event = transitions.locked_event(event)
    transitions.require_transition(event, EventTransition.REVISE, by=by, seen=seen)
    event.written_by = by or event.written_by
    update_event(event, given)
    transitions.audit_transition(event, EventTransition.REVISE, by=by)
    return event


def update_event(event, given):
    """Set what is given of a locked event, save it, and replace the parts that are given."""
    parts = {name: given.pop(name) for name in PARTS if name in given}
    for name, value in given.items():
        setattr(event, name, value)
    clean_event(event)
    event.save()
    replace_parts(event, **parts)


def clean_event(event):
    """Bring its words into form and refuse what cannot be. Raises RuleBroken, see `plan`."""
    event.title = text_input.clean_line(event.title, "title", most=TITLE_LENGTH)
    event.text = event.text.strip() and text_input.clean_text(event.text, "text", most=TEXT_LENGTH)
    event.place = event.place.strip() and text_input.clean_line(event.place, "place", most=PLACE_LENGTH)
    event.data_purpose = event.data_purpose.strip() and text_input.clean_line(
        event.data_purpose, "data_purpose", most=500
    )
    for field in ("online_url", "recording_url"):
        setattr(event, field, getattr(event, field) and clean_url(getattr(event, field), field))
    event.audiences, event.languages = sorted(set(event.audiences)), sorted(set(event.languages))
    refuse_out_of_time(event)
    if event.ends_at <= event.starts_at:
        raise RuleBroken("ends_before_start", _("It must end after it begins."), field="ends_at")
    if event.capacity is not None and not 1 <= event.capacity <= MAX_SEATS:
        raise RuleBroken("capacity_out_of_range", _("From 1 to %d seats, or empty.") % MAX_SEATS, field="capacity")
    refuse_bad_window(event)
    refuse_bad_province(event)


def refuse_out_of_time(event):
    """A year is mistyped easily, and beyond some the database or a calendar cannot follow."""
    last = today().year + MAX_YEARS_AHEAD
    for name in ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at"):
        moment = getattr(event, name)
        if moment and not FIRST_YEAR <= moment.year <= last:
            message = _("A year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": last}
            raise RuleBroken("date_out_of_range", message, field=name)


def refuse_bad_window(event):
    opens, closes = event.registration_opens_at, event.registration_closes_at
    if (opens is None) != (closes is None) or (opens and not opens < closes <= event.ends_at):
        message = _("Registration must close after it opens, and before the event ends.")
        raise RuleBroken("invalid_registration_period", message, field="registration_closes_at")


def refuse_past(event):
    """What is announced is still to come, and whoever may register still can."""
    now = timezone.now()
    if event.starts_at <= now:
        raise RuleBroken("starts_in_past", _("It must begin after now."), field="starts_at")
    if event.registration_closes_at and event.registration_closes_at <= now:
        raise RuleBroken(
            "registration_already_closed", _("Registration would be closed already."), field="registration_closes_at"
        )


def refuse_bad_province(event):
    """A province is a row with days: one that was redrawn is no place for what takes place since."""
    province, day = event.province, event.starts_at.astimezone(VIETNAM_TIME).date()
    if province is None:
        return
    if (province.valid_from and day < province.valid_from) or (province.valid_until and day >= province.valid_until):
        message = _("On that day there is no %s.") % province.name
        raise RuleBroken("province_not_valid_then", message, field="province")


def replace_parts(event, *, topics=None, sessions=None, speakers=None, materials=None):
    """Replace the parts that are given."""
    if topics is not None:
        event.topics.set(topics)
    if sessions is not None:
        event.speakers.exclude(session=None).delete()
        event.sessions.all().delete()
        for session in sessions:
            _create_session(event, *session)
    if speakers is not None:
        event.speakers.filter(session=None).delete()
        Speaker.objects.bulk_create(_speaker(event, None, each) for each in speakers)
    if materials is not None:
        event.materials.all().delete()
        links = {clean_url(url, "materials"): title for title, url in materials}
        MaterialLink.objects.bulk_create(
            MaterialLink(event=event, url=url, title=text_input.clean_line(title, "materials", most=TITLE_LENGTH))
            for url, title in links.items()
        )


def _create_session(event, title, starts_at, ends_at, speakers=()):
    if not event.starts_at <= starts_at < ends_at <= event.ends_at:
        message = _("A session begins, ends, and does both within the event.")
        raise RuleBroken("session_outside_event", message, field="sessions")
    title = text_input.clean_line(title, "sessions", most=TITLE_LENGTH)
    session = Session.objects.create(event=event, title=title, starts_at=starts_at, ends_at=ends_at)
    Speaker.objects.bulk_create(_speaker(event, session, each) for each in speakers)


def _speaker(event, session, named):
    name, about = named
    about = about.strip() and text_input.clean_line(about, "speakers", most=300)
    return Speaker(event=event, session=session, name=text_input.clean_line(name, "speakers", most=200), about=about)


def clean_url(text, field):
    """An absolute http(s) address. Raises RuleBroken("invalid_url"): it is put before people to tap."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and text.isprintable() and " " not in text
    except ValueError:
        sound = False
    if not sound or len(text) > MAX_URL_LENGTH:
        raise RuleBroken("invalid_url", _("An address that begins with https:// or http://."), field=field)
    return text
