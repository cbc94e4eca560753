"""Feeds of documents, questions, events, contests, materials and plans: Atom, RSS, JSON Feed.

They take the filters of the lists.
"""

import datetime
import json
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import feedgenerator, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.request import Request

from api.caching import PublicReadMixin
from api.entity_tags.made_once import made_once
from api.negotiation import IgnoreAcceptNegotiation
from api.parameters import KnownParametersOnly, requested_as_of
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.contests.contests import ContestFilter
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.documents.documents import DocumentFilter
from api.v1.documents.published_documents import one_moment_for_effect
from api.v1.events.events import DAY_PARAMETERS, EventFilter, events_between_requested_days
from api.v1.materials.materials import MaterialFilter
from api.v1.plans.plans import PlanFilter
from api.v1.questions.questions import QuestionFilter
from content.clock_times import end_in_words, start_in_words
from content.contests import queries as contests
from content.contests.models import Contest
from content.document_reads.queries import page_state, rows_of_page
from content.documents import queries as documents
from content.documents.effect import effect_of
from content.documents.models import LegalDocument
from content.events import queries as events
from content.events.models import Event
from content.law.doc_types import DocType
from content.media import queries as media
from content.media.models import Material
from content.plans import queries as plans
from content.plans.models import Plan
from content.qa import queries as questions
from content.qa.models import Question

WrittenFeed = tuple[str, str]  # (content, media type)
MAX_ENTRIES = 50
FEED_FORMATS = "atom|json|rss"
EMPTY_FEED_UPDATED_AT = datetime.datetime(
    1970, 1, 1, tzinfo=datetime.UTC
)  # the formats require a time, also for an empty feed
XML_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 cannot express them
FORMAT_PARAMETER = OpenApiParameter(
    "feed_format", str, "path", enum=FEED_FORMATS.split("|"), description="Format of the feed."
)
FEED_DESCRIPTION = "The feed in the format of the URL."
FEED_RESPONSES = {
    (200, "application/atom+xml"): OpenApiResponse(OpenApiTypes.BINARY, FEED_DESCRIPTION),
    (200, "application/feed+json"): OpenApiResponse(OpenApiTypes.OBJECT, FEED_DESCRIPTION),
    (200, "application/rss+xml"): OpenApiResponse(OpenApiTypes.BINARY, FEED_DESCRIPTION),
}


class FeedView(PublicReadMixin, KnownParametersOnly, generics.GenericAPIView):
    """Base of feeds: the newest entries of a filtered list. A feed defines `title` and `entry`."""

    content_negotiation_class = IgnoreAcceptNegotiation
    pagination_class = None

    def title(self) -> str:
        """The title of the feed, in the active language."""
        raise NotImplementedError

    def entry(self, row: Any) -> JSONObject:
        """One entry: id, link, title, summary, published, updated, tags, perhaps file: (URL, size, media type)."""
        raise NotImplementedError

    def feed_response(self, feed_format: str) -> HttpResponse:
        return self.written_feed(feed_format, self.filter_queryset(self.get_queryset())[:MAX_ENTRIES])

    def written_feed(self, feed_format: str, rows: Iterable[Any]) -> HttpResponse:
        """The feed of these rows."""
        entries = [self.entry(row) for row in rows]
        for entry in entries:  # a reader of feeds takes an update before the publication for a fault
            entry["updated"] = max(entry["updated"], entry["published"])
        updated = max((entry["updated"] for entry in entries), default=EMPTY_FEED_UPDATED_AT)
        address = settings.PUBLIC_URL + self.request.get_full_path()
        content, media_type = WRITERS[feed_format](self.title(), address, entries, updated)
        return HttpResponse(
            content, content_type=media_type
        )  # no Last-Modified: a withdrawal leaves no entry but changes the feed


class DocumentFeedView(FeedView):
    """Feed of published, corrected and amended documents."""

    filterset_class = DocumentFilter
    extra_parameters = ("as_of",)

    @extend_schema(
        operation_id="getDocumentFeed",
        tags=["feeds"],
        auth=[],
        summary="Get the 50 latest published or changed documents as a feed",
        description="Takes the filters of `documents`. The id of an entry is the URL of the document.",
        parameters=[FORMAT_PARAMETER, AS_OF_PARAMETER],
        responses=FEED_RESPONSES,
        filters=True,
    )
    def get(self, request: Request, feed_format: str) -> HttpResponse:
        with one_moment_for_effect(request):
            state = page_state(self.filter_queryset(self.get_queryset())[:MAX_ENTRIES])

        def make() -> HttpResponse:
            return self.written_feed(feed_format, (row.document for row in rows_of_page(state)))

        answer: HttpResponse = made_once(request, state, make)
        return answer

    def get_queryset(self) -> QuerySet[LegalDocument]:
        return documents.published_documents().order_by("-updated_at", "-pk")

    def title(self) -> str:
        return _("Luật Mở: documents")

    def entry(self, document: Any) -> JSONObject:  # a Description
        effect = effect_of(document, requested_as_of(self.request))
        facts = [
            str(DocType(document.doc_type).label),
            document.issuer.shown_name if document.issuer else "",
            _("sample, not law") if document.is_sample else "",
            str(effect.status.label) if effect.status else "",
        ]
        return {
            "id": resource_urls.document_url(document),
            "link": resource_urls.document_page_url(document),
            "title": f"{document.number} {document.title}".strip(),
            "summary": " · ".join(str(part) for part in facts if part),
            "published": document.published_at,
            "updated": document.updated_at,
            "tags": [topic.name for topic in document.topics.all()],
        }


class QuestionFeedView(FeedView):
    """Feed of answered questions, latest publication first."""

    filterset_class = QuestionFilter

    @extend_schema(
        operation_id="getQuestionFeed",
        tags=["feeds"],
        auth=[],
        summary="Get the 50 latest answered questions as a feed",
        description="Takes the filters of `questions`. The id of an entry is the URL of the question.",
        parameters=[FORMAT_PARAMETER],
        responses=FEED_RESPONSES,
        filters=True,
    )
    def get(self, request: Request, feed_format: str) -> HttpResponse:
        return self.feed_response(feed_format)

    def get_queryset(self) -> QuerySet[Question]:
        return questions.public_questions(
            requested_as_of(self.request) if "as_of" in self.request.query_params else None
        )

    def title(self) -> str:
        return _("Luật Mở: questions and answers")

    def entry(self, question: Question) -> JSONObject:
        answered = question.current_answers
        return {
            "id": resource_urls.question_url(question),
            "link": resource_urls.question_page_url(question),
            "title": question.public_title,
            "summary": answered[0].text if answered else question.public_text,
            "published": question.published_at,
            "updated": question.public_changed_at,
            "tags": [question.topic.name] if question.topic else [],
        }


class EventFeedView(FeedView):
    """Feed of announced, moved and cancelled events."""

    filterset_class = EventFilter
    extra_parameters = ("from", "to")

    @extend_schema(
        operation_id="getEventFeed",
        tags=["feeds"],
        auth=[],
        summary="Get the 50 latest announced or changed events as a feed",
        description="Takes the filters of `events`. The id of an entry is the URL of the event.",
        parameters=[FORMAT_PARAMETER, *DAY_PARAMETERS],
        responses=FEED_RESPONSES,
        filters=True,
    )
    def get(self, request: Request, feed_format: str) -> HttpResponse:
        return self.feed_response(feed_format)

    def get_queryset(self) -> QuerySet[Event]:
        return events_between_requested_days(self.request, events.public_events()).order_by("-changed_at", "-pk")

    def title(self) -> str:
        return _("Luật Mở: events")

    def entry(self, event: Event) -> JSONObject:
        when = timezone.localtime(event.starts_at).strftime("%H:%M %d/%m/%Y")
        place = event.place or event.online_url
        return {
            "id": resource_urls.event_url(event),
            "link": resource_urls.event_page_url(event),
            "title": event.title,
            "summary": " · ".join([when, place, str(event.get_status_display()), event.text]).strip(" ·"),
            "published": event.announced_at,
            "updated": event.changed_at,
            "tags": [topic.name for topic in event.topics.all()],
        }


class ContestFeedView(FeedView):
    """Feed of announced, cancelled and ended contests."""

    filterset_class = ContestFilter

    @extend_schema(
        operation_id="getContestFeed",
        tags=["feeds"],
        auth=[],
        summary="Get the 50 latest announced or changed contests as a feed",
        description="Takes the filters of `contests`. The id of an entry is the URL of the contest.",
        parameters=[FORMAT_PARAMETER],
        responses=FEED_RESPONSES,
        filters=True,
    )
    def get(self, request: Request, feed_format: str) -> HttpResponse:
        return self.feed_response(feed_format)

    def get_queryset(self) -> QuerySet[Contest]:
        return contests.public_contests().order_by("-changed_at", "-pk")

    def title(self) -> str:
        return _("Luật Mở: contests")

    def entry(self, contest: Contest) -> JSONObject:
        rounds = list(contest.rounds.all())
        when = f"{start_in_words(rounds[0].starts_at)} – {end_in_words(rounds[-1].ends_at)}" if rounds else ""
        return {
            "id": resource_urls.contest_url(contest),
            "link": resource_urls.contest_page_url(contest),
            "title": contest.title,
            "summary": " · ".join([when, str(contest.get_status_display()), contest.text]).strip(" ·"),
            "published": contest.announced_at,
            "updated": contest.changed_at,
            "tags": [topic.name for topic in contest.topics.all()],
        }


class MaterialFeedView(FeedView):
    """Feed of published and corrected materials."""

    filterset_class = MaterialFilter

    @extend_schema(
        operation_id="getMaterialFeed",
        tags=["feeds"],
        auth=[],
        summary="Get the 50 latest published or corrected materials as a feed",
        description="Takes the filters of `materials`. The id of an entry is the URL of the material.",
        parameters=[FORMAT_PARAMETER],
        responses=FEED_RESPONSES,
        filters=True,
    )
    def get(self, request: Request, feed_format: str) -> HttpResponse:
        return self.feed_response(feed_format)

    def get_queryset(self) -> QuerySet[Material]:
        return media.listed_materials().order_by("-changed_at", "-pk")

    def title(self) -> str:
        return _("Luật Mở: materials")

    def entry(self, material: Material) -> JSONObject:
        return {
            "id": resource_urls.material_url(material),
            "link": resource_urls.material_page_url(material),
            "title": material.title,
            "summary": " · ".join([str(material.get_kind_display()), material.summary]).strip(" ·"),
            "published": material.published_at,
            "updated": material.changed_at,
            "tags": [topic.name for topic in material.topics.all()],
        }


class PlanFeedView(FeedView):
    """Feed of plans that became public or were corrected. Nobody is notified of plans: who wants them reads this."""

    filterset_class = PlanFilter

    @extend_schema(
        operation_id="getPlanFeed",
        tags=["feeds"],
        auth=[],
        summary="Get the 50 latest published or corrected plans as a feed",
        description="Takes the filters of `plans`. The id of an entry is the URL of the plan.",
        parameters=[FORMAT_PARAMETER],
        responses=FEED_RESPONSES,
        filters=True,
    )
    def get(self, request: Request, feed_format: str) -> HttpResponse:
        return self.feed_response(feed_format)

    def get_queryset(self) -> QuerySet[Plan]:
        return plans.public_plans().order_by("-updated_at", "-pk")

    def title(self) -> str:
        return _("Luật Mở: plans")

    def entry(self, plan: Plan) -> JSONObject:
        return {
            "id": resource_urls.resource_url("plan-detail", key=plan.key),
            "link": resource_urls.plan_page_url(plan),
            "title": f"{plan.number} {plan.title}".strip(),
            "summary": " · ".join([plan.adopter.shown_name, plan.programme.name]),
            "published": plan.published_at,
            "updated": plan.corrected_at or plan.published_at,
            "tags": [plan.programme.key],
        }


class AtomFeed(feedgenerator.Atom1Feed):
    """Django's Atom feed with a given update time. Without entries Django would use the current time."""

    def latest_post_date(self) -> datetime.datetime:
        updated: datetime.datetime = self.feed["updated"]
        return updated


class RSSFeed(feedgenerator.Rss201rev2Feed):
    """Django's RSS feed with a given update time, as AtomFeed."""

    def latest_post_date(self) -> datetime.datetime:
        updated: datetime.datetime = self.feed["updated"]
        return updated


def write_atom(title: str, address: str, entries: list[JSONObject], updated: datetime.datetime) -> WrittenFeed:
    return _xml_feed(AtomFeed, title, address, entries, updated), "application/atom+xml; charset=utf-8"


def write_rss(title: str, address: str, entries: list[JSONObject], updated: datetime.datetime) -> WrittenFeed:
    return _xml_feed(RSSFeed, title, address, entries, updated), "application/rss+xml; charset=utf-8"


def _xml_feed(
    form: type[AtomFeed | RSSFeed], title: str, address: str, entries: list[JSONObject], updated: datetime.datetime
) -> str:
    feed = form(
        title,
        link=f"{settings.PUBLIC_URL}/docs",
        description=title,
        feed_url=address,
        feed_guid=address,
        language=get_language(),
        updated=_vietnam_time(updated) if entries else updated,
        author_name="Luật Mở",
    )
    for entry in entries:
        feed.add_item(
            XML_FORBIDDEN_CHARACTERS.sub("", entry["title"]),
            entry["link"],
            XML_FORBIDDEN_CHARACTERS.sub("", entry["summary"]),
            unique_id=entry["id"],
            unique_id_is_permalink=False,
            pubdate=_vietnam_time(entry["published"]),
            updateddate=_vietnam_time(entry["updated"]),
            categories=entry["tags"],
            enclosures=[feedgenerator.Enclosure(*entry["file"])] if entry.get("file") else [],
        )
    return feed.writeString("utf-8")


def write_json_feed(title: str, address: str, entries: list[JSONObject], updated: datetime.datetime) -> WrittenFeed:
    feed: JSONObject = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{settings.PUBLIC_URL}/docs",
        "feed_url": address,
        "language": get_language(),
        "items": [
            {
                "id": entry["id"],
                "url": entry["link"],
                "title": entry["title"],
                "content_text": entry["summary"],
                "date_published": _vietnam_time(entry["published"]).isoformat(),
                "date_modified": _vietnam_time(entry["updated"]).isoformat(),
                "tags": entry["tags"],
            }
            | _json_feed_attachments(entry)
            for entry in entries
        ],
    }
    return json.dumps(feed, ensure_ascii=False), "application/feed+json"


def _json_feed_attachments(entry: JSONObject) -> JSONObject:
    if not entry.get("file"):
        return {}
    url, size, media_type = entry["file"]
    return {"attachments": [{"url": url, "mime_type": media_type, "size_in_bytes": int(size)}]}


WRITERS = {"atom": write_atom, "json": write_json_feed, "rss": write_rss}


def _vietnam_time(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment)
