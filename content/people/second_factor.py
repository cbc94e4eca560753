"""The second factor of staff: one authenticator app each, codes after RFC 6238 (30 seconds, six digits).

If somebody loses the phone, an administrator removes the device. The next login enrols another.
"""

from base64 import b32encode

from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from content.errors import RuleBroken
from content.people import services
from content.people.models import User

DEVICE_NAME = "authenticator"
new_key = random_hex  # 20 bytes in hex


def device_of(user: User) -> TOTPDevice | None:
    """The user's device, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def provisioning_details(user: User, key: str) -> tuple[str, str]:
    """(otpauth URL for the QR code, secret in base32 for typing) of a key that is not enrolled yet."""
    device = TOTPDevice(user=user, key=key)
    return device.config_url, b32encode(device.bin_key).decode()


@transaction.atomic
def enrol_device(user: User, key: str, code: str) -> TOTPDevice:
    """Store the key after a code proves that the app has it. Returns the device. The code cannot be used again.

    Raises RuleBroken: "already_enrolled", "wrong_code".
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # of two pages at once only one enrols a device
    if device_of(user):
        raise RuleBroken("already_enrolled", _("This account already has a second factor."))
    device = TOTPDevice.objects.create(user=user, name=DEVICE_NAME, key=key, confirmed=True)
    if not device.verify_token(code):
        raise RuleBroken(
            "wrong_code", _("The code is wrong. Check the clock of your phone and try the next code."), field="code"
        )
    services.audit("second_factor.added", services.audit_subject(user), by=user)
    return device


@transaction.atomic
def verify_code(user: User, code: str) -> TOTPDevice | None:
    """The user's device if the code is its current one, else None: wrong, used before, or tried too often.

    After n wrong codes none is checked for 2^(n-1) seconds. Only checked codes are audited.
    """
    device = TOTPDevice.objects.select_for_update(no_key=True).filter(user=user, confirmed=True).first()
    if device is None or not device.verify_is_allowed()[0]:
        return None
    passed = device.verify_token(code)
    services.audit(f"second_factor.{'passed' if passed else 'refused'}", services.audit_subject(user), by=user)
    return device if passed else None


@transaction.atomic
def remove_device(user: User, *, by: User | None, reason: str) -> None:
    """Remove the user's device. Sessions opened with it ask for a second factor again. A no-op without a device.

    Raises RuleBroken("superuser_only"): only a superuser removes the device of a superuser.
    """
    services.refuse_change_of_superuser(user, by)
    removed, _kinds = TOTPDevice.objects.filter(user=user).delete()
    if removed:
        services.audit("second_factor.removed", services.audit_subject(user), by=by, reason=reason)
