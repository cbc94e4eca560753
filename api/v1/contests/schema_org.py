"""JSON-LD of a contest with the schema.org vocabulary, for search engines."""

from collections.abc import Iterator
from typing import Any

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.schema_org import SCHEMA_ORG, organisation_as_schema_org, topics_as_schema_org, without_unknown
from content.contests.models import Contest, Round
from content.contests.states import ContestStatus
from content.topics.choices import Audience
from content.vietnam_time import local_iso


def contest_as_schema_org(contest: Contest) -> JSONObject:
    """The contest as an online schema.org Event, its rounds as parts. Unknown properties are left out.

    Times are in Viet Nam time. Needs what `public_contests` fetches.
    """
    cancelled = contest.status == ContestStatus.CANCELLED
    return {
        "@context": SCHEMA_ORG,
        "@type": "Event",
        "@id": resource_urls.contest_url(contest),
        "url": resource_urls.contest_page_url(contest),
        "name": contest.title,
        "eventStatus": f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": [{"@type": "VirtualLocation", "url": resource_urls.contest_page_url(contest)}],
    } | without_unknown(dict(_optional_properties(contest)))


def _optional_properties(contest: Contest) -> Iterator[tuple[str, Any]]:
    rounds = list(contest.rounds.all())
    yield "startDate", rounds and local_iso(min(each.starts_at for each in rounds))
    yield "endDate", rounds and local_iso(max(each.ends_at for each in rounds))
    yield "description", contest.text
    yield "about", topics_as_schema_org(contest.topics.all())
    yield (
        "audience",
        [{"@type": "Audience", "audienceType": str(Audience(each).label)} for each in contest.audiences],
    )
    yield "organizer", contest.organisation and organisation_as_schema_org(contest.organisation)
    yield "subEvent", [_round_as_schema_org(each) for each in rounds] if len(rounds) > 1 else []


def _round_as_schema_org(round: Round) -> JSONObject:
    return {
        "@type": "Event",
        "name": round.title or f"{round.contest.title} {round.number}",
        "startDate": local_iso(round.starts_at),
        "endDate": local_iso(round.ends_at),
    }
