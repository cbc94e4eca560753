"""A public event as data, and put from data: description, programme, speakers, materials and moves.

Registrations, check-in and who wrote it are no part of it. Readers register at its home.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from content.copying import fields
from content.copying.fields import Data, RecordRefused, iso_moment
from content.events import search_keys
from content.events.choices import EventKind
from content.events.models import Event, EventMove, MaterialLink, Session, Speaker
from content.events.states import PUBLIC_STATUSES
from content.organisations.models import Organisation, Province
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic

KEY = re.compile(r"sk-[a-z0-9]{1,17}")
TEXTS = {
    "title": 300, "text": 10_000, "place": 300, "online_url": 500, "data_purpose": 500, "recording_url": 500,
    "cancel_reason": 10_000,
}  # fmt: skip
MOMENTS = (
    "starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "announced_at", "time_announced_at",
)  # fmt: skip
MOVE_TEXTS = {"place": 300, "online_url": 500, "reason": 10_000}


def as_data(event: Event) -> dict[str, Any]:
    """All that is public of an announced event, as JSON."""
    sessions = list(event.sessions.order_by("starts_at", "pk"))
    places = {session.pk: place for place, session in enumerate(sessions)}
    return {
        **{name: getattr(event, name) for name in TEXTS},
        **{name: iso_moment(getattr(event, name)) for name in MOMENTS},
        "kind": str(event.kind),
        "status": str(event.status),
        "is_sample": event.is_sample,
        "capacity": event.capacity,
        "sequence": event.sequence,
        "audiences": [str(each) for each in event.audiences],
        "languages": [str(each) for each in event.languages],
        "organisation": event.organisation.key if event.organisation else "",
        "province": event.province.key if event.province else "",
        "topics": list(event.topics.order_by("key").values_list("key", flat=True)),
        "sessions": [{"title": each.title, **_times(each)} for each in sessions],
        "speakers": [
            {"name": each.name, "about": each.about, "session": places.get(each.session_id or 0)}
            for each in event.speakers.order_by("pk")
        ],
        "materials": [{"title": each.title, "url": each.url} for each in event.materials.order_by("pk")],
        "moves": [_move_data(each) for each in event.moves.order_by("pk").select_related("province")],
    }


def _times(row: Session | EventMove) -> dict[str, Any]:
    return {"starts_at": iso_moment(row.starts_at), "ends_at": iso_moment(row.ends_at)}


def _move_data(move: EventMove) -> dict[str, Any]:
    texts = {name: getattr(move, name) for name in MOVE_TEXTS}
    return texts | _times(move) | {"at": iso_moment(move.at), "province": move.province.key if move.province else ""}


def put(event: Event, data: Data) -> Event:
    """Make the event (new or locked, with its key and home) what the data say. Raises RecordRefused, RecordWaits."""
    _set_columns(event, data)
    topics = fields.known_rows(Topic, fields.texts(data, "topics"), "topic")
    event.changed_at = timezone.now()
    event.save()
    event.topics.set(topics)
    _put_parts(event, data)
    search_keys.refresh_event_search_keys(event)
    return event


def _set_columns(event: Event, data: Data) -> None:
    columns: dict[str, Any] = {name: fields.typed(data, name, most=most) for name, most in TEXTS.items()}
    columns |= {name: fields.moment(data, name) for name in MOMENTS}
    columns |= {"capacity": fields.number(data, "capacity"), "sequence": fields.number(data, "sequence") or 0}
    columns["kind"] = fields.choice(data, "kind", EventKind.values)
    columns["status"] = fields.choice(data, "status", [str(each) for each in PUBLIC_STATUSES])
    columns["is_sample"] = fields.flag(data, "is_sample")
    for name, values in (("audiences", Audience.values), ("languages", ContentLanguage.values)):
        columns[name] = [fields.choice({name: each}, name, values) for each in fields.texts(data, name)]
    columns["organisation"] = fields.known_row(Organisation, fields.text(data, "organisation"), "body")
    columns["province"] = fields.known_row(Province, fields.text(data, "province"), "province")
    if not KEY.fullmatch(event.key) or not all(columns[name] for name in ("title", *MOMENTS[:2], *MOMENTS[4:])):
        raise RecordRefused(_("The record has no key, no title or no time."))
    for name, value in columns.items():
        setattr(event, name, value)
    try:
        event.clean_fields(exclude=["organisation", "province", "written_by"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RecordRefused(f"«{field}»: {messages[0]}") from error


def _put_parts(event: Event, data: Data) -> None:
    """Programme, speakers, materials and moves are written anew: nobody refers to them."""
    for rows in (event.speakers, event.sessions, event.materials, event.moves):
        rows.all().delete()
    sessions = [
        Session.objects.create(event=event, title=fields.typed(row, "title", most=300), **_read_times(row))
        for row in fields.items(data, "sessions")
    ]
    for row in fields.items(data, "speakers"):
        place = fields.number(row, "session", most=max(0, len(sessions) - 1))
        session = sessions[place] if place is not None and sessions else None
        name, about = fields.typed(row, "name", most=200), fields.typed(row, "about", most=300)
        Speaker.objects.create(event=event, session=session, name=name, about=about)
    for row in fields.items(data, "materials"):
        link = MaterialLink(event=event, title=fields.typed(row, "title", most=300), url=fields.text(row, "url"))
        _clean(link)
        link.save()
    for row in fields.items(data, "moves"):
        _put_move(event, row)


def _put_move(event: Event, row: Data) -> None:
    texts = {name: fields.typed(row, name, most=most) for name, most in MOVE_TEXTS.items()}
    province = fields.known_row(Province, fields.text(row, "province"), "province")
    move = EventMove.objects.create(event=event, province=province, **texts, **_read_times(row))
    EventMove.objects.filter(pk=move.pk).update(at=fields.moment(row, "at") or move.at)


def _read_times(row: Data) -> dict[str, Any]:
    times = {name: fields.moment(row, name) for name in ("starts_at", "ends_at")}
    starts_at, ends_at = times["starts_at"], times["ends_at"]
    if starts_at is None or ends_at is None or starts_at >= ends_at:
        raise RecordRefused(_("A part of the event has no time."))
    return times


def _clean(link: MaterialLink) -> None:
    try:
        link.clean_fields(exclude=["event"])
    except ValidationError as error:
        raise RecordRefused(_("A material of the event has no address.")) from error


def scope_of(data: Data) -> Sequence[str]:
    """Keys of the bodies and provinces that the object speaks for."""
    return [each for each in (fields.text(data, "organisation"), fields.text(data, "province")) if each]
