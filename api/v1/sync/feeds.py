"""Any filtered list as a feed to subscribe to: Atom (RFC 4287) and JSON Feed 1.1."""

import datetime
import json
import re

from django.conf import settings
from django.http import HttpResponse
from django.utils import feedgenerator, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics

from api.caching import PublicReadMixin
from api.negotiation import IgnoreAcceptNegotiation
from api.parameters import KnownParametersOnly, requested_as_of
from api.v1 import resource_urls
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.documents.documents import DocumentFilter
from api.v1.events.events import DAY_PARAMETERS, EventFilter, events_between_requested_days
from api.v1.questions.questions import QuestionFilter
from content.documents import queries as documents
from content.documents.effect import effect_of
from content.events import queries as events
from content.qa import queries as questions

MAX_ENTRIES = 50
FEED_FORMATS = "atom|json"
EMPTY_FEED_UPDATED_AT = datetime.datetime(
    1970, 1, 1, tzinfo=datetime.UTC
)  # an empty feed was never updated, and says a moment
XML_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 has no way to write these
FORMAT_PARAMETER = OpenApiParameter("form", str, "path", enum=FEED_FORMATS.split("|"), description="Atom or JSON Feed.")
FEED_RESPONSES = {
    (200, "application/atom+xml"): OpenApiResponse(OpenApiTypes.STR, "RFC 4287."),
    (200, "application/feed+json"): OpenApiResponse(OpenApiTypes.OBJECT, "JSON Feed 1.1."),
}


class FeedView(PublicReadMixin, KnownParametersOnly, generics.GenericAPIView):
    """The newest of a list, with the filters of that list. A feed says `url`, `title` and `entries`."""

    content_negotiation_class = IgnoreAcceptNegotiation
    pagination_class = None

    def answer(self, form):
        rows = list(self.filter_queryset(self.get_queryset())[:MAX_ENTRIES])
        entries = [self.entry(row) for row in rows]
        updated = max((entry["updated"] for entry in entries), default=EMPTY_FEED_UPDATED_AT)
        address = settings.PUBLIC_URL + self.request.get_full_path()
        write = write_atom if form == "atom" else write_json_feed
        content, media_type = write(self.title(), address, entries, updated)
        return HttpResponse(content, content_type=media_type)  # no Last-Modified: what was taken back is newer than it


class DocumentFeedView(FeedView):
    """Documents as they become public or are bettered or amended."""

    filterset_class = DocumentFilter
    own_parameters = ("as_of",)

    @extend_schema(
        operation_id="getDocumentFeed",
        tags=["feeds"],
        auth=[],
        summary="The 50 documents last published or changed, of those the filters name, as a feed",
        description="Takes the filters of `documents`. The id of an entry is the address of its document.",
        parameters=[FORMAT_PARAMETER, AS_OF_PARAMETER],
        responses=FEED_RESPONSES,
    )
    def get(self, request, form):
        return self.answer(form)

    def get_queryset(self):
        return documents.public_documents().order_by("-updated_at", "-pk")

    def title(self):
        return _("Luật Mở: documents")

    def entry(self, document):
        effect = effect_of(document, requested_as_of(self.request))
        known = [
            document.get_doc_type_display(),
            document.issuer.name if document.issuer else "",
            _("sample, no law") if document.is_sample else "",
            str(effect.status.label) if effect.status else "",
        ]
        return {
            "id": resource_urls.document_url(document),
            "link": f"{resource_urls.resource_url('document-text', key=document.key)}?format=html",
            "title": f"{document.number} {document.title}".strip(),
            "summary": " · ".join(str(part) for part in known if part),
            "published": document.published_at,
            "updated": document.updated_at,
            "tags": [topic.name for topic in document.topics.all()],
        }


class QuestionFeedView(FeedView):
    """Answered questions, the last published first."""

    filterset_class = QuestionFilter

    @extend_schema(
        operation_id="getQuestionFeed",
        tags=["feeds"],
        auth=[],
        summary="The 50 questions last answered, of those the filters name, as a feed",
        description="Takes the filters of `questions`. The id of an entry is the address of its question.",
        parameters=[FORMAT_PARAMETER],
        responses=FEED_RESPONSES,
    )
    def get(self, request, form):
        return self.answer(form)

    def get_queryset(self):
        return questions.public_questions(
            requested_as_of(self.request) if "as_of" in self.request.query_params else None
        )

    def title(self):
        return _("Luật Mở: questions and answers")

    def entry(self, question):
        address = resource_urls.question_url(question)
        answered = question.current_answers
        return {
            "id": address,
            "link": address,
            "title": question.public_title,
            "summary": answered[0].text if answered else question.public_text,
            "published": question.published_at,
            "updated": question.public_changed_at,
            "tags": [question.topic.name] if question.topic else [],
        }


class EventFeedView(FeedView):
    """Events as they are announced, moved or cancelled."""

    filterset_class = EventFilter
    own_parameters = ("from", "to")

    @extend_schema(
        operation_id="getEventFeed",
        tags=["feeds"],
        auth=[],
        summary="The 50 events last announced or changed, of those the filters name, as a feed",
        description="Takes the filters of `events`. The id of an entry is the address of its event.",
        parameters=[FORMAT_PARAMETER, *DAY_PARAMETERS],
        responses=FEED_RESPONSES,
    )
    def get(self, request, form):
        return self.answer(form)

    def get_queryset(self):
        return events_between_requested_days(self.request, events.public_events()).order_by("-changed_at", "-pk")

    def title(self):
        return _("Luật Mở: events")

    def entry(self, event):
        address = resource_urls.event_url(event)
        when = timezone.localtime(event.starts_at).strftime("%H:%M %d/%m/%Y")
        place = event.place or event.online_url
        return {
            "id": address,
            "link": address,
            "title": event.title,
            "summary": " · ".join([when, place, str(event.get_status_display()), event.text]).strip(" ·"),
            "published": event.announced_at,
            "updated": event.changed_at,
            "tags": [topic.name for topic in event.topics.all()],
        }


class AtomFeed(feedgenerator.Atom1Feed):
    """Django's, whose moment is ours to say: its own is the present of each reading where there is no entry."""

    def latest_post_date(self):
        return self.feed["updated"]


def write_atom(title, address, entries, updated):
    feed = AtomFeed(
        title, link=f"{settings.PUBLIC_URL}/docs", description=None, feed_url=address, feed_guid=address,
        language=get_language(), updated=_vietnam_time(updated) if entries else updated, author_name="Luật Mở",
    )  # fmt: skip
    for entry in entries:
        feed.add_item(
            XML_FORBIDDEN_CHARACTERS.sub("", entry["title"]), entry["link"], XML_FORBIDDEN_CHARACTERS.sub("", entry["summary"]), unique_id=entry["id"],
            pubdate=_vietnam_time(entry["published"]), updateddate=_vietnam_time(entry["updated"]), categories=entry["tags"],
        )  # fmt: skip
    return feed.writeString("utf-8"), "application/atom+xml; charset=utf-8"


def write_json_feed(title, address, entries, updated):
    feed = {
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
            for entry in entries
        ],
    }
    return json.dumps(feed, ensure_ascii=False), "application/feed+json"


def _vietnam_time(moment):
    return timezone.localtime(moment)
