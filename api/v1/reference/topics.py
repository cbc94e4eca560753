from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from api.entity_tags.made_once import MadeOnceViewSet
from api.pagination import SinglePagePagination
from api.v1 import resource_urls
from content.topics import queries
from content.topics.models import Topic


class TopicLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Topic
        fields = ["key", "url", "number", "name"]

    def get_url(self, topic: Topic) -> str:
        return resource_urls.topic_url(topic)


class TopicSerializer(TopicLinkSerializer):
    children = TopicLinkSerializer(many=True, read_only=True)

    class Meta:
        model = Topic
        fields = ["key", "url", "number", "name", "children"]


@extend_schema(tags=["topics"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listTopics", summary="List all subjects with their headings", filters=False),
    retrieve=extend_schema(operation_id="getTopic", summary="Get one subject or heading"),
)
class TopicViewSet(MadeOnceViewSet):
    """Subjects and headings of the official codification (Pháp điển)."""

    serializer_class = TopicSerializer
    pagination_class = SinglePagePagination
    shown_tables = (Topic,)

    def get_queryset(self) -> QuerySet[Topic]:
        return queries.subjects() if self.action == "list" else Topic.objects.prefetch_related("children")
