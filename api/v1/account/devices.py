from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from api.fields import KnownFieldsOnly, StrictCharField
from api.parameters import KnownParametersOnly
from api.throttles import throttle_new_devices
from api.v1 import resource_urls
from notifications.devices import queries as devices
from notifications.devices.models import Device
from notifications.devices.services import WrongSecret
from notifications.follows import services as follows

INSTALLATION_KEY = r"[A-Za-z0-9._~-]{1,100}"


@extend_schema_field({"type": "string", "maxLength": 40, "pattern": r"^[^\u0000]*$"})
class AppVersionField(StrictCharField):
    """REST framework refuses NUL and does not say so in the contract."""


class DeviceSerializer(KnownFieldsOnly, serializers.ModelSerializer):
    """What an installation says of itself at each start."""

    key = serializers.CharField(source="installation_key", read_only=True)
    url = serializers.SerializerMethodField()
    registration_id = StrictCharField(
        max_length=1000,
        write_only=True,
        validators=[RegexValidator(r"^[\x21-\x7e]+\Z", gettext_lazy("Visible ASCII characters only."))],
        help_text="What FCM knows the installation by: its Firebase installation id (fid) or its token.",
    )
    language = serializers.ChoiceField(Device.Language.choices, default=Device.Language.VI)
    app_version = AppVersionField(max_length=40, allow_blank=True, default="")

    class Meta:
        model = Device
        fields = ["key", "url", "registration_id", "id_kind", "platform", "app_version", "language", "last_seen_at"]
        read_only_fields = ["last_seen_at"]

    def get_url(self, device) -> str:
        return resource_urls.resource_url("device", installation_key=device.installation_key)


class RegisteredDeviceSerializer(DeviceSerializer):
    """The same shape for 200 and 201: generated clients have one type for an answer that went well."""

    secret = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Shown once, in the first answer (201): send it as `Authorization: Bearer`. Null later (200).",
    )

    class Meta(DeviceSerializer.Meta):
        fields = [*DeviceSerializer.Meta.fields, "secret"]


DEVICE_PATH_PARAMETERS = [
    OpenApiParameter("installation_key", {"type": "string", "pattern": f"^{INSTALLATION_KEY}$"}, "path")
]


class DeviceView(KnownParametersOnly, APIView):
    """An installation of the app. It needs no account and no personal data."""

    @extend_schema(
        operation_id="getDevice",
        tags=["devices"],
        summary="What this installation last said of itself",
        parameters=DEVICE_PATH_PARAMETERS,
        responses=DeviceSerializer,
    )
    def get(self, request, installation_key):
        return Response(DeviceSerializer(caller_device_or_error(request, installation_key)).data)

    @extend_schema(
        operation_id="deleteDevice",
        tags=["devices"],
        summary="Forget this installation",
        description="Its secret is worth nothing any more and nothing is sent to it. What it followed is deleted where "
        "its reader has no other device.",
        parameters=DEVICE_PATH_PARAMETERS,
        request=None,
        responses={204: None},
    )
    def delete(self, request, installation_key):
        follows.forget_device(caller_device_or_error(request, installation_key))
        return Response(status=204)

    @extend_schema(
        operation_id="putDevice",
        tags=["devices"],
        summary="Register this installation, or say what changed",
        description="Send it at each start. The first answer (201) gives `secret` once; later calls need it. Without "
        "it a known key is 401: make a new key then. `installation_key` is made by the app, best a random UUID.",
        parameters=DEVICE_PATH_PARAMETERS,
        request=DeviceSerializer,
        responses={
            200: OpenApiResponse(RegisteredDeviceSerializer, "Noted."),
            201: OpenApiResponse(RegisteredDeviceSerializer, "Registered."),
        },
        auth=[{"device": []}, {}],
    )
    def put(self, request, installation_key):
        papers = DeviceSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        if not devices.is_registered(installation_key):
            throttle_new_devices(request)
        try:
            device, secret = follows.register_device(installation_key, caller=request.auth, **papers.validated_data)
        except WrongSecret:
            if request.auth:
                raise NotFound from None  # another device's secret: this one is none of the caller's business
            raise NotAuthenticated(_("This installation is registered; show its secret, or make a new key.")) from None
        device.secret = secret
        if secret is None:
            return Response(RegisteredDeviceSerializer(device).data)
        return Response(RegisteredDeviceSerializer(device).data, status=201)


def caller_device_or_error(request, installation_key):
    """The caller's device, if that is its key. Raises NotAuthenticated without a secret, NotFound for another's."""
    if request.auth is None:
        raise NotAuthenticated
    if request.auth.installation_key != installation_key:
        raise NotFound
    return request.auth
