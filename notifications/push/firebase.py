"""Firebase Cloud Messaging through Google's own SDK. This is the only file that imports `firebase_admin`.

Errors are sorted by what they mean, as measured with firebase-admin 7.7. A failing token endpoint raises errors of
google.auth, which are not FirebaseErrors. A status alone says nothing: a proxy between us and FCM answers 400, 401, 403
and 404 too, with a page of its own. Only FCM's own JSON decides about a device, a message or our configuration.
"""

import contextlib
import datetime
import email.utils
import json
import re
from collections.abc import Callable
from typing import Any

import firebase_admin
from firebase_admin import credentials, exceptions, messaging
from google.auth import exceptions as auth_exceptions
from urllib3.util import Retry

from notifications.push.gateway import ChannelBroken, DeviceGone, MessageRefused, QuotaExceeded, SendFailed, TryLater
from notifications.push.payload import Payload, opened_address

# The SDK has no option for its retries. It gives urllib3 a Retry of its own: that sleeps inside the call for as long as
# the Retry-After of a 429 says, and tries five times before anybody hears of it. Which statuses do so is an attribute
# of urllib3's public class. Without 429 among them the SDK raises at once, with the header.
Retry.RETRY_AFTER_STATUS_CODES = frozenset({413, 503})

HTTP_TIMEOUT_SECONDS = 10
MESSAGE_NAME = re.compile(r"[!-~]{1,200}")  # "projects/…/messages/…"; Delivery.message_name has no space for more
QUOTA_SECONDS = 60  # Google: a 429 without Retry-After means a minute at least; also that of a proxy
MAX_RETRY_AFTER_SECONDS = 24 * 3600  # whatever a Retry-After says
# not NOT_FOUND: on topic calls the SDK reports it for any 404, with or without FCM's own detail
DEAD_REGISTRATION_REASONS = {"UNREGISTERED", "SENDER_ID_MISMATCH"}
BROKEN_CHANNEL_REASONS = {"THIRD_PARTY_AUTH_ERROR", "PERMISSION_DENIED", "UNAUTHENTICATED"}
QUOTA_REASONS = {"QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED"}
# google.rpc details that FCM gives with a refused message
MESSAGE_DETAILS = {
    "type.googleapis.com/google.firebase.fcm.v1.FcmError",
    "type.googleapis.com/google.rpc.BadRequest",
}


class FirebaseGateway:
    """A Gateway over one Firebase app of this process. Create it after a fork: connections do not survive one."""

    def __init__(self, credentials_file: str) -> None:
        certificate = credentials.Certificate(credentials_file)
        self._app = firebase_admin.initialize_app(
            certificate, {"httpTimeout": HTTP_TIMEOUT_SECONDS}, name=f"gateway-{id(self)}"
        )

    def warm_up(self) -> None:
        """Fetch an access token, so that the first messages do not wait for it. A failure shows when they are sent."""
        with contextlib.suppress(auth_exceptions.GoogleAuthError, LookupError, TypeError, ValueError):
            self._app.credential.get_access_token()

    def close(self) -> None:
        """Release the Firebase app."""
        firebase_admin.delete_app(self._app)

    def send(self, payload: Payload, *, target_kind: str, target: str, validate_only: bool = False) -> str:
        """Send one message, see gateway.Gateway. The SDK itself repeats a call after 500, 503 and a cut connection."""
        message = sdk_message(payload, target_kind, target)
        try:
            return _usable_name(messaging.send(message, dry_run=validate_only, app=self._app))
        except (exceptions.FirebaseError, auth_exceptions.GoogleAuthError) as error:
            if _is_accepted_without_name(error):
                return ""
            raise failure_of(error) from error
        except KeyError as error:  # 200 and a JSON object without "name"
            if error.args == ("name",):
                return ""
            raise TryLater(f"the answer cannot be read: {error!r}"[:200]) from error
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            _check_encoding(message)
            # the SDK fails over an error page in another encoding, over {"error": "text"}, over a token page that is no
            # JSON: a proxy answered, not FCM
            raise TryLater(f"the answer cannot be read: {type(error).__name__}") from error

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
    link = opened_address(payload)  # the SDK takes https alone; a local installation has none
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
        webpush=messaging.WebpushConfig(
            headers={"TTL": str(payload["ttl_seconds"]), "Urgency": "normal", "Topic": payload["tag"]},
            notification=messaging.WebpushNotification(tag=payload["tag"]),  # no icon: that is the app's
            fcm_options=messaging.WebpushFCMOptions(link) if link.startswith("https://") else None,
        ),
        fcm_options=messaging.FCMOptions(analytics_label=payload["kind"]),
        **{str(target_kind): target},
    )


def _check_encoding(message: messaging.Message) -> None:
    """Raise MessageRefused if the SDK cannot encode the message: then it failed before it called anybody.

    Asked after a failure alone: to encode a message takes a tenth of the CPU of its call.
    """
    try:
        str(message)
    except ValueError as error:
        raise MessageRefused(str(error), was_called=False) from error


def failure_of(error: Exception) -> SendFailed:
    """Which of our failures an error of the SDK means."""
    if isinstance(error, (messaging.UnregisteredError, messaging.SenderIdMismatchError)):
        return DeviceGone(type(error).__name__)
    said = _google_error(error)
    if isinstance(error, exceptions.ResourceExhaustedError):  # also a proxy's: whoever says it wants us to wait
        # for all of us and up to a day only at FCM's own word
        seconds = _retry_after(error) if said.get("status") == "RESOURCE_EXHAUSTED" else None
        return QuotaExceeded(_summary(error), seconds=QUOTA_SECONDS if seconds is None else seconds)
    if isinstance(error, messaging.ThirdPartyAuthError):
        return ChannelBroken(str(error))
    if said.get("status") == "INVALID_ARGUMENT" and _has_message_detail(said):
        return DeviceGone("invalid registration") if _names_registration(error) else MessageRefused(str(error))
    if said.get("status") in BROKEN_CHANNEL_REASONS:
        return ChannelBroken(str(error))
    cause = getattr(error, "cause", None) or error  # topic calls wrap the error of the token endpoint
    if isinstance(cause, auth_exceptions.RefreshError) and "invalid_grant" in str(cause):
        return ChannelBroken(str(error))
    return TryLater(_summary(error), seconds=_retry_after(error) if said else None)  # a proxy's page says nothing


def _usable_name(name: object) -> str:
    """The name of an accepted message; empty if it is none that can be stored. FCM took the message all the same."""
    return name if isinstance(name, str) and MESSAGE_NAME.fullmatch(name) else ""


def _summary(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _google_error(error: Exception) -> dict[str, Any]:
    """The google.rpc.Status in the answer, as {"code", "status", "message", "details"}; {} if it holds none."""
    response = getattr(error, "http_response", None)
    try:
        said = response.json()["error"] if response is not None else {}
    except (ValueError, LookupError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}


def _has_message_detail(said: dict[str, Any]) -> bool:
    details = said.get("details")
    types = [detail.get("@type") for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []
    return not MESSAGE_DETAILS.isdisjoint(types)


def _is_accepted_without_name(error: Exception) -> bool:
    """Whether FCM answered 200 with a body that is neither JSON nor a page.

    Over TLS a 200 of FCM's host is FCM's, and it says so after it took the message: sent again, everybody would hear a
    second time. A page of HTML is not FCM's: only a proxy that opens our TLS shows one, for instance to make somebody
    sign in, and it took nothing. Taken for accepted, every push would be lost in silence; sent again, a phone that did
    get it shows one entry.
    """
    cause = getattr(error, "cause", None)
    return isinstance(cause, json.JSONDecodeError) and not cause.doc.lstrip("\ufeff \t\r\n").startswith("<")


def _topic_failure(reason: str) -> SendFailed:
    """Which of our failures a refused topic call means, by the reason that the SDK gives."""
    if reason in DEAD_REGISTRATION_REASONS:
        return DeviceGone(reason)
    if reason in BROKEN_CHANNEL_REASONS:
        return ChannelBroken(reason)
    if reason in QUOTA_REASONS:
        return QuotaExceeded(reason, seconds=QUOTA_SECONDS)  # the SDK drops the Retry-After of a topic call
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
