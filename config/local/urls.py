"""The page /phone, in local mode only."""

from csp.decorators import csp
from django.urls import path, re_path

from config.content_policy.page_policies import PAGE_POLICY
from config.local import phone_page

PHONE_PAGE_POLICY = PAGE_POLICY | {
    "script-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}

urlpatterns = [
    path("phone", csp(PHONE_PAGE_POLICY)(phone_page.phone_page), name="phone"),
    re_path(
        rf"^phone/devices/(?P<registration>{phone_page.REGISTRATION_PATTERN})\Z",
        phone_page.phone_state,
        name="phone-device",
    ),
]
