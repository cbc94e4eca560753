"""Authentication of outlets by the secret that the staff site showed once: `Authorization: Bearer noi_…`."""

from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.types import JSONObject
from content.dissemination import queries
from content.dissemination.models import Outlet


class OutletAuthentication(BaseAuthentication):
    """Sets `request.auth` to the Outlet. An unknown secret is 401."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Outlet] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        outlet = queries.outlet_with_secret(secret.strip())
        if outlet is None:
            raise AuthenticationFailed(
                _("This secret belongs to no outlet in use. Ask for a new one."), code="unknown_secret"
            )
        return AnonymousUser(), outlet

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="luatmo"'


class IsOutlet(BasePermission):
    """Allows callers that sent the secret of an outlet."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Outlet)


def calling_outlet(request: Request) -> Outlet:
    """The calling outlet. Only for views with IsOutlet."""
    return cast(Outlet, request.auth)


class OutletAuthenticationScheme(OpenApiAuthenticationExtension):
    target_class = OutletAuthentication
    name = "outlet"

    def get_security_definition(self, auto_schema: Any) -> JSONObject:
        return {"type": "http", "scheme": "bearer", "description": "The secret of the outlet, `noi_…`."}
