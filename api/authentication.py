"""Authentication of devices by the secret from their registration: `Authorization: Bearer dvc_…`."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.types import JSONObject
from content.people.models import Reader
from notifications.devices import services as devices
from notifications.devices.models import Device


class DeviceAuthentication(BaseAuthentication):
    """Sets `request.user` to the Reader and `request.auth` to the Device. An unknown secret is 401.

    A view with a method `device_with_secret` fetches the device itself, and may fetch in that statement what else it
    needs.
    """

    def authenticate(self, request: Request) -> tuple[Reader, Device] | None:
        secret = sent_secret(request)
        if secret is None:
            return None
        view = request.parser_context.get("view")
        device = getattr(view, "device_with_secret", devices.device_with_secret)(secret)
        if device is None:
            raise AuthenticationFailed(
                _("This secret belongs to no device. Register the installation under a new key."), code="unknown_secret"
            )
        return device.reader, device

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="luatmo"'


def sent_secret(request: Request) -> str | None:
    """The secret in the Authorization header, whether a device has it or not; None without one."""
    scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


class IsDevice(BasePermission):
    """Allows callers that sent the secret of a device."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Device)


def calling_reader(request: Request) -> Reader:
    """The reader of the calling device. Only for views with IsDevice."""
    return cast(Reader, request.user)


def calling_device(request: Request) -> Device | None:
    """The calling device; None without a secret."""
    return cast(Device | None, request.auth)


class DeviceAuthenticationScheme(OpenApiAuthenticationExtension):
    target_class = DeviceAuthentication
    name = "device"

    def get_security_definition(self, auto_schema: Any) -> JSONObject:
        return {"type": "http", "scheme": "bearer", "description": "The secret of the device, `dvc_…`."}
