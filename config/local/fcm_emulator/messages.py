"""Which messages FCM accepts: field names and types, limits, sizes.

Sources: firebase.google.com/docs/reference/fcm/rest/v1/projects.messages and .../ErrorCode (read for push.md).
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from config.local.fcm_emulator.conditions import TOPIC, BadCondition, Condition
from config.local.fcm_emulator.http_messages import JsonObject
from config.local.fcm_emulator.schema import BadMessage, check_fields

TARGETS = ("token", "fid", "topic", "condition")
DEVICE_BYTES = 4096
TOPIC_BYTES = 2048  # ErrorCode, INVALID_ARGUMENT: "2048 bytes in the case of messages to topics"
LONGEST_TTL = 28 * 86400  # seconds

_SECONDS = re.compile(r"\d{1,10}(\.\d{1,9})?s")
_LABEL = re.compile(r"[a-zA-Z0-9\-_.~%]{1,50}")
_HEADERS = (  # those of web push: RFC 8030, 5.2 to 5.4
    ("apns", "apns-collapse-id", r"(?s).{0,64}", "not exceed 64 bytes"),
    ("apns", "apns-priority", "1|5|10", "be 1, 5 or 10"),
    ("apns", "apns-expiration", "[0-9]{1,12}", "be seconds since 1970"),
    ("webpush", "TTL", "[0-9]{1,7}", "be seconds, at most 7 digits"),
    ("webpush", "Urgency", "very-low|low|normal|high", "be very-low, low, normal or high"),
    ("webpush", "Topic", "[A-Za-z0-9_-]{1,32}", "be at most 32 URL-safe letters"),
)
_RESERVED_KEY = re.compile(r"from|gcm|message_type|google.*|gcm\..*")


@dataclass
class SendRequest:
    """A checked request: `kind` is one of TARGETS, `key` its value; `condition` only when there is one."""

    kind: str
    key: str
    message: JsonObject
    validate_only: bool
    condition: Condition | None = None


def parse_send_request(body: Any) -> SendRequest:
    """Check the JSON of messages:send as FCM does. Raises BadMessage for the first mistake."""
    if not isinstance(body, dict) or not isinstance(body.get("message"), dict):
        raise BadMessage("message", "Message is not set.")
    for name in body.keys() - {"message", "validate_only", "validateOnly"}:
        raise BadMessage(name, f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.')
    message = body["message"]
    check_fields(message)
    kind = _target_kind(message)
    condition = _parsed_condition(kind, message[kind])
    for rule in (_check_data_keys, _check_android, _check_headers, _check_labels):
        rule(message)
    limit = TOPIC_BYTES if kind in ("topic", "condition") else DEVICE_BYTES
    if message_bytes(message) > limit:
        raise BadMessage("message", f"Message is too big: {message_bytes(message)} bytes, at most {limit}.", fcm=True)
    validate_only = body.get("validate_only", body.get("validateOnly", False))
    return SendRequest(kind, message[kind], message, validate_only is True, condition)


def message_bytes(message: JsonObject) -> int:
    """Bytes of UTF-8 JSON that count towards the limit: those for Android or those for Apple, whichever are more.

    Google says only "keys and values". We count the JSON around them too, so that our limit is the stricter one.
    """
    android, apns = message.get("android", {}), message.get("apns", {})
    common = {name: message[name] for name in ("data", "notification") if name in message}
    own = {name: android[name] for name in ("data", "notification") if name in android}
    for_android = _json_bytes(common) + (_json_bytes(own) if own else 0)
    return max(for_android, _json_bytes(apns.get("payload", {})))


def _json_bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _target_kind(message: JsonObject) -> str:
    named = [kind for kind in TARGETS if message.get(kind)]
    if len(named) != 1:
        raise BadMessage("message", "Exactly one of token, fid, topic or condition must be set.", fcm=True)
    return named[0]


def _parsed_condition(kind: str, key: str) -> Condition | None:
    if kind == "topic" and not TOPIC.fullmatch(key):
        raise BadMessage("message.topic", "Malformed topic name.", fcm=True)
    if kind != "condition":
        return None
    try:
        return Condition(key)
    except BadCondition as refusal:
        raise BadMessage("message.condition", str(refusal), fcm=True) from None


def _check_data_keys(message: JsonObject) -> None:
    for part in (message, message.get("android", {}), message.get("webpush", {})):
        for key in part.get("data", {}):
            if _RESERVED_KEY.fullmatch(key):
                raise BadMessage("message.data", f"Invalid data payload key: {key}", fcm=True)


def _check_android(message: JsonObject) -> None:
    android = message.get("android", {})
    ttl = android.get("ttl", "0s")
    if not _SECONDS.fullmatch(ttl) or float(ttl[:-1]) > LONGEST_TTL:
        raise BadMessage("message.android.ttl", 'ttl must be seconds such as "3600s", at most 28 days.', fcm=True)
    if android.get("priority", "normal").lower() not in ("normal", "high"):
        raise BadMessage("message.android.priority", "Priority must be NORMAL or HIGH.")


def _check_headers(message: JsonObject) -> None:
    for part, header, pattern, rule in _HEADERS:
        value = message.get(part, {}).get("headers", {}).get(header)
        if value is not None and not re.fullmatch(pattern, value.encode().decode("latin-1")):
            raise BadMessage(f"message.{part}.headers", f"{header} must {rule}.", fcm=True)


def _check_labels(message: JsonObject) -> None:
    for part in (message, message.get("android", {}), message.get("apns", {})):
        label = part.get("fcm_options", {}).get("analytics_label", "none")
        if not _LABEL.fullmatch(label):
            raise BadMessage("message.fcm_options.analytics_label", "Malformed analytics label.", fcm=True)
