"""The page of an event: whether it takes place, when and where, its programme, and what was moved."""

import datetime
import re
from typing import Any

from django.http import Http404, HttpResponse
from django.template.defaultfilters import date as written
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.pages.banners import Banner
from api.pages.contents import beginning
from api.pages.json_ld import as_data_block
from api.pages.views import Page, answer, prefers_json, see_api
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.events.events import EVENT_KEY
from api.v1.events.schema_org import event_as_schema_org
from content.events import queries
from content.events.models import Event, EventMove, Session
from content.events.states import AHEAD_STATUSES, EventStatus
from content.law.page_paths import event_path
from content.topics.choices import Audience, ContentLanguage

SIGNS = {EventStatus.ANNOUNCED: "◷", EventStatus.MOVED: "→", EventStatus.CANCELLED: "✕", EventStatus.HELD: "✓"}


class EventPage(Page):
    """`/su-kien/{key}`: what the API shows of an announced event."""

    extra_parameters = ("lang",)

    def get(self, request: Request, key: str) -> HttpResponse:
        if not re.fullmatch(EVENT_KEY, key):
            raise Http404
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("event-detail", key=key))
        event = queries.with_details(queries.public_events()).filter(key=key).first()
        if event is None:
            raise Http404
        context = event_context(event)
        return answer(request._request, "api/pages/event.html", event_path(key), context, event.changed_at)


def event_context(event: Event) -> dict[str, Any]:
    """Of an event from `public_events`, with its details."""
    return {
        "event": event,
        "banner": event_banner(event),
        "when": written_period(event.starts_at, event.ends_at),
        "audiences": [str(Audience(each).label) for each in event.audiences],
        "languages": [str(ContentLanguage(each).label) for each in event.languages],
        "registration": _registration_period(event),
        "sessions": [_shown_session(each) for each in event.sessions.all()],
        "speakers": [each for each in event.speakers.all() if each.session_id is None],
        "moves": [_shown_move(each) for each in event.moves.all()],
        "page_title": event.title,
        "description": beginning(event.text or event.title),  # without time and place, which may be others later
        "json_ld": as_data_block(event_as_schema_org(event)),
        "api_url": resource_urls.event_url(event),
        "calendar_url": resource_urls.resource_url("event-calendar", key=event.key),
        "feed_url": resource_urls.resource_url("event-feed", feed_format="atom"),
    }


def event_banner(event: Event) -> Banner:
    """Whether the event takes place as announced."""
    status = EventStatus(event.status)
    words = {
        EventStatus.ANNOUNCED: _("It takes place as announced"),
        EventStatus.MOVED: _("Moved: the time or the place is another one"),
        EventStatus.CANCELLED: _("Cancelled: it does not take place"),
        EventStatus.HELD: _("It has taken place"),
    }
    return Banner(status.value, SIGNS[status], words[status])


def written_period(starts_at: datetime.datetime, ends_at: datetime.datetime) -> str:
    """«08:00–11:00, 05/12/2026», in Viet Nam time; with both days where it ends on another."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if first.date() == last.date():
        return f"{written(first, 'H:i')}–{written(last, 'H:i, d/m/Y')}"
    return f"{written(first, 'H:i d/m/Y')} – {written(last, 'H:i d/m/Y')}"


def _registration_period(event: Event) -> str:
    """When one registers for an event that will take place; empty without registration."""
    opens_at, closes_at = event.registration_opens_at, event.registration_closes_at
    is_ahead = event.status in AHEAD_STATUSES
    return written_period(opens_at, closes_at) if is_ahead and opens_at and closes_at else ""


def _shown_session(session: Session) -> JSONObject:
    return {
        "title": session.title,
        "when": written_period(session.starts_at, session.ends_at),
        "speakers": session.speakers.all(),
    }


def _shown_move(move: EventMove) -> JSONObject:
    return {"move": move, "when": written_period(move.starts_at, move.ends_at)}
