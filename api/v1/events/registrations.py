"""Registrations for events: a seat or a position on the waiting list, and the code for admission."""

import io
from typing import Any

import segno
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KnownFieldsOnly, ReaderTextField, StrictBooleanField
from api.negotiation import IgnoreAcceptNegotiation
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from api.v1.events.events import EVENT_PATH_PARAMETERS, EventSerializer
from content.events import queries
from content.events.models import Event, Registration
from content.people.models import Reader
from notifications.follows import event_registrations


class NewRegistrationSerializer(KnownFieldsOnly, serializers.Serializer):
    """A new registration. Names are accepted only with consent and if the event states `data_purpose`."""

    name = ReaderTextField(max_length=Registration.NAME_LENGTH, required=False, allow_null=True)
    contact = ReaderTextField(max_length=Registration.CONTACT_LENGTH, required=False, allow_null=True)
    consent = StrictBooleanField(
        required=False,
        allow_null=True,
        help_text="Consent to store name and contact for that purpose until 30 days after the event.",
    )


class RegistrationSerializer(serializers.ModelSerializer):
    """A registration: a seat or a position on the waiting list."""

    event: serializers.SlugRelatedField[Event] = serializers.SlugRelatedField("key", read_only=True)
    url = serializers.SerializerMethodField()
    status = serializers.ChoiceField(Registration.Status.choices, read_only=True)
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    position = serializers.SerializerMethodField(help_text="Position on the waiting list, from 1; null: has a seat.")
    code_url = serializers.SerializerMethodField(help_text="URL of the code as a QR image (SVG).")

    class Meta:
        model = Registration
        fields = [
            "event", "url", "status", "status_name", "position", "code", "code_url", "name", "contact", "consented_at",
            "registered_at", "checked_in_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {"code": {"help_text": "Code to show at admission. It admits only registrations with a seat."}}

    def get_url(self, registration: Registration) -> str:
        return resource_urls.resource_url("registration", key=registration.event.key)

    def get_position(self, registration: Registration) -> int | None:
        return queries.waiting_position(registration)

    def get_code_url(self, registration: Registration) -> str:
        return resource_urls.resource_url("registration-code", key=registration.event.key)


class MyEventSerializer(serializers.Serializer):
    """An event with the registration of this reader."""

    event = EventSerializer()
    registration = RegistrationSerializer(source="*")


def event_or_404(key: str) -> Event:
    """The public event with that key. Raises Http404."""
    return get_object_or_404(queries.public_events(), key=key)


def registration_or_404(reader: Reader, key: str) -> Registration:
    """The reader's registration for the event. Raises Http404."""
    registration = queries.registration_of(reader, event_or_404(key))
    if registration is None:
        raise Http404
    return registration


@extend_schema(tags=["events"], parameters=EVENT_PATH_PARAMETERS)
class RegistrationView(KnownParametersOnly, APIView):
    """The registration of this reader for an event."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="getRegistration", summary="Get this reader's registration", responses=RegistrationSerializer
    )
    def get(self, request: Request, key: str) -> Response:
        return Response(RegistrationSerializer(registration_or_404(calling_reader(request), key)).data)

    @extend_schema(
        operation_id="register",
        summary="Register for an event",
        description="Gives a seat if one is free, else the last position on the waiting list. A repeat keeps it. "
        "A push notifies readers who get a seat later. Outside the registration period: 409 `registration_closed`.",
        request=NewRegistrationSerializer,
        responses={200: RegistrationSerializer, 201: OpenApiResponse(RegistrationSerializer, "Created.")},
    )
    def put(self, request: Request, key: str) -> Response:
        event = event_or_404(key)
        serializer = NewRegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        reader = calling_reader(request)
        registration, created = event_registrations.register(event, reader, **serializer.validated_data)
        return Response(RegistrationSerializer(registration).data, status=201 if created else 200)

    @extend_schema(
        operation_id="unregister",
        summary="Cancel this reader's registration",
        description="The first reader on the waiting list gets the seat and a notification. A repeat returns 204.",
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, key: str) -> Response:
        event_registrations.unregister(event_or_404(key), calling_reader(request))
        return Response(status=204)


class RegistrationCodeView(KnownParametersOnly, APIView):
    """The code of a registration as a QR image."""

    permission_classes = [IsDevice]
    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="getRegistrationCode",
        tags=["events"],
        summary="Get the code of this reader's registration as a QR image",
        parameters=EVENT_PATH_PARAMETERS,
        responses={(200, "image/svg+xml"): OpenApiResponse(OpenApiTypes.BINARY, "SVG that contains `code` only.")},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        image = io.BytesIO()
        code = registration_or_404(calling_reader(request), key).code
        segno.make(code.upper(), error="q", micro=False).save(image, kind="svg", scale=8, title=code)
        return HttpResponse(image.getvalue(), content_type="image/svg+xml")


class MyEventPagination(StrictCursorPagination):
    ordering = "-pk"


@extend_schema(tags=["events"])
class MyEventViewSet(KnownParametersOnly, ListModelMixin, viewsets.GenericViewSet):
    """Events that this reader registered for."""

    permission_classes = [IsDevice]
    serializer_class = MyEventSerializer
    pagination_class = MyEventPagination
    queryset = Registration.objects.none()  # tells drf-spectacular the model

    def get_queryset(self) -> QuerySet[Registration]:
        return queries.registrations_of(calling_reader(self.request))

    @extend_schema(
        operation_id="listMyEvents", summary="List the events this reader registered for, latest registration first"
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)
