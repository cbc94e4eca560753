"""Writing an event down before anybody hears of it."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.documents.effect import VIETNAM, today
from content.errors import RuleBroken
from content.events import policy
from content.events.models import PLACE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Event, MaterialLink, Session, Speaker
from content.events.services import steps
from content.events.states import Step
from content.qa import wording

PARTS = ("topics", "sessions", "speakers", "materials")
LONGEST_URL = 500
MOST_SEATS = 1_000_000
FIRST_YEAR, YEARS_AHEAD = 1945, 10  # as for all days that the API takes


@transaction.atomic
def plan(*, by=None, topics=(), sessions=(), speakers=(), materials=(), **columns):
    """Write the draft of an event. Returns it.

    `columns` are those of Event; `sessions`: [(title, starts_at, ends_at, [(name, about)])], `speakers` of the whole
    event: [(name, about)], `materials`: [(title, url)]. Raises RuleBroken with the field: "out_of_time",
    "ends_before_it_begins", "no_seat", "bad_window", "no_such_province_then", "outside" (a session that is not within
    the event), "bad_address", those of `wording.clean`; NotAllowed("not_yours").
    """
    if by is not None and not policy.may_write(by):
        raise steps.NotAllowed("not_yours", _("You do not write events."))
    event = Event(written_by=by, **columns)
    tidy(event)
    event.save()
    put_parts(event, topics=topics, sessions=sessions, speakers=speakers, materials=materials)
    steps.note(event, "planned", by=by)
    return event


@transaction.atomic
def revise(event, *, by=None, seen="", **given):
    """Write the draft anew: `columns` and parts as for `plan`, what is not given stays.

    Raises what `plan` does, and "changed_meanwhile" (`seen`, see `steps.allow`).
    """
    event = steps.locked(event)
    steps.allow(event, Step.REVISE, by=by, seen=seen)
    event.written_by = by or event.written_by
    rewrite(event, given)
    steps.note(event, Step.REVISE, by=by)
    return event


def rewrite(event, given):
    """Set what is given of a locked event, save it, and replace the parts that are given."""
    parts = {name: given.pop(name) for name in PARTS if name in given}
    for name, value in given.items():
        setattr(event, name, value)
    tidy(event)
    event.save()
    put_parts(event, **parts)


def tidy(event):
    """Bring its words into form and refuse what cannot be. Raises RuleBroken, see `plan`."""
    event.title = wording.line(event.title, "title", most=TITLE_LENGTH)
    event.text = event.text.strip() and wording.clean(event.text, "text", most=TEXT_LENGTH)
    event.place = event.place.strip() and wording.line(event.place, "place", most=PLACE_LENGTH)
    event.data_purpose = event.data_purpose.strip() and wording.line(event.data_purpose, "data_purpose", most=500)
    for field in ("online_url", "recording_url"):
        setattr(event, field, getattr(event, field) and web_address(getattr(event, field), field))
    event.audiences, event.languages = sorted(set(event.audiences)), sorted(set(event.languages))
    refuse_out_of_time(event)
    if event.ends_at <= event.starts_at:
        raise RuleBroken("ends_before_it_begins", _("It must end after it begins."), field="ends_at")
    if event.capacity is not None and not 1 <= event.capacity <= MOST_SEATS:
        raise RuleBroken("no_seat", _("From 1 to %d seats, or empty.") % MOST_SEATS, field="capacity")
    refuse_bad_window(event)
    refuse_bad_province(event)


def refuse_out_of_time(event):
    """A year is mistyped easily, and beyond some the database or a calendar cannot follow."""
    last = today().year + YEARS_AHEAD
    for name in ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at"):
        moment = getattr(event, name)
        if moment and not FIRST_YEAR <= moment.year <= last:
            message = _("A year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": last}
            raise RuleBroken("out_of_time", message, field=name)


def refuse_bad_window(event):
    opens, closes = event.registration_opens_at, event.registration_closes_at
    if (opens is None) != (closes is None) or (opens and not opens < closes <= event.ends_at):
        message = _("Registration must close after it opens, and before the event ends.")
        raise RuleBroken("bad_window", message, field="registration_closes_at")


def refuse_past(event):
    """What is announced is still to come, and whoever may register still can."""
    now = timezone.now()
    if event.starts_at <= now:
        raise RuleBroken("past", _("It must begin after now."), field="starts_at")
    if event.registration_closes_at and event.registration_closes_at <= now:
        raise RuleBroken("past_window", _("Registration would be closed already."), field="registration_closes_at")


def refuse_bad_province(event):
    """A province is a row with days: one that was redrawn is no place for what takes place since."""
    province, day = event.province, event.starts_at.astimezone(VIETNAM).date()
    if province is None:
        return
    if (province.valid_from and day < province.valid_from) or (province.valid_to and day >= province.valid_to):
        message = _("On that day there is no %s.") % province.name
        raise RuleBroken("no_such_province_then", message, field="province")


def put_parts(event, *, topics=None, sessions=None, speakers=None, materials=None):
    """Replace the parts that are given."""
    if topics is not None:
        event.topics.set(topics)
    if sessions is not None:
        event.speakers.exclude(session=None).delete()
        event.sessions.all().delete()
        for session in sessions:
            _put_session(event, *session)
    if speakers is not None:
        event.speakers.filter(session=None).delete()
        Speaker.objects.bulk_create(_speaker(event, None, each) for each in speakers)
    if materials is not None:
        event.materials.all().delete()
        links = {web_address(url, "materials"): title for title, url in materials}
        MaterialLink.objects.bulk_create(
            MaterialLink(event=event, url=url, title=wording.line(title, "materials", most=TITLE_LENGTH))
            for url, title in links.items()
        )


def _put_session(event, title, starts_at, ends_at, speakers=()):
    if not event.starts_at <= starts_at < ends_at <= event.ends_at:
        message = _("A session begins, ends, and does both within the event.")
        raise RuleBroken("outside", message, field="sessions")
    title = wording.line(title, "sessions", most=TITLE_LENGTH)
    session = Session.objects.create(event=event, title=title, starts_at=starts_at, ends_at=ends_at)
    Speaker.objects.bulk_create(_speaker(event, session, each) for each in speakers)


def _speaker(event, session, named):
    name, about = named
    about = about.strip() and wording.line(about, "speakers", most=300)
    return Speaker(event=event, session=session, name=wording.line(name, "speakers", most=200), about=about)


def web_address(text, field):
    """An absolute http(s) address. Raises RuleBroken("bad_address"): it is put before people to tap."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and text.isprintable() and " " not in text
    except ValueError:
        sound = False
    if not sound or len(text) > LONGEST_URL:
        raise RuleBroken("bad_address", _("An address that begins with https:// or http://."), field=field)
    return text
