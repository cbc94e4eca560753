"""Firebase Cloud Messaging through Google's own SDK. This is the only file that imports `firebase_admin`.

Errors are sorted by what they mean, as measured with firebase-admin 7.7: a bare 404 does not mean a dead device, and
a failing token endpoint raises errors of google.auth, which are not FirebaseErrors.
"""

import datetime
import email.utils
from collections.abc import Callable
from typing import Any

import firebase_admin
from firebase_admin import credentials, exceptions, messaging
from google.auth import exceptions as auth_exceptions

from notifications.push.gateway import ChannelBroken, DeviceGone, MessageRefused, SendFailed, TryLater
from notifications.push.payload import Payload

HTTP_TIMEOUT_SECONDS = 10
QUOTA_SECONDS = 60  # Google: a 429 without Retry-After means a minute at least
MAX_RETRY_AFTER_SECONDS = 24 * 3600  # whatever a Retry-After says
# not NOT_FOUND: on topic calls the SDK reports it for any 404, with or without FCM's own detail
DEAD_REGISTRATION_REASONS = {"UNREGISTERED", "SENDER_ID_MISMATCH"}
BROKEN_CHANNEL_REASONS = {"THIRD_PARTY_AUTH_ERROR", "PERMISSION_DENIED", "UNAUTHENTICATED"}


class FirebaseGateway:
    """A Gateway over one Firebase app of this process. Create it after a fork: connections do not survive one."""

    def __init__(self, credentials_file: str) -> None:
        certificate = credentials.Certificate(credentials_file)
        self._app = firebase_admin.initialize_app(
            certificate, {"httpTimeout": HTTP_TIMEOUT_SECONDS}, name=f"gateway-{id(self)}"
        )

    def close(self) -> None:
        """Release the Firebase app."""
        firebase_admin.delete_app(self._app)

    def send(self, payload: Payload, *, target_kind: str, target: str, validate_only: bool = False) -> str:
        """Send one message, see gateway.Gateway. The SDK itself tries five times and sleeps in this thread."""
        try:
            name = messaging.send(sdk_message(payload, target_kind, target), dry_run=validate_only, app=self._app)
        except (exceptions.FirebaseError, auth_exceptions.GoogleAuthError) as error:
            raise failure_of(error) from error
        except ValueError as error:  # the SDK refuses a malformed message before it is sent
            raise MessageRefused(str(error)) from error
        return str(name)

    def subscribe(self, registration_id: str, fcm_topic: str) -> None:
        """Subscribe a registration to a topic, see gateway.Gateway."""
        self._call_topics(messaging.subscribe_to_topic, registration_id, fcm_topic)

    def unsubscribe(self, registration_id: str, fcm_topic: str) -> None:
        """Unsubscribe a registration from a topic, see gateway.Gateway."""
        self._call_topics(messaging.unsubscribe_from_topic, registration_id, fcm_topic)

    def _call_topics(self, call: Callable[..., Any], registration_id: str, fcm_topic: str) -> None:
        try:
            response = call([registration_id], fcm_topic, app=self._app)
        except (exceptions.FirebaseError, auth_exceptions.GoogleAuthError) as error:
            raise failure_of(error) from error
        if response.errors:
            raise _topic_failure(response.errors[0].reason)


def sdk_message(payload: Payload, target_kind: str, target: str) -> messaging.Message:
    """The SDK's message for a payload. `target_kind` is a PushTarget: topic, condition, token or fid."""
    lifetime = datetime.timedelta(seconds=payload["ttl_seconds"])
    expires = int((datetime.datetime.now(datetime.UTC) + lifetime).timestamp())
    return messaging.Message(
        notification=messaging.Notification(title=payload["title"], body=payload["body"]),
        data=payload["data"],
        android=messaging.AndroidConfig(
            collapse_key=payload["kind"],
            ttl=lifetime,
            notification=messaging.AndroidNotification(tag=payload["tag"], channel_id=payload["kind"]),
        ),
        apns=messaging.APNSConfig(
            headers={"apns-collapse-id": payload["tag"], "apns-expiration": str(expires)},
            payload=messaging.APNSPayload(aps=messaging.Aps(thread_id=payload["kind"])),
        ),
        fcm_options=messaging.FCMOptions(analytics_label=payload["kind"]),
        **{str(target_kind): target},
    )


def failure_of(error: Exception) -> SendFailed:
    """Which of our four failures an error of the SDK means."""
    if isinstance(error, (messaging.UnregisteredError, messaging.SenderIdMismatchError)):
        return DeviceGone(type(error).__name__)
    if isinstance(error, exceptions.InvalidArgumentError):
        return DeviceGone("invalid registration") if _names_registration(error) else MessageRefused(str(error))
    if isinstance(error, (messaging.ThirdPartyAuthError, exceptions.PermissionDeniedError)):
        return ChannelBroken(str(error))
    cause = getattr(error, "cause", None) or error  # topic calls wrap the error of the token endpoint
    if isinstance(cause, auth_exceptions.RefreshError) and "invalid_grant" in str(cause):
        return ChannelBroken(str(error))
    seconds = _retry_after(error)
    if seconds is None and isinstance(error, messaging.QuotaExceededError):
        seconds = QUOTA_SECONDS
    return TryLater(f"{type(error).__name__}: {error}"[:200], seconds=seconds)


def _topic_failure(reason: str) -> SendFailed:
    """Which of our failures a refused topic call means, by the reason that the SDK gives."""
    if reason in DEAD_REGISTRATION_REASONS:
        return DeviceGone(reason)
    if reason in BROKEN_CHANNEL_REASONS:
        return ChannelBroken(reason)
    return TryLater(reason)


def _names_registration(error: Exception) -> bool:
    """Does FCM's own detail say that the registration is wrong, and not the message?"""
    return "registration token" in str(error).lower() or "message.token" in str(error) or "message.fid" in str(error)


def _retry_after(error: Exception) -> int | None:
    """Seconds of a Retry-After header, a number or a date, a day at most. None without one that can be read."""
    response = getattr(error, "http_response", None)
    value = response.headers.get("Retry-After", "") if response is not None else ""
    try:
        seconds = int(value) if value.isdigit() else _seconds_until(email.utils.parsedate_to_datetime(value))
    except ValueError:
        return None
    return min(max(0, seconds), MAX_RETRY_AFTER_SECONDS)


def _seconds_until(moment: datetime.datetime) -> int:
    if moment.tzinfo is None:  # "-0000": UTC, with no statement about the local zone (RFC 5322, 3.3)
        moment = moment.replace(tzinfo=datetime.UTC)
    return int((moment - datetime.datetime.now(datetime.UTC)).total_seconds())
