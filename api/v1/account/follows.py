from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KnownFieldsOnly
from api.parameters import KnownParametersOnly
from api.shared_serializers import represented, validated
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.choices import NamedChoiceField
from content.channel import queries as channels
from content.contests import queries as contests
from content.documents import provision_queries
from content.documents import queries as documents
from content.documents.citations import cite_provision
from content.documents.models import LegalDocument
from content.events import queries as events
from content.law.eids import KEY_SEPARATOR, SEPARATOR
from content.organisations.models import Organisation, Province
from content.organisations.queries import latest_successor
from content.people.models import Reader
from content.qa.models import Question
from content.sql import PreparedByKey
from content.topics.models import Topic
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.follows import services
from notifications.follows.models import Follow, FollowTarget, NotificationType
from notifications.follows.sql import AskedFollow, asked_follow


def public_questions() -> QuerySet[Question]:
    return Question.objects.filter(published_at__isnull=False)


def public_documents() -> QuerySet[LegalDocument]:
    """With what a follow shows of a document, which has many columns."""
    return documents.published_documents().only("key", "title")


FollowTargetFunctions = tuple[Callable[[], QuerySet[Any]], Callable[[Any], str], Callable[[Any], str]]
FOLLOW_TARGETS: dict[str, FollowTargetFunctions] = {  # what readers can follow: its rows, URL and name
    "topic": (Topic.objects.all, resource_urls.topic_url, lambda topic: topic.name),
    "document": (public_documents, resource_urls.document_url, lambda document: document.title),
    "organisation": (Organisation.objects.all, resource_urls.organisation_url, lambda body: body.name),
    "article": (
        provision_queries.public_articles,
        lambda article: resource_urls.provision_url(article.document, article.eid),
        lambda article: cite_provision(article.document, [article]),
    ),
    "question": (
        public_questions,
        resource_urls.question_url,
        lambda question: (
            question.public_title if question.is_public else ""
        ),  # a withdrawn title may contain personal data
    ),
    "event": (events.public_events, resource_urls.event_url, lambda event: event.title),
    "contest": (contests.public_contests, resource_urls.contest_url, lambda contest: contest.title),
    "province": (Province.objects.all, resource_urls.province_url, lambda province: province.name),
    "playlist": (
        channels.public_playlists,
        resource_urls.playlist_url,
        lambda playlist: playlist.title if playlist.is_public else "",
    ),
}
FOLLOWED_MOST: dict[str, PreparedByKey[Any]] = {  # asked past the ORM, which takes longer than the database
    "topic": PreparedByKey(Topic.objects.all, "id", "key", "name"),
    "document": PreparedByKey(public_documents, "id", "key", "title"),
    "organisation": PreparedByKey(Organisation.objects.all, "id", "key", "name"),
}
FOLLOW_KEY = "[a-z0-9-]+(?:~[a-z0-9_]+)?"
FOLLOW_PATH_PARAMETERS = [
    OpenApiParameter("target", str, "path", enum=list(FOLLOW_TARGETS), description="Kind of object."),
    OpenApiParameter(
        "key",
        {"type": "string", "pattern": f"^{FOLLOW_KEY}$"},
        "path",
        description="Key of the object. For an article: the key of its document, `~`, and its eid. A former province "
        "means the one that continues it.",
    ),
]


class FollowSubjectSerializer(serializers.Serializer):
    """The followed object."""

    key = serializers.CharField()
    url = serializers.URLField()
    name = serializers.CharField()


class FollowSerializer(KnownFieldsOnly, serializers.Serializer):
    """A followed object and the kinds of notification the reader wants about it."""

    key = serializers.CharField(source="target.key", read_only=True)
    url = serializers.SerializerMethodField()
    target = serializers.ChoiceField(list(FOLLOW_TARGETS), source="target_name", read_only=True)
    subject = serializers.SerializerMethodField()
    kinds = serializers.ListField(
        child=NamedChoiceField(NotificationType.choices),
        default=list,
        max_length=10,
        help_text="Kinds of notification. Empty: all kinds.",
    )
    frequency = NamedChoiceField(Follow.Frequency.choices, default=Follow.Frequency.INSTANT)

    def get_url(self, follow: Follow) -> str:
        return resource_urls.follow_url(follow.target_name, follow.target.key)

    @extend_schema_field(FollowSubjectSerializer)
    def get_subject(self, follow: Follow) -> JSONObject:
        _rows, address, name = FOLLOW_TARGETS[follow.target_name]
        subject = follow.target
        return {"key": subject.key, "url": address(subject), "name": name(subject)}


class FollowPageSerializer(serializers.Serializer):
    """All follows of a reader, on one page."""

    next = serializers.URLField(allow_null=True, help_text="Always null: there is one page.")
    previous = serializers.URLField(allow_null=True, help_text="Always null: there is one page.")
    results = FollowSerializer(many=True, help_text="The follows, oldest first.")


class FollowView(KnownParametersOnly, APIView):
    """One follow of this reader: of an object whose kind the URL names."""

    permission_classes = [IsDevice]
    asked: AskedFollow | None = None  # what was read with the device

    def device_with_secret(self, secret: str) -> Device | None:
        """The device that calls. For a PUT also what the address names, and that follow as it is: one statement."""
        target = self.kwargs["target"]
        if self.request.method != "PUT" or target not in FOLLOWED_MOST:
            return devices.device_with_secret(secret)
        self.asked = asked_follow(secret, target, FOLLOWED_MOST[target], self.kwargs["key"])
        return self.asked.device if self.asked else None

    @extend_schema(
        operation_id="getFollow",
        tags=["follows"],
        summary="Get one follow",
        parameters=FOLLOW_PATH_PARAMETERS,
        responses=FollowSerializer,
    )
    def get(self, request: Request, target: str, key: str) -> Response:
        follow = existing_follow(calling_reader(request), target, key)
        if follow is None:
            raise Http404
        return Response(FollowSerializer(follow).data)

    @extend_schema(
        operation_id="follow",
        tags=["follows"],
        summary="Follow a topic with its headings, or another object",
        parameters=FOLLOW_PATH_PARAMETERS,
        request=FollowSerializer,
        responses={200: FollowSerializer, 201: OpenApiResponse(FollowSerializer, "Created.")},
    )
    def put(self, request: Request, target: str, key: str) -> Response:
        subject = self.asked.target if self.asked else target_or_404(target, key)
        if subject is None:
            raise Http404
        wanted = validated(FollowSerializer, request.data)
        follow, created = services.follow(calling_reader(request), subject, **wanted, known=self.asked)
        return Response(represented(FollowSerializer, follow), status=201 if created else 200)

    @extend_schema(
        operation_id="unfollow",
        tags=["follows"],
        summary="Unfollow an object",
        description="A repeat changes nothing and returns 204.",
        parameters=FOLLOW_PATH_PARAMETERS,
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, target: str, key: str) -> Response:
        follow = existing_follow(calling_reader(request), target, key)
        services.unfollow(calling_reader(request), follow.target if follow else target_or_404(target, key))
        return Response(status=204)


class FollowListView(KnownParametersOnly, APIView):
    """All follows of this reader on one page: at most 300, oldest first."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="listFollows",
        tags=["follows"],
        summary="List the follows of this reader",
        responses=FollowPageSerializer,
    )
    def get(self, request: Request) -> Response:
        follows = calling_reader(request).follows.select_related(*FOLLOW_TARGETS, "article__document")
        return Response({"next": None, "previous": None, "results": FollowSerializer(follows, many=True).data})


def existing_follow(reader: Reader, target: str, key: str) -> Follow | None:
    """The reader's follow of the object, or None. Also finds follows of withdrawn documents, so that they can end."""
    if target == "province":
        return reader.follows.filter(province__key=_key_of_successor(key)).first()
    if target != "article":
        return reader.follows.filter(**{f"{target}__key": key}).first()
    document, _separator, eid = key.partition(KEY_SEPARATOR)
    return reader.follows.filter(article__document__key=document, article__eid=eid).first()


def _key_of_successor(key: str) -> str:
    """The key of the province that continues the one of that key: who follows a former one follows that."""
    province = Province.objects.filter(key=key).first()
    return latest_successor(province).key if province else key


def target_or_404(target: str, key: str) -> FollowTarget:
    """The public object with that key, without what its page shows beside it. Raises Http404."""
    if target in FOLLOWED_MOST:
        if (found := FOLLOWED_MOST[target].get(key)) is None:
            raise Http404
        return found
    rows = FOLLOW_TARGETS[target][0]().prefetch_related(None).order_by()
    key = _key_of_successor(key) if target == "province" else key
    key, separator, eid = key.partition(KEY_SEPARATOR)
    if bool(separator) != (target == "article"):
        raise Http404
    article = eid.partition(SEPARATOR)[0]
    if article != eid and rows.filter(document__key=key, eid=article).exists():
        words = _("Only a whole article can be followed. Follow `%(key)s`.") % {"key": f"{key}{KEY_SEPARATOR}{article}"}
        raise NotFound(words)
    return get_object_or_404(rows, document__key=key, eid=eid) if separator else get_object_or_404(rows, key=key)
