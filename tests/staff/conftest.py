import time

import pytest
from django.test import Client
from django_otp.oath import TOTP

from content.people import services
from content.people.models import Role
from content.people.second_factor import device_of


class StaffMember:
    """A member of staff with a browser of their own."""

    def __init__(self, username, *roles):
        self.user, self.password = services.create_account(username, roles=roles, first_name=username.title())
        self.browser = Client()

    def sign_in(self, password=None, **headers):
        data = {"username": self.user.username, "password": password or self.password, "next": "/staff/"}
        return self.browser.post("/staff/login/", data, **headers)

    def get(self, path):
        return self.browser.get(f"/staff/{path}")

    def post(self, path, data):
        return self.browser.post(f"/staff/{path}", data)

    def code(self, *, later=0):
        """The code their authenticator app shows, `later` steps of 30 seconds from now."""
        return totp_code(device_of(self.user).bin_key, later=later)


def totp_code(key, *, later=0):
    totp = TOTP(key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06d}"


@pytest.fixture
def person():
    return StaffMember


@pytest.fixture
def lan():
    return StaffMember("lan", Role.EDITOR)


@pytest.fixture
def minh():
    """Keeps the accounts, and has signed in."""
    minh = StaffMember("minh", Role.ADMINISTRATOR)
    minh.browser.force_login(minh.user, "django.contrib.auth.backends.ModelBackend")
    return minh
