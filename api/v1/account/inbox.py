import django_filters
from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice
from api.fields import KnownFieldsOnly
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from notifications.deliveries.models import Notification
from notifications.follows import fcm_topics
from notifications.inbox import queries, services
from notifications.messages import push_wording

INBOX_KEY = r"[1-9][0-9]{0,17}"  # a notification's number; what a push carries as `nid`
NOTIFICATION_TYPES = {code: kind for kind, code in fcm_topics.NOTIFICATION_TYPE_CODES.items()}
INBOX_PATH_PARAMETERS = [
    OpenApiParameter("key", {"type": "string", "pattern": f"^{INBOX_KEY}$"}, "path", description="`nid` of its push.")
]


class InboxSubjectSerializer(serializers.Serializer):
    """What it is about."""

    key = serializers.CharField()
    url = serializers.URLField()


class InboxEntrySerializer(serializers.ModelSerializer):
    """Something the reader was told, in the words of its push, in the language asked for."""

    key = serializers.CharField(source="pk", read_only=True, help_text="The `nid` of its push.")
    url = serializers.SerializerMethodField()
    kind = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    subject = serializers.SerializerMethodField()
    read_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Null: not yet.")

    class Meta:
        model = Notification
        fields = ["key", "url", "kind", "title", "body", "subject", "created_at", "read_at"]

    def get_url(self, entry) -> str:
        return resource_urls.resource_url("inbox-detail", key=entry.pk)

    def get_kind(self, entry) -> str:
        return NOTIFICATION_TYPES[entry.kind]

    def get_title(self, entry) -> str:
        return push_wording.inbox_text(entry.change, get_language(), entry.title or "").title

    def get_body(self, entry) -> str:
        return push_wording.inbox_text(entry.change, get_language(), entry.title or "").body

    def get_subject(self, entry) -> InboxSubjectSerializer:
        return {"key": entry.change.subject, "url": settings.PUBLIC_URL + push_wording.link_path(entry.change)}


@extend_schema_field(
    {
        "type": "integer",
        "minimum": 0,
        "maximum": 2**63 - 1,
        "description": "Only newer than this key: what a phone missed while it was away.",
    }
)
class KeyFilter(django_filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=2**63 - 1, **kwargs)


class InboxFilter(django_filters.FilterSet):
    unread = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")], method="narrow", help_text="Only the unread, or only the read."
    )
    after = KeyFilter(field_name="pk", lookup_expr="gt")

    class Meta:
        model = Notification
        fields = []

    def narrow(self, queryset, name, value):
        return queryset.filter(read_at__isnull=value == "true")


class InboxPagination(StrictCursorPagination):
    ordering = "-pk"


@extend_schema(tags=["inbox"])
@extend_schema_view(
    list=extend_schema(operation_id="listInbox", summary="What this reader was told, newest first"),
    retrieve=extend_schema(
        operation_id="getInboxEntry", summary="One thing this reader was told", parameters=INBOX_PATH_PARAMETERS
    ),
)
class InboxViewSet(KnownParametersOnly, ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet):
    """The inbox is the truth, a push only its hint.

    It holds what was told of the reader's own questions, and what was told of what they follow, since they follow it.
    To unfollow a thing takes out what was told about it.
    """

    permission_classes = [IsDevice]
    serializer_class = InboxEntrySerializer
    filterset_class = InboxFilter
    pagination_class = InboxPagination
    queryset = Notification.objects.none()  # for the contract: what kind of rows these are
    lookup_field = "pk"
    lookup_url_kwarg = "key"
    lookup_value_regex = INBOX_KEY

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # a schema is made without asking the database
            return Notification.objects.none()
        return queries.inbox_of(self.request.user)


class UnreadCountSerializer(serializers.Serializer):
    """How many entries of the inbox are unread: the number on the app's icon."""

    count = serializers.IntegerField()


class UnreadCountView(KnownParametersOnly, APIView):
    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="countUnread", tags=["inbox"], summary="How many are unread", responses=UnreadCountSerializer
    )
    def get(self, request):
        return Response({"count": queries.unread_notifications(queries.inbox_of(request.user)).count()})


class ReadUpToSerializer(KnownFieldsOnly, serializers.Serializer):
    """The newest entry the reader has seen."""

    up_to = serializers.RegexField(rf"^{INBOX_KEY}\Z", help_text="Its key; it and all older ones are read.")


class ReadUpToView(KnownParametersOnly, APIView):
    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="readInboxUpTo",
        tags=["inbox"],
        summary="All up to here is read",
        description="The same again changes nothing and is 204 too; newer entries stay unread.",
        request=ReadUpToSerializer,
        responses={204: None},
    )
    def put(self, request):
        papers = ReadUpToSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        entry = get_object_or_404(queries.inbox_of(request.user), pk=papers.validated_data["up_to"])
        services.mark_read_up_to(request.user, entry.pk)
        return Response(status=204)


@extend_schema(tags=["inbox"], parameters=INBOX_PATH_PARAMETERS, request=None, responses={204: None})
class ReadMarkView(KnownParametersOnly, APIView):
    """Whether the reader has seen one entry."""

    permission_classes = [IsDevice]

    @extend_schema(operation_id="readInboxEntry", summary="It is read", description="A repeat changes nothing.")
    def put(self, request, key):
        services.mark_read(request.user, self._entry(key))
        return Response(status=204)

    @extend_schema(operation_id="unreadInboxEntry", summary="It is unread again", description="A repeat is 204 too.")
    def delete(self, request, key):
        services.mark_unread(request.user, self._entry(key))
        return Response(status=204)

    def _entry(self, key):
        return get_object_or_404(queries.inbox_of(self.request.user), pk=key)
