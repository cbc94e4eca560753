import os
import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content.people import services as people
from notifications.deliveries import services as deliveries
from notifications.devices.models import Device
from notifications.messages import trial_push
from notifications.push import payload
from notifications.push.firebase import FirebaseGateway
from notifications.push.gateway import ChannelBroken, DeviceGone, MessageRefused, TryLater

TTL_SECONDS = 300
ANDROID_CHANNEL = "tb"  # thông báo: the Android channel of notices
FAILURE_MESSAGES = {
    DeviceGone: "The registration of this device is dead: the app must register again.",
    MessageRefused: "FCM refuses the message itself",
    ChannelBroken: "The push channel is stopped: FCM refuses our configuration",
    TryLater: "FCM cannot take it now; try again later",
}


class Command(BaseCommand):
    help = "Send one harmless push to one registered device, past the outbox, and say what FCM answers."

    def add_arguments(self, parser):
        parser.add_argument("installation_key", help="the device's key, as in PUT /api/v1/devices/{installation_key}")
        parser.add_argument(
            "--validate-only", action="store_true", help="let FCM check credentials and message; nothing is shown"
        )

    def handle(self, installation_key, validate_only, **options):
        device = self._device(installation_key)
        message = payload.compose_payload(
            trial_push.trial_text(device.language),
            nid=f"trial-{secrets.token_hex(4)}",
            kind=ANDROID_CHANNEL,
            link=settings.PUBLIC_URL,
            key="",
            ttl_seconds=TTL_SECONDS,
        )
        gateway = self._gateway()
        try:
            name = gateway.send(
                message, target_kind=device.id_kind, target=device.registration_id, validate_only=validate_only
            )
        except tuple(FAILURE_MESSAGES) as failure:
            if isinstance(failure, ChannelBroken):
                deliveries.mark_channel_broken(failure)
            raise CommandError(f"{FAILURE_MESSAGES[type(failure)]}: {failure}") from None
        finally:
            gateway.close()
        self._note(device, validate_only)
        self.stdout.write(f"FCM {'would accept' if validate_only else 'accepted'} it: {name}")

    def _device(self, installation_key):
        device = Device.objects.filter(installation_key=installation_key).first()
        if device is None:
            raise CommandError(f"No device is registered as {installation_key}.")
        if not device.registration_id:
            raise CommandError(f"The device {installation_key} has no registration any more; its app must come back.")
        return device

    def _gateway(self):
        credentials = settings.FIREBASE_CREDENTIALS_FILE
        if not credentials:  # local mode: the FCM server is another process of this machine
            os.environ.update(settings.LOCAL_FCM_ENVIRONMENT)
            credentials = settings.LOCAL_FCM_ENVIRONMENT["FIREBASE_CREDENTIALS_FILE"]
        try:
            return FirebaseGateway(credentials)
        except (OSError, ValueError) as error:
            raise CommandError(f"FIREBASE_CREDENTIALS_FILE: {error}. In local mode script/serve must run.") from None

    @transaction.atomic
    def _note(self, device, validate_only):
        deliveries.mark_channel_working()
        people.audit("push.tested", f"device:{device.pk}", validate_only=validate_only)
