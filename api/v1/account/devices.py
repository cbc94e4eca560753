from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import calling_device, sent_secret
from api.fields import KnownFieldsOnly, StrictCharField
from api.limits.throttles import throttle_device_changes, throttle_new_devices
from api.parameters import KnownParametersOnly
from api.schema import DEVICE_OR_NOBODY
from api.shared_serializers import represented, validated
from api.v1 import resource_urls
from api.v1.choices import NamedChoiceField
from notifications.devices import queries as devices
from notifications.devices.models import Device
from notifications.devices.services import WrongSecret, seen_again
from notifications.follows import services as follows

INSTALLATION_KEY = r"[A-Za-z0-9._~-]{1,100}"


@extend_schema_field({"type": "string", "maxLength": 40, "pattern": r"^[^\u0000]*$"})
class AppVersionField(StrictCharField):
    """A string without NUL. DRF refuses NUL but does not write it into the OpenAPI description."""


class DeviceSerializer(KnownFieldsOnly, serializers.ModelSerializer):
    """An installation of the app, as it describes itself at each start."""

    key = serializers.CharField(source="installation_key", read_only=True)
    url = serializers.SerializerMethodField()
    registration_id = StrictCharField(
        max_length=1000,
        write_only=True,
        validators=[RegexValidator(r"^[\x21-\x7e]+\Z", gettext_lazy("Use visible ASCII characters only."))],
        help_text="Identifier of the installation at FCM: its Firebase installation id (fid) or its "
        "registration token.",
    )
    serializer_choice_field = NamedChoiceField

    language = NamedChoiceField(Device.Language.choices, default=Device.Language.VI)
    app_version = AppVersionField(max_length=40, allow_blank=True, default="")

    class Meta:
        model = Device
        fields = ["key", "url", "registration_id", "id_kind", "platform", "app_version", "language", "last_seen_at"]
        read_only_fields = ["last_seen_at"]

    def get_url(self, device: Device) -> str:
        return resource_urls.device_url(device.installation_key)


class RegisteredDeviceSerializer(DeviceSerializer):
    """A device with its secret. 200 and 201 share one shape, so that generated clients have one type."""

    secret = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Secret of the device, returned once (201). Send it as `Authorization: Bearer`. Null in later "
        "responses (200).",
    )

    class Meta(DeviceSerializer.Meta):
        fields = [*DeviceSerializer.Meta.fields, "secret"]


DEVICE_PATH_PARAMETERS = [
    OpenApiParameter("installation_key", {"type": "string", "pattern": f"^{INSTALLATION_KEY}$"}, "path")
]


class DeviceView(KnownParametersOnly, APIView):
    """One installation of the app. It needs no account and no personal data."""

    def perform_authentication(self, request: Request) -> None:
        """Leave it to `put`: a start of an app that changes nothing is one statement, which knows its secret.

        With a query string the caller is asked for first, as everywhere.
        """
        if request.method != "PUT" or request.META.get("QUERY_STRING"):
            super().perform_authentication(request)

    @extend_schema(
        operation_id="getDevice",
        tags=["devices"],
        summary="Get this installation",
        parameters=DEVICE_PATH_PARAMETERS,
        responses=DeviceSerializer,
    )
    def get(self, request: Request, installation_key: str) -> Response:
        return Response(DeviceSerializer(caller_device_or_error(request, installation_key)).data)

    @extend_schema(
        operation_id="deleteDevice",
        tags=["devices"],
        summary="Delete this installation",
        description="The secret becomes invalid and no push is sent any more. The follows of the reader are "
        "deleted if this "
        "was the only device.",
        parameters=DEVICE_PATH_PARAMETERS,
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, installation_key: str) -> Response:
        follows.forget_device(caller_device_or_error(request, installation_key))
        return Response(status=204)

    @extend_schema(
        operation_id="putDevice",
        tags=["devices"],
        summary="Register or update this installation",
        description="Call it at each start of the app. The first response (201) contains `secret`, once. Later calls "
        "must send it; without it a registered key is 401, and the app makes a new key. The app chooses "
        "`installation_key`, preferably a random UUID. The language and the registration id of a device may change "
        "10 times an hour; the next change is 429.",
        parameters=DEVICE_PATH_PARAMETERS,
        request=DeviceSerializer,
        responses={
            200: OpenApiResponse(RegisteredDeviceSerializer, "Updated."),
            201: OpenApiResponse(RegisteredDeviceSerializer, "Registered."),
        },
        auth=DEVICE_OR_NOBODY,
    )
    def put(self, request: Request, installation_key: str) -> Response:
        try:
            columns = validated(RegisteredDeviceSerializer, request.data)
        except Exception:
            calling_device(request)  # raises for a secret that no device has: who calls matters before what is sent
            raise
        sent, secret = sent_secret(request), None
        device = seen_again(sent, installation_key, **columns) if sent else None
        if device is None:
            device, secret = _register(request, installation_key, columns)
        device.secret = secret
        return Response(represented(RegisteredDeviceSerializer, device), status=201 if secret else 200)


def _register(request: Request, installation_key: str, columns: dict[str, str]) -> tuple[Device, str | None]:
    """(the device, its secret if it is new). Raises what the caller is told."""
    caller = calling_device(request)
    if not devices.is_registered(installation_key):
        throttle_new_devices(request)
    if caller and caller.installation_key == installation_key and _moves_topics(caller, columns):
        throttle_device_changes(caller)
    try:
        return follows.register_device(installation_key, caller=caller, **columns)
    except WrongSecret:
        if caller:
            raise NotFound from None  # the secret of another device: do not reveal this one
        raise NotAuthenticated(
            _("This installation is already registered. Send its secret or choose a new key.")
        ) from None


def _moves_topics(device: Device, columns: dict[str, str]) -> bool:
    """Whether FCM must be told anew of all topics of the device."""
    return any(getattr(device, name) != columns[name] for name in ("language", "registration_id"))


def caller_device_or_error(request: Request, installation_key: str) -> Device:
    """The caller's device. Raises NotAuthenticated without a secret, NotFound if the key is another device's."""
    device = calling_device(request)
    if device is None:
        raise NotAuthenticated
    if device.installation_key != installation_key:
        raise NotFound
    return device
