from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice
from api.fields import KnownFieldsOnly
from api.pagination import page_schema
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from content.documents import provision_queries
from content.documents import queries as documents
from content.documents.citations import cite_provision
from content.events import queries as events
from content.organisations.models import Organisation
from content.qa.models import Question
from content.topics.models import Topic
from notifications.follows import services
from notifications.follows.models import Follow, FollowKind


def public_questions():
    return Question.objects.filter(published_at__isnull=False)


FOLLOW_TARGETS = {  # what may be followed: rows, how their address is made, how they are named
    "topic": (Topic.objects.all, resource_urls.topic_url, lambda topic: topic.name),
    "document": (documents.public_documents, resource_urls.document_url, lambda document: document.title),
    "organisation": (Organisation.objects.all, resource_urls.organisation_url, lambda body: body.name),
    "article": (
        provision_queries.public_articles,
        lambda article: resource_urls.provision_url(article.document, article.eid),
        lambda article: cite_provision(article.document, [article]),
    ),
    "question": (
        public_questions,
        resource_urls.question_url,
        lambda question: question.public_title if question.is_public else "",  # what was taken down may be in its title
    ),
    "event": (events.public_events, resource_urls.event_url, lambda event: event.title),
}
FOLLOW_KEY = "[a-z0-9-]+(?:/[a-z0-9_]+)?"
FOLLOW_PATH_PARAMETERS = [
    OpenApiParameter("target", str, "path", enum=list(FOLLOW_TARGETS)),
    OpenApiParameter(
        "key",
        {"type": "string", "pattern": f"^{FOLLOW_KEY}$"},
        "path",
        description="Its key; of an article the document's, a slash, and the article's eid.",
    ),
]


class FollowSubjectSerializer(serializers.Serializer):
    """What is followed."""

    key = serializers.CharField()
    url = serializers.URLField()
    name = serializers.CharField()


class FollowSerializer(KnownFieldsOnly, serializers.Serializer):
    """Something the reader follows, and what about it they want to be told."""

    key = serializers.CharField(source="target.key", read_only=True)
    url = serializers.SerializerMethodField()
    target = serializers.ChoiceField(list(FOLLOW_TARGETS), source="target_name", read_only=True)
    subject = serializers.SerializerMethodField()
    kinds = serializers.ListField(
        child=serializers.ChoiceField(FollowKind.choices), default=list, max_length=10, help_text="Empty: every kind."
    )
    frequency = serializers.ChoiceField(Follow.Frequency.choices, default=Follow.Frequency.INSTANT)

    def get_url(self, follow) -> str:
        return resource_urls.resource_url("follow", target=follow.target_name, key=follow.target.key)

    def get_subject(self, follow) -> FollowSubjectSerializer:
        _rows, address, name = FOLLOW_TARGETS[follow.target_name]
        subject = follow.target
        return {"key": subject.key, "url": address(subject), "name": name(subject)}


class FollowView(KnownParametersOnly, APIView):
    """Whether this device's reader follows something: a topic, a document, an article, a body, a question, an event."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="getFollow",
        tags=["follows"],
        summary="One follow",
        parameters=FOLLOW_PATH_PARAMETERS,
        responses=FollowSerializer,
    )
    def get(self, request, target, key):
        follow = existing_follow(request.user, target, key)
        if follow is None:
            raise Http404
        return Response(FollowSerializer(follow).data)

    @extend_schema(
        operation_id="follow",
        tags=["follows"],
        summary="Follow a topic with all under it, a document, an article, an organisation, a question, or an event",
        parameters=FOLLOW_PATH_PARAMETERS,
        request=FollowSerializer,
        responses={200: FollowSerializer, 201: OpenApiResponse(FollowSerializer, "Followed now.")},
    )
    def put(self, request, target, key):
        subject = target_or_404(target, key)
        papers = FollowSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        follow, created = services.follow(request.user, subject, **papers.validated_data)
        return Response(FollowSerializer(follow).data, status=201 if created else 200)

    @extend_schema(
        operation_id="unfollow",
        tags=["follows"],
        summary="No longer follow",
        description="The same again changes nothing and is 204 too.",
        parameters=FOLLOW_PATH_PARAMETERS,
        request=None,
        responses={204: None},
    )
    def delete(self, request, target, key):
        follow = existing_follow(request.user, target, key)
        services.unfollow(request.user, follow.target if follow else target_or_404(target, key))
        return Response(status=204)


class FollowListView(KnownParametersOnly, APIView):
    """All that this device's reader follows, in one answer: at most 300, first followed first."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="listFollows",
        tags=["follows"],
        summary="All that this reader follows",
        responses={200: page_schema({"type": "array", "items": {"$ref": "#/components/schemas/Follow"}})},
    )
    def get(self, request):
        follows = request.user.follows.select_related(*FOLLOW_TARGETS, "article__document")
        return Response({"next": None, "previous": None, "results": FollowSerializer(follows, many=True).data})


def existing_follow(reader, target, key):
    """The reader's follow of that, or None: also of a document that was withdrawn since, so that it can end."""
    if target != "article":
        return reader.follows.filter(**{f"{target}__key": key}).first()
    document, _slash, eid = key.partition("/")
    return reader.follows.filter(article__document__key=document, article__eid=eid).first()


def target_or_404(target, key):
    """The public object of that key. Raises Http404."""
    rows, _address, _name = FOLLOW_TARGETS[target]
    key, slash, eid = key.partition("/")
    if bool(slash) != (target == "article"):
        raise Http404
    return get_object_or_404(rows(), document__key=key, eid=eid) if slash else get_object_or_404(rows(), key=key)
