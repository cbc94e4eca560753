"""Coming to an event: a seat or a place on the waiting list, the code for the door, and questions asked ahead."""

import io

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice
from api.fields import KnownFieldsOnly, ReaderTextField, StrictBooleanField
from api.negotiation import IgnoreAcceptNegotiation
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from api.v1.events.events import EVENT_PATH_PARAMETERS, EventSerializer
from content.events import queries
from content.events.models import Registration
from notifications.follows import event_registrations


class NewRegistrationSerializer(KnownFieldsOnly, serializers.Serializer):
    """A name only where the event says what for (`data_purpose`), and with consent."""

    name = ReaderTextField(max_length=Registration.NAME_LENGTH, required=False)
    contact = ReaderTextField(max_length=Registration.CONTACT_LENGTH, required=False)
    consent = StrictBooleanField(
        required=False, help_text="To keep name and contact for that purpose until 30 days after the event."
    )


class RegistrationSerializer(serializers.ModelSerializer):
    """A seat, or a place on the waiting list."""

    event = serializers.SlugRelatedField("key", read_only=True)
    url = serializers.SerializerMethodField()
    status = serializers.ChoiceField(Registration.Status.choices, read_only=True)
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    position = serializers.SerializerMethodField(help_text="On the waiting list, from 1; null for who has a seat.")
    code_url = serializers.SerializerMethodField(help_text="The code as a picture to be read at the door (SVG).")

    class Meta:
        model = Registration
        fields = [
            "event", "url", "status", "status_name", "position", "code", "code_url", "name", "contact", "consented_at",
            "registered_at", "checked_in_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {"code": {"help_text": "What is shown at the door; it lets in only who has a seat."}}

    def get_url(self, registration) -> str:
        return resource_urls.resource_url("registration", key=registration.event.key)

    def get_position(self, registration) -> int | None:
        return queries.waiting_position(registration)

    def get_code_url(self, registration) -> str:
        return resource_urls.resource_url("registration-code", key=registration.event.key)


class MyEventSerializer(serializers.Serializer):
    """An event this reader comes to, or waits for."""

    event = EventSerializer()
    registration = RegistrationSerializer(source="*")


def event_or_404(key):
    return get_object_or_404(queries.public_events(), key=key)


def registration_or_404(reader, key):
    """The reader's own registration for that event. Raises Http404."""
    registration = queries.registration_of(reader, event_or_404(key))
    if registration is None:
        raise Http404
    return registration


@extend_schema(tags=["events"], parameters=EVENT_PATH_PARAMETERS)
class RegistrationView(KnownParametersOnly, APIView):
    """Whether this device's reader comes to an event."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="getRegistration", summary="This reader's registration", responses=RegistrationSerializer
    )
    def get(self, request, key):
        return Response(RegistrationSerializer(registration_or_404(request.user, key)).data)

    @extend_schema(
        operation_id="register",
        summary="Register for an event",
        description="A seat while there is one, else the last place on the waiting list. The same again keeps it. "
        "Whoever gets a seat later is told by a push. 409 `registration_closed` outside the time of registration.",
        request=NewRegistrationSerializer,
        responses={200: RegistrationSerializer, 201: OpenApiResponse(RegistrationSerializer, "Registered now.")},
    )
    def put(self, request, key):
        event = event_or_404(key)
        papers = NewRegistrationSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        registration, created = event_registrations.register(event, request.user, **papers.validated_data)
        return Response(RegistrationSerializer(registration).data, status=201 if created else 200)

    @extend_schema(
        operation_id="unregister",
        summary="Give the seat, or the place on the waiting list, back",
        description="The first who waits gets the seat and is told. A repeat is 204 too.",
        request=None,
        responses={204: None},
    )
    def delete(self, request, key):
        event_registrations.unregister(event_or_404(key), request.user)
        return Response(status=204)


class RegistrationCodeView(KnownParametersOnly, APIView):
    """The code of a registration, for the eye of a machine."""

    permission_classes = [IsDevice]
    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="getRegistrationCode",
        tags=["events"],
        summary="The code of this reader's registration as a QR picture",
        parameters=EVENT_PATH_PARAMETERS,
        responses={(200, "image/svg+xml"): OpenApiResponse(OpenApiTypes.STR, "SVG; it says `code`, nothing else.")},
    )
    def get(self, request, key):
        picture = io.BytesIO()
        code = registration_or_404(request.user, key).code
        segno.make(code.upper(), error="q", micro=False).save(picture, kind="svg", scale=8, title=code)
        return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


class MyEventPagination(StrictCursorPagination):
    ordering = "-pk"


@extend_schema(tags=["events"])
class MyEventViewSet(KnownParametersOnly, ListModelMixin, viewsets.GenericViewSet):
    """Where this device's reader goes."""

    permission_classes = [IsDevice]
    serializer_class = MyEventSerializer
    pagination_class = MyEventPagination
    queryset = Registration.objects.none()  # for the contract: what kind of rows these are

    def get_queryset(self):
        return queries.registrations_of(self.request.user)

    @extend_schema(
        operation_id="listMyEvents", summary="The events this reader registered for, the latest registration first"
    )
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)
