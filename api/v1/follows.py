from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice
from api.fields import KnownFieldsOnly
from api.parameters import KnownParametersOnly
from api.v1 import addresses
from api.v1.topics import TopicLinkSerializer
from content.topics.models import Topic
from notifications.follows import services
from notifications.follows.models import Follow, Kind

TOPIC_KEY = [
    OpenApiParameter("key", {"type": "string", "pattern": "^[a-z0-9-]+$"}, "path", description="A topic's key.")
]


class FollowSerializer(KnownFieldsOnly, serializers.Serializer):
    """A topic and what about it the reader wants to be told."""

    key = serializers.CharField(source="topic.key", read_only=True)
    url = serializers.SerializerMethodField()
    target = serializers.CharField(read_only=True, default="topic")
    topic = TopicLinkSerializer(read_only=True)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(Kind.choices), default=list, max_length=10, help_text="Empty: every kind."
    )
    frequency = serializers.ChoiceField(Follow.Frequency.choices, default=Follow.Frequency.INSTANT)

    def get_url(self, follow) -> str:
        return addresses.of("follow-topic", key=follow.topic.key)


class TopicFollowView(KnownParametersOnly, APIView):
    """Whether this device's reader follows a topic and all under it."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="followTopic",
        tags=["follows"],
        summary="Follow a topic and all under it",
        parameters=TOPIC_KEY,
        request=FollowSerializer,
        responses={200: FollowSerializer, 201: OpenApiResponse(FollowSerializer, "Followed now.")},
    )
    def put(self, request, key):
        topic = get_object_or_404(Topic, key=key)
        papers = FollowSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        follow, created = services.follow(request.user, topic, **papers.validated_data)
        return Response(FollowSerializer(follow).data, status=201 if created else 200)

    @extend_schema(
        operation_id="unfollowTopic",
        tags=["follows"],
        summary="No longer follow a topic",
        description="The same again changes nothing and is 204 too.",
        parameters=TOPIC_KEY,
        request=None,
        responses={204: None},
    )
    def delete(self, request, key):
        services.unfollow(request.user, get_object_or_404(Topic, key=key))
        return Response(status=204)
