"""`manage.py send_test_push`: check credentials, network and one device, without a change or a follower."""

import argparse
import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from content.management import CHECKS_OF_SETTINGS
from content.people import services as people
from notifications.deliveries import services as deliveries
from notifications.devices.models import Device
from notifications.messages import trial_push
from notifications.push.firebase import FirebaseGateway
from notifications.push.gateway import ChannelBroken, DeviceGone, MessageRefused, QuotaExceeded, SendFailed, TryLater
from notifications.push.payload import compose_payload

TTL_SECONDS = 300
TEST_KIND = "test"  # no notification type: the inbox has no such entry
FAILURE_MESSAGES: dict[type[SendFailed], str] = {
    DeviceGone: gettext_noop("The registration of this device is dead: the app must register again."),
    MessageRefused: gettext_noop("FCM refuses the message itself"),
    ChannelBroken: gettext_noop("The push channel is stopped: FCM refuses our configuration"),
    QuotaExceeded: gettext_noop("FCM's quota is used up; try again later"),
    TryLater: gettext_noop("FCM cannot accept it now; try again later"),
}


class Command(BaseCommand):
    """Send a test push, see `help`."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Send one harmless push directly to one registered device, without queueing it, and print FCM's answer."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One device, and whether FCM should only check."""
        parser.add_argument("installation_key", help="the device's key, as in PUT /api/v1/devices/{installation_key}")
        parser.add_argument(
            "--validate-only",
            action="store_true",
            help="let FCM check credentials and message; the device shows nothing",
        )

    def handle(self, installation_key: str, validate_only: bool, **options: Any) -> None:
        """Send, record the result in the audit log, and print it."""
        device = self._device(installation_key)
        message = compose_payload(
            trial_push.trial_text(device.language),
            nid=f"trial-{secrets.token_hex(4)}",
            kind=TEST_KIND,
            link=settings.PUBLIC_URL,
            page_url=settings.PUBLIC_URL,
            key="",
            ttl_seconds=TTL_SECONDS,
        )
        gateway = self._gateway()
        try:
            name = gateway.send(
                message,
                target_kind=device.id_kind,
                target=device.registration_id or "",
                validate_only=validate_only,
            )
        except SendFailed as failure:
            if isinstance(failure, ChannelBroken):
                deliveries.mark_channel_broken(failure)
            raise CommandError(f"{_(FAILURE_MESSAGES[type(failure)])}: {failure}") from None
        finally:
            gateway.close()
        self._record_success(device, validate_only)
        answer = _("FCM would accept it: %(name)s") if validate_only else _("FCM accepted it: %(name)s")
        self.stdout.write(answer % {"name": name})

    def _device(self, installation_key: str) -> Device:
        device = Device.objects.filter(installation_key=installation_key).first()
        if device is None:
            raise CommandError(_("No device is registered as %(key)s.") % {"key": installation_key})
        if not device.registration_id:
            message = _("The device %(key)s has no registration any more; its app must register again.")
            raise CommandError(message % {"key": installation_key})
        return device

    def _gateway(self) -> FirebaseGateway:
        credentials = settings.FIREBASE_CREDENTIALS_FILE
        if not credentials:  # local mode: the FCM server is another process of this machine
            os.environ.update(settings.LOCAL_FCM_ENVIRONMENT)
            credentials = settings.LOCAL_FCM_ENVIRONMENT["FIREBASE_CREDENTIALS_FILE"]
        try:
            return FirebaseGateway(credentials)
        except (OSError, ValueError) as error:
            message = _("FIREBASE_CREDENTIALS_FILE: %(error)s. In local mode script/serve must run.")
            raise CommandError(message % {"error": error}) from None

    @transaction.atomic
    def _record_success(self, device: Device, validate_only: bool) -> None:
        deliveries.mark_channel_working()
        people.audit("push.tested", f"device:{device.pk}", validate_only=validate_only)
