"""Export and erasure of all data of a reader (Law 91/2025/QH15, Decree 356/2025/NĐ-CP)."""

from typing import Any

from django.db import models
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.parameters import KnownParametersOnly
from api.v1.account.devices import DeviceSerializer
from api.v1.account.follows import FOLLOW_TARGETS, FollowSerializer
from api.v1.contests.exported_entries import ExportedEntrySerializer
from api.v1.events.registrations import RegistrationSerializer
from api.v1.questions.my_questions import OwnQuestionSerializer
from content.changes.models import Change
from content.contests import queries as contests
from content.contests.models import Entry
from content.events import queries as events
from content.events.models import ReaderCalendar, Registration
from content.people.models import IdempotencyKey, Reader
from content.qa import queries as questions
from content.qa.models import ProblemReport, Question, Rating
from notifications.deliveries.models import Notification
from notifications.devices.models import Device
from notifications.follows import services
from notifications.follows.models import Follow
from notifications.inbox.models import ReadMark


class ExportedRatingSerializer(serializers.ModelSerializer):
    question: serializers.SlugRelatedField[Question] = serializers.SlugRelatedField("key", read_only=True)

    class Meta:
        model = Rating
        fields = ["question", "is_helpful", "rated_at"]


class ExportedReportSerializer(serializers.ModelSerializer):
    question: serializers.SlugRelatedField[Question] = serializers.SlugRelatedField("key", read_only=True)

    class Meta:
        model = ProblemReport
        fields = ["question", "kind", "text", "reported_at", "resolved_at"]


class PrivateChangeSerializer(serializers.ModelSerializer):
    """A change of something that belongs to the reader."""

    event_type = serializers.CharField(
        help_text="What happened, as in `changes`, or `question.returned`, `question.closed`, `event.seat_given`, "
        "`contest.result_given`, `contest.identity_asked`, `contest.disqualified`."
    )

    class Meta:
        model = Change
        fields = ["event_type", "subject", "changed_at"]


class PrivateNotificationSerializer(serializers.ModelSerializer):
    """A notification about something that belongs to the reader."""

    class Meta:
        model = Notification
        fields = ["dedupe_key", "created_at"]


class ReadMarkSerializer(serializers.ModelSerializer):
    notification = serializers.CharField(source="notification_id")

    class Meta:
        model = ReadMark
        fields = ["notification", "read_at"]


class IdempotencyKeySerializer(serializers.ModelSerializer):
    class Meta:
        model = IdempotencyKey
        fields = ["key", "subject", "created_at"]


class ReaderCalendarSerializer(serializers.ModelSerializer):
    """The calendar with a secret URL. The secret itself is not stored."""

    created_at = serializers.DateTimeField(source="made_at")

    class Meta:
        model = ReaderCalendar
        fields = ["created_at"]


@extend_schema_serializer(component_name="ExportedReader")
class ReaderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Reader
        fields = ["id", "firebase_uid", "created_at"]


EXPORTED_TABLES = {  # every table that refers to a reader, with its serializer; a test checks that none is missing
    "devices": (Device, DeviceSerializer),
    "follows": (Follow, FollowSerializer),
    "questions": (Question, OwnQuestionSerializer),
    "ratings": (Rating, ExportedRatingSerializer),
    "registrations": (Registration, RegistrationSerializer),
    "contest_entries": (Entry, ExportedEntrySerializer),
    "calendars": (ReaderCalendar, ReaderCalendarSerializer),
    "reports": (ProblemReport, ExportedReportSerializer),
    "changes": (Change, PrivateChangeSerializer),
    "notifications": (Notification, PrivateNotificationSerializer),
    "read_marks": (ReadMark, ReadMarkSerializer),
    "idempotency_keys": (IdempotencyKey, IdempotencyKeySerializer),
}


class ReaderExportSerializer(serializers.Serializer):
    """All stored data of a reader, without secrets: only their hashes are stored."""

    exported_at = serializers.DateTimeField()
    reader = ReaderSerializer()
    devices = DeviceSerializer(many=True)
    follows = FollowSerializer(many=True)
    questions = OwnQuestionSerializer(many=True)
    ratings = ExportedRatingSerializer(many=True)
    registrations = RegistrationSerializer(many=True)
    contest_entries = ExportedEntrySerializer(many=True)
    calendars = ReaderCalendarSerializer(many=True)
    reports = ExportedReportSerializer(many=True)
    changes = PrivateChangeSerializer(many=True)
    notifications = PrivateNotificationSerializer(many=True)
    read_marks = ReadMarkSerializer(many=True)
    idempotency_keys = IdempotencyKeySerializer(many=True)


def exported_rows(model: type[models.Model], reader: Reader) -> Any:
    """The rows of a table that belong to the reader, with the related objects that the serializer needs."""
    if model is Question:
        return questions.questions_of(reader)
    if model is Registration:
        return events.registrations_of(reader).order_by("pk")
    if model is Entry:
        return contests.entries_of(reader)
    rows = model._default_manager.filter(reader=reader).order_by("pk")
    related = {
        Follow: [*FOLLOW_TARGETS, "article__document"],
        Rating: ["question"],
        ProblemReport: ["question"],
    }.get(model)
    return rows.select_related(*related) if related else rows


class ReaderExportView(KnownParametersOnly, APIView):
    """All stored data of the caller."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="exportMe",
        tags=["me"],
        summary="Export all data of this reader",
        responses=ReaderExportSerializer,
    )
    def get(self, request: Request) -> Response:
        reader = calling_reader(request)
        rows = {name: exported_rows(model, reader) for name, (model, _serializer) in EXPORTED_TABLES.items()}
        return Response(ReaderExportSerializer({"exported_at": timezone.now(), "reader": reader} | rows).data)


class ReaderView(KnownParametersOnly, APIView):
    """The reader that the calling device belongs to."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="eraseMe",
        tags=["me"],
        summary="Erase this reader with all devices, follows, questions and registrations",
        description="Immediate and permanent. Published questions keep their public copy, without personal data and "
        "without a reader. Of contests the code and the results stay, without province and unit. The secrets of all "
        "devices of this reader become invalid.",
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        services.erase_reader(calling_reader(request))
        return Response(status=204)
