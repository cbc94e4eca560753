"""Firebase Cloud Messaging through Google's own SDK. The only file that imports `firebase_admin`.

Errors are told apart by what they mean, measured with firebase-admin 7.7: a bare 404 is not a dead device, and a bad
token endpoint raises google.auth's errors, which are no FirebaseError.
"""

import datetime
import email.utils

import firebase_admin
from firebase_admin import credentials, exceptions, messaging
from google.auth import exceptions as auth_exceptions

from notifications.push.gateway import ChannelBroken, DeviceGone, MessageRefused, TryLater

HTTP_TIMEOUT_SECONDS = 10
QUOTA_SECONDS = 60  # Google: a 429 without Retry-After means a minute at least
LONGEST_WAIT_SECONDS = 24 * 3600  # whatever a Retry-After says
# not NOT_FOUND: on topic calls the SDK says so of any 404, with or without FCM's own detail
DEAD_REGISTRATION_REASONS = {"UNREGISTERED", "SENDER_ID_MISMATCH"}
BROKEN_CHANNEL_REASONS = {"THIRD_PARTY_AUTH_ERROR", "PERMISSION_DENIED", "UNAUTHENTICATED"}


class FirebaseGateway:
    """One Firebase app of this process. Make it after a fork: its connections do not survive one."""

    def __init__(self, credentials_file):
        certificate = credentials.Certificate(credentials_file)
        self._app = firebase_admin.initialize_app(
            certificate, {"httpTimeout": HTTP_TIMEOUT_SECONDS}, name=f"gateway-{id(self)}"
        )

    def close(self):
        firebase_admin.delete_app(self._app)

    def send(self, payload, *, target_kind, target, validate_only=False):
        """See gateway.Gateway. The SDK itself tries five times, sleeping in this thread."""
        try:
            return messaging.send(sdk_message(payload, target_kind, target), dry_run=validate_only, app=self._app)
        except (exceptions.FirebaseError, auth_exceptions.GoogleAuthError) as error:
            raise failure_of(error) from error
        except ValueError as error:  # the SDK refuses a malformed message before it is sent
            raise MessageRefused(str(error)) from error

    def subscribe(self, registration_id, fcm_topic):
        self._change(messaging.subscribe_to_topic, registration_id, fcm_topic)

    def unsubscribe(self, registration_id, fcm_topic):
        self._change(messaging.unsubscribe_from_topic, registration_id, fcm_topic)

    def _change(self, call, registration_id, fcm_topic):
        try:
            response = call([registration_id], fcm_topic, app=self._app)
        except (exceptions.FirebaseError, auth_exceptions.GoogleAuthError) as error:
            raise failure_of(error) from error
        if response.errors:
            reason = response.errors[0].reason
            raise (
                DeviceGone
                if reason in DEAD_REGISTRATION_REASONS
                else ChannelBroken
                if reason in BROKEN_CHANNEL_REASONS
                else TryLater
            )(reason)


def sdk_message(payload, target_kind, target):
    """The SDK's message of a payload. `target_kind`: topic, condition, token or fid."""
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
        **{target_kind: target},
    )


def failure_of(error):
    """Which of our four failures an error of the SDK is."""
    if isinstance(error, (messaging.UnregisteredError, messaging.SenderIdMismatchError)):
        return DeviceGone(type(error).__name__)
    if isinstance(error, exceptions.InvalidArgumentError):
        return DeviceGone("invalid registration") if _names_registration(error) else MessageRefused(str(error))
    if isinstance(error, (messaging.ThirdPartyAuthError, exceptions.PermissionDeniedError)):
        return ChannelBroken(str(error))
    refused = getattr(error, "cause", None) or error  # topic calls wrap what the token endpoint said
    if isinstance(refused, auth_exceptions.RefreshError) and "invalid_grant" in str(refused):
        return ChannelBroken(str(error))
    seconds = _retry_after(error)
    if seconds is None and isinstance(error, messaging.QuotaExceededError):
        seconds = QUOTA_SECONDS
    return TryLater(f"{type(error).__name__}: {error}"[:200], seconds=seconds)


def _names_registration(error):
    """Does FCM's own detail say that the registration, not the message, is at fault?"""
    return "registration token" in str(error).lower() or "message.token" in str(error) or "message.fid" in str(error)


def _retry_after(error):
    """Seconds of a Retry-After header, a number or a date, a day at most; None without one that can be read."""
    response = getattr(error, "http_response", None)
    value = response.headers.get("Retry-After", "") if response is not None else ""
    try:
        seconds = int(value) if value.isdigit() else _seconds_until(email.utils.parsedate_to_datetime(value))
    except ValueError:
        return None
    return min(max(0, seconds), LONGEST_WAIT_SECONDS)


def _seconds_until(moment):
    if moment.tzinfo is None:  # "-0000": UTC, from a place unknown (RFC 5322, 3.3)
        moment = moment.replace(tzinfo=datetime.UTC)
    return int((moment - datetime.datetime.now(datetime.UTC)).total_seconds())
