"""JSON-LD of an event with the schema.org vocabulary, for search engines."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.schema_org import SCHEMA_ORG, organisation_as_schema_org, topics_as_schema_org, without_unknown
from content.events.models import Event, Session
from content.events.states import EventStatus
from content.topics.choices import Audience

SCHEMA_ORG_STATUS = {
    EventStatus.ANNOUNCED: "https://schema.org/EventScheduled",
    EventStatus.HELD: "https://schema.org/EventScheduled",
    EventStatus.MOVED: "https://schema.org/EventRescheduled",
    EventStatus.CANCELLED: "https://schema.org/EventCancelled",
}
SCHEMA_ORG_ATTENDANCE = {
    (True, False): "https://schema.org/OfflineEventAttendanceMode",
    (False, True): "https://schema.org/OnlineEventAttendanceMode",
    (True, True): "https://schema.org/MixedEventAttendanceMode",
}


def event_as_schema_org(event: Event) -> JSONObject:
    """The event as a schema.org Event. Unknown properties are left out. Times are in Viet Nam time."""
    return {
        "@context": SCHEMA_ORG,
        "@type": "Event",
        "@id": resource_urls.event_url(event),
        "url": resource_urls.event_page_url(event),
        "name": event.title,
        "startDate": _vietnam_time(event.starts_at),
        "endDate": _vietnam_time(event.ends_at),
        "eventStatus": SCHEMA_ORG_STATUS[EventStatus(event.status)],
        "eventAttendanceMode": SCHEMA_ORG_ATTENDANCE[bool(event.place), event.is_online],
        "location": _locations(event),
    } | without_unknown(dict(_optional_properties(event)))


def _optional_properties(event: Event) -> Iterator[tuple[str, Any]]:
    yield "description", event.text
    yield "inLanguage", event.languages
    yield "maximumAttendeeCapacity", event.capacity
    yield "about", topics_as_schema_org(event.topics.all())
    yield (
        "audience",
        [{"@type": "Audience", "audienceType": str(Audience(each).label)} for each in event.audiences],
    )
    yield "organizer", event.organisation and organisation_as_schema_org(event.organisation)
    yield "performer", [{"@type": "Person", "name": name} for name in _speaker_names(event)]
    yield "previousStartDate", [_vietnam_time(move.starts_at) for move in event.moves.all()]
    yield "recordedIn", event.recording_url and {"@type": "CreativeWork", "url": event.recording_url}
    yield "subEvent", [_session_as_schema_org(session) for session in event.sessions.all()]
    yield "workFeatured", [{"@type": "CreativeWork", "name": each.title, "url": each.url}
                           for each in event.materials.all()]  # fmt: skip


def _locations(event: Event) -> list[JSONObject]:
    places: list[JSONObject] = []
    if event.place:
        address: JSONObject = {"@type": "PostalAddress", "streetAddress": event.place, "addressCountry": "VN"}
        if event.province:
            address["addressRegion"] = event.province.name
        places.append({"@type": "Place", "name": event.place, "address": address})
    if event.online_url:
        places.append({"@type": "VirtualLocation", "url": event.online_url})
    return places


def _session_as_schema_org(session: Session) -> JSONObject:
    return {
        "@type": "Event",
        "name": session.title,
        "startDate": _vietnam_time(session.starts_at),
        "endDate": _vietnam_time(session.ends_at),
    }


def _speaker_names(event: Event) -> list[str]:
    """Names of all speakers, of the event and its sessions, without repeats."""
    return list(dict.fromkeys(speaker.name for speaker in event.speakers.all()))


def _vietnam_time(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).isoformat()
