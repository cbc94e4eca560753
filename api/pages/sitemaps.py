"""Sitemaps of the pages for people: documents, articles, questions, events, contests, materials, playlists, channels,
programmes and plans (sitemaps.org).
"""

import datetime
import math
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from api.discovery import with_public_cache_control
from api.entity_tags.made_once import page_made_once
from content.channel import queries as channels
from content.channel.models import Channel, Playlist
from content.contests import queries as contests
from content.contests.models import Contest
from content.documents import provision_queries, queries
from content.events import queries as events
from content.events.models import Event
from content.law.page_paths import (
    channel_path,
    contest_path,
    document_path,
    event_path,
    material_path,
    plan_path,
    playlist_path,
    programme_path,
    provision_path,
    question_path,
)
from content.media import queries as media
from content.media.models import Material
from content.plans import queries as plans
from content.plans.models import Plan, Programme
from content.qa import queries as questions
from content.qa.models import Question
from content.sql import state_of_rows
from content.vietnam_time import today

# URLs in one file: sitemaps.org allows 50,000, which take long to make for one request
SITEMAP_SIZE = 500
ARTICLE_IDS = 10_000  # in one file of articles: of these ids most are not of articles
SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List of sitemaps; each has at most SITEMAP_SIZE pages, of articles at most ARTICLE_IDS."""
    documents = math.ceil(queries.public_documents().count() / SITEMAP_SIZE) or 1
    provisions = provision_queries.last_provision_id() // ARTICLE_IDS + 1
    names = [f"documents-{part}" for part in range(1, documents + 1)]
    names += [f"articles-{part}" for part in range(1, provisions + 1)]
    keyed: dict[str, QuerySet[Any, Any]] = {
        "questions": _questions(), "events": _events(), "contests": _contests(), "materials": _materials(),
        "playlists": _playlists(), "channels": _channels(), "programmes": _programmes(), "plans": _plans(),
    }  # fmt: skip
    for kind, rows in keyed.items():
        names += [f"{kind}-{part}" for part in range(1, math.ceil(rows.count() / SITEMAP_SIZE) + 1)]
    return _sitemap_response(
        "sitemapindex", "sitemap", [(f"{settings.PUBLIC_URL}/sitemap-{name}.xml", None) for name in names]
    )


@require_safe
def document_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of document pages, oldest import first, so that new documents do not move a page to another part."""
    return _keyed_pages(request, queries.public_keys_with_updated_at(), document_path, part)


@require_safe
def article_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of articles in normative documents, by ranges of ids."""
    first = (int(part) - 1) * ARTICLE_IDS
    if first > provision_queries.last_provision_id():
        raise Http404

    def make() -> HttpResponse:
        rows = provision_queries.normative_articles(today(), ids=range(first, first + ARTICLE_IDS))
        pages = ((settings.PUBLIC_URL + provision_path(key, eid), moment) for key, eid, moment in rows)
        return _sitemap_response("urlset", "url", pages)

    # an article comes, goes or changes with its document, or at a midnight, which is in the tag
    state = state_of_rows(queries.public_keys_with_updated_at())
    return with_public_cache_control(page_made_once(request, state, make))


@require_safe
def question_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of public questions, first published first."""
    return _keyed_pages(request, _questions(), question_path, part)


@require_safe
def event_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of announced events, first written first."""
    return _keyed_pages(request, _events(), event_path, part)


@require_safe
def contest_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of announced contests, first written first."""
    return _keyed_pages(request, _contests(), contest_path, part)


@require_safe
def material_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of public materials, first written first."""
    return _keyed_pages(request, _materials(), material_path, part)


@require_safe
def playlist_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of public playlists, first written first."""
    return _keyed_pages(request, _playlists(), playlist_path, part)


@require_safe
def channel_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of public channels, first written first."""
    return _keyed_pages(request, _channels(), channel_path, part)


@require_safe
def programme_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of programmes, the earliest first."""
    return _keyed_pages(request, _programmes(), programme_path, part)


@require_safe
def plan_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of public plans, first entered first."""
    return _keyed_pages(request, _plans(), plan_path, part)


def _programmes() -> QuerySet[Programme, Any]:
    last = Plan.objects.filter(programme=OuterRef("pk"), status=Plan.Status.PUBLISHED).order_by("-updated_at")
    changed = plans.programmes().annotate(changed_at=Subquery(last.values("updated_at")[:1]))
    return changed.order_by("pk").values_list("key", "changed_at")


def _plans() -> QuerySet[Plan, Any]:
    """Ours: the pages of copies name those at their homes."""
    return plans.public_plans().filter(home="").order_by("pk").values_list("key", "updated_at")


def _playlists() -> QuerySet[Playlist, Any]:
    return channels.public_playlists().order_by("pk").values_list("key", "changed_at")


def _channels() -> QuerySet[Channel, Any]:
    return channels.public_channels().order_by("pk").values_list("key", "changed_at")


def _materials() -> QuerySet[Material, Any]:
    """Ours, as of plans."""
    return media.materials_published_by(today()).filter(home="").order_by("pk").values_list("key", "changed_at")


def _contests() -> QuerySet[Contest, Any]:
    """Ours, as of plans."""
    return contests.public_contests().filter(home="").order_by("pk").values_list("key", "changed_at")


def _questions() -> QuerySet[Question, Any]:
    return questions.questions_published_by(today()).order_by("publication").values_list("key", "public_changed_at")


def _events() -> QuerySet[Event, Any]:
    return events.events_announced_by(today()).order_by("pk").values_list("key", "changed_at")


def _keyed_pages(
    request: HttpRequest, keyed: QuerySet[Any, Any], path_of: Callable[[str], str], part: str
) -> HttpResponse:
    """The part of the rows (key, when it changed). Raises Http404 behind the last; the first may be empty.

    Made once for each change: the database tells whether the rows are those of before.
    """
    first = (int(part) - 1) * SITEMAP_SIZE
    rows = keyed[first : first + SITEMAP_SIZE]

    def make() -> HttpResponse:
        pages = [(settings.PUBLIC_URL + path_of(key), moment) for key, moment in rows]
        if not pages and first:
            raise Http404
        return _sitemap_response("urlset", "url", pages)

    return with_public_cache_control(page_made_once(request, state_of_rows(rows), make))


def _sitemap_response(root: str, element: str, rows: Iterable[tuple[str, datetime.datetime | None]]) -> HttpResponse:
    zone, newest = timezone.get_current_timezone(), None
    written = [f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{SITEMAP_NAMESPACE}">']
    for address, moment in rows:  # as one text: a web server sends each piece of a generator by itself
        changed = ""
        if moment:
            changed = f"<lastmod>{moment.astimezone(zone).isoformat(timespec='seconds')}</lastmod>"
            newest = max(newest, moment) if newest else moment
        written.append(f"<{element}><loc>{escape(address)}</loc>{changed}</{element}>")
    written.append(f"</{root}>")
    response = HttpResponse("".join(written), content_type="application/xml; charset=utf-8")
    if newest:
        response["Last-Modified"] = http_date(newest.timestamp())
    return with_public_cache_control(response)
