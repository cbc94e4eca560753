"""An event in the words of schema.org, for search engines and whoever else reads JSON-LD."""

from django.utils import timezone

from api.v1 import addresses
from content.events.models import Audience
from content.events.states import Status

STATUS = {
    Status.ANNOUNCED: "https://schema.org/EventScheduled",
    Status.HELD: "https://schema.org/EventScheduled",
    Status.MOVED: "https://schema.org/EventRescheduled",
    Status.CANCELLED: "https://schema.org/EventCancelled",
}
ATTENDANCE = {
    (True, False): "https://schema.org/OfflineEventAttendanceMode",
    (False, True): "https://schema.org/OnlineEventAttendanceMode",
    (True, True): "https://schema.org/MixedEventAttendanceMode",
}


def schema_org(event):
    """The event as schema.org/Event; what is not known is left out. Times are those of Viet Nam."""
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": addresses.of_event(event),
        "url": addresses.of_event(event),
        "name": event.title,
        "startDate": _written(event.starts_at),
        "endDate": _written(event.ends_at),
        "eventStatus": STATUS[event.status],
        "eventAttendanceMode": ATTENDANCE[bool(event.place), event.is_online],
        "location": _locations(event),
    } | {name: value for name, value in _known(event) if value}


def _known(event):
    yield "description", event.text
    yield "inLanguage", event.languages
    yield "maximumAttendeeCapacity", event.capacity
    yield "about", [{"@type": "Thing", "name": topic.name, "url": addresses.of_topic(topic)}
                    for topic in event.topics.all()]  # fmt: skip
    yield "audience", [{"@type": "Audience", "audienceType": str(Audience(each).label)} for each in event.audiences]
    body = event.organisation
    yield (
        "organizer",
        body and {"@type": "Organization", "name": body.name, "url": addresses.of_organisation(body)},
    )
    yield "performer", [{"@type": "Person", "name": name} for name in _names(event)]
    yield "previousStartDate", [_written(move.starts_at) for move in event.moves.all()]
    yield "recordedIn", event.recording_url and {"@type": "CreativeWork", "url": event.recording_url}
    yield "subEvent", [_session(session) for session in event.sessions.all()]
    yield "workFeatured", [{"@type": "CreativeWork", "name": each.title, "url": each.url}
                           for each in event.materials.all()]  # fmt: skip


def _locations(event):
    places = []
    if event.place:
        address = {"@type": "PostalAddress", "streetAddress": event.place, "addressCountry": "VN"}
        if event.province:
            address["addressRegion"] = event.province.name
        places.append({"@type": "Place", "name": event.place, "address": address})
    if event.online_url:
        places.append({"@type": "VirtualLocation", "url": event.online_url})
    return places


def _session(session):
    return {
        "@type": "Event",
        "name": session.title,
        "startDate": _written(session.starts_at),
        "endDate": _written(session.ends_at),
    }


def _names(event):
    """Each speaker once, of the whole event or of a session."""
    return list(dict.fromkeys(speaker.name for speaker in event.speakers.all()))


def _written(moment):
    return timezone.localtime(moment).isoformat()
