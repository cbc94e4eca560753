from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KnownFieldsOnly
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly, TrueOrFalseFilter
from api.problems import CursorAhead
from api.types import JSONObject
from api.v1 import resource_urls
from notifications.deliveries.models import Notification
from notifications.follows import fcm_topics
from notifications.follows.models import NotificationType
from notifications.inbox import queries, services
from notifications.messages import push_wording

INBOX_KEY = r"[1-9][0-9]{0,17}"  # the id of a notification; a push contains it as `nid`
NOTIFICATION_TYPES = {code: kind for kind, code in fcm_topics.NOTIFICATION_TYPE_CODES.items()}
INBOX_PATH_PARAMETERS = [
    OpenApiParameter(
        "key",
        {"type": "string", "pattern": f"^{INBOX_KEY}$"},
        "path",
        description="Key of the entry: the `nid` of its push.",
    )
]


class InboxSubjectSerializer(serializers.Serializer):
    """The object of a notification."""

    key = serializers.CharField()
    url = serializers.URLField()


class InboxEntrySerializer(serializers.ModelSerializer):
    """A notification sent to the reader, with the text of its push in the requested language."""

    key = serializers.CharField(source="pk", read_only=True, help_text="The `nid` of the push.")
    url = serializers.SerializerMethodField()
    kind = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    subject = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField(
        help_text="The page on which a person reads the news, as in its push; the start page where the news is private."
    )
    read_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Null: unread.")

    class Meta:
        model = Notification
        fields = ["key", "url", "kind", "title", "body", "subject", "page_url", "created_at", "read_at"]

    def get_url(self, entry: Any) -> str:
        return resource_urls.resource_url("inbox-detail", key=entry.pk)

    @extend_schema_field(serializers.ChoiceField(NotificationType.choices))
    def get_kind(self, entry: Any) -> str:
        return NOTIFICATION_TYPES[entry.kind]

    def get_title(self, entry: Any) -> str:
        return push_wording.inbox_text(entry.change, get_language(), entry.title or "").title

    def get_body(self, entry: Any) -> str:
        return push_wording.inbox_text(entry.change, get_language(), entry.title or "").body

    @extend_schema_field(InboxSubjectSerializer)
    def get_subject(self, entry: Notification) -> JSONObject:
        return {"key": entry.change.subject, "url": settings.PUBLIC_URL + push_wording.link_path(entry.change)}

    @extend_schema_field(OpenApiTypes.URI)
    def get_page_url(self, entry: Notification) -> str:
        return settings.PUBLIC_URL + push_wording.page_path(entry.change)


@extend_schema_field(
    {
        "type": "string",
        "pattern": "^[0-9]{1,19}$",
        "description": "Only entries newer than the one with this key. Ahead of the server: 400 `cursor_ahead`.",
    }
)
class KeyFilter(django_filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=2**63 - 1, **kwargs)


class InboxFilter(django_filters.FilterSet):
    unread = TrueOrFalseFilter(
        method="filter_unread",
        help_text="`true`: only unread entries. `false`: only read entries.",
    )
    after = KeyFilter(method="filter_after")

    class Meta:
        model = Notification
        fields: list[str] = []

    def filter_unread(self, queryset: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        return queryset.filter(read_at__isnull=wanted)

    def filter_after(self, queryset: QuerySet[Any], name: str, key: int) -> QuerySet[Any]:
        if key > queries.last_key():
            raise CursorAhead(_("Read the inbox again without `after`."))
        return queryset.filter(pk__gt=key)


class InboxPagination(StrictCursorPagination):
    ordering = "-pk"


@extend_schema(tags=["inbox"])
@extend_schema_view(
    list=extend_schema(operation_id="listInbox", summary="List the notifications of this reader, newest first"),
    retrieve=extend_schema(
        operation_id="getInboxEntry",
        summary="Get one notification of this reader",
        description="The `key` of an entry is the `nid` of its push.",
        parameters=INBOX_PATH_PARAMETERS,
    ),
)
class InboxViewSet(KnownParametersOnly, ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet):
    """The notifications of this reader, complete even if a push was not delivered.

    Contains notifications about the reader's own questions, and about followed objects since the reader followed them.
    Unfollowing an object removes its notifications.
    """

    permission_classes = [IsDevice]
    serializer_class = InboxEntrySerializer
    filterset_class = InboxFilter
    pagination_class = InboxPagination
    queryset = Notification.objects.none()  # tells drf-spectacular the model
    lookup_field = "pk"
    lookup_url_kwarg = "key"
    lookup_value_regex = INBOX_KEY

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):  # the description is generated without a database
            return Notification.objects.none()
        return queries.inbox_of(calling_reader(self.request))

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        return queries.with_public_facts(page) if page is not None else None

    def get_object(self) -> Notification:
        return queries.with_public_facts([super().get_object()])[0]


MOST_COUNTED = 100  # a badge has no room for more, and to count a year of news costs as much as to list it


class UnreadCountSerializer(serializers.Serializer):
    """Number of unread entries, for the badge of the app."""

    count = serializers.IntegerField(
        max_value=MOST_COUNTED, help_text="Number of unread entries, at most 100: of 100 or more a badge says «99+»."
    )


class UnreadCountView(KnownParametersOnly, APIView):
    """The number of unread entries."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="countUnread", tags=["inbox"], summary="Count the unread entries", responses=UnreadCountSerializer
    )
    def get(self, request: Request) -> Response:
        unread = queries.unread_notifications(queries.inbox_of(calling_reader(request)))
        return Response({"count": unread.order_by()[:MOST_COUNTED].count()})


class ReadUpToSerializer(KnownFieldsOnly, serializers.Serializer):
    """The newest entry that the reader has read."""

    up_to = serializers.RegexField(
        rf"^{INBOX_KEY}\Z", help_text="Key of the entry. It and all older entries become read."
    )


class ReadUpToView(KnownParametersOnly, APIView):
    """Read marks of all entries up to one."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="readInboxUpTo",
        tags=["inbox"],
        summary="Mark all entries up to one as read",
        description="Newer entries stay unread. A repeat changes nothing and returns 204.",
        request=ReadUpToSerializer,
        responses={204: None},
    )
    def put(self, request: Request) -> Response:
        serializer = ReadUpToSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        entry = get_object_or_404(queries.inbox_of(calling_reader(request)), pk=serializer.validated_data["up_to"])
        services.mark_read_up_to(calling_reader(request), entry.pk)
        return Response(status=204)


@extend_schema(tags=["inbox"], parameters=INBOX_PATH_PARAMETERS, request=None, responses={204: None})
class ReadMarkView(KnownParametersOnly, APIView):
    """The read mark of one entry."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="readInboxEntry",
        summary="Mark an entry as read",
        description="A repeat changes nothing and returns 204.",
    )
    def put(self, request: Request, key: str) -> Response:
        services.mark_read(calling_reader(request), self._entry(key))
        return Response(status=204)

    @extend_schema(
        operation_id="unreadInboxEntry",
        summary="Mark an entry as unread",
        description="A repeat changes nothing and returns 204.",
    )
    def delete(self, request: Request, key: str) -> Response:
        services.mark_unread(calling_reader(request), self._entry(key))
        return Response(status=204)

    def _entry(self, key: str) -> Notification:
        return get_object_or_404(queries.inbox_of(calling_reader(self.request)), pk=key)
