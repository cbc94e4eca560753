"""The second factor of staff: one authenticator app each, codes after RFC 6238 (30 seconds, six digits).

Losing the phone is mended by an administrator, who removes it; the next sign-in enrols another.
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


def device_of(user):
    """The user's device, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def provisioning_details(user, key):
    """(otpauth address for the QR code, the secret in base32 for typing) of a key not yet enrolled."""
    device = TOTPDevice(user=user, key=key)
    return device.config_url, b32encode(device.bin_key).decode()


@transaction.atomic
def enrol_device(user, key, code):
    """Keep the key once a code proves that the app has it. Returns the device. The code is used up by it.

    Raises RuleBroken: "already_enrolled", "wrong_code".
    """
    User.objects.select_for_update().get(pk=user.pk)  # two pages at once enrol one device
    if device_of(user):
        raise RuleBroken("already_enrolled", _("This account has a second factor already."))
    device = TOTPDevice.objects.create(user=user, name=DEVICE_NAME, key=key, confirmed=True)
    if not device.verify_token(code):
        raise RuleBroken("wrong_code", _("The code is wrong. Is the clock of the phone right?"), field="code")
    services.audit("second_factor.added", services.audit_subject(user), by=user)
    return device


@transaction.atomic
def verify_code(user, code):
    """The user's device if the code is its code of now, else None: wrong, used already, or tried too often.

    After n wrong codes none is looked at for 2^(n-1) seconds; only what was looked at is in the audit.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None or not device.verify_is_allowed()[0]:
        return None
    passed = device.verify_token(code)
    services.audit(f"second_factor.{'passed' if passed else 'refused'}", services.audit_subject(user), by=user)
    return device if passed else None


@transaction.atomic
def remove_device(user, *, by, reason):
    """Take the user's device away; sessions it opened ask for one again. Without a device nothing happens.

    Raises RuleBroken("superuser_only"): the second factor of a superuser is removed by a superuser.
    """
    services.refuse_change_of_superuser(user, by)
    removed, _kinds = TOTPDevice.objects.filter(user=user).delete()
    if removed:
        services.audit("second_factor.removed", services.audit_subject(user), by=by, reason=reason)
