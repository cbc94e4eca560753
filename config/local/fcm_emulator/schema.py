"""The fields of an FCM v1 message and their types, and the check that reports the first unknown one.

Source: firebase.google.com/docs/reference/fcm/rest/v1/projects.messages; `fid` and the newest Android
switches as firebase-admin 7.7.0 encodes them (_messaging_encoder.py). Camel case is renamed to snake case.
"""

import functools
import re
from typing import Any

from config.local.fcm_emulator.http_messages import JsonObject


class BadMessage(ValueError):
    """`field` is wrong. `fcm`: FCM itself refuses it and adds its error code; else the JSON parser in front of it."""

    def __init__(self, field: str, description: str, *, fcm: bool = False) -> None:
        super().__init__(description)
        self.field, self.fcm = field, fcm


TEXT, NUMBER, SWITCH, TEXTS, STRING_MAP, OBJECT = "string", "number", "boolean", "strings", "map of strings", "object"

_OPTIONS = {"analytics_label": TEXT}
_LIGHT = {
    "color": {"red": NUMBER, "green": NUMBER, "blue": NUMBER, "alpha": NUMBER},
    "light_on_duration": TEXT,
    "light_off_duration": TEXT,
}
_ANDROID_NOTIFICATION = {
    **dict.fromkeys(("title", "body", "icon", "color", "sound", "tag", "click_action", "image", "ticker"), TEXT),
    **dict.fromkeys(("body_loc_key", "title_loc_key", "channel_id", "event_time", "proxy", "visibility"), TEXT),
    **dict.fromkeys(("notification_priority",), TEXT),
    **dict.fromkeys(("body_loc_args", "title_loc_args", "vibrate_timings"), TEXTS),
    **dict.fromkeys(("sticky", "local_only", "default_sound", "default_vibrate_timings"), SWITCH),
    "default_light_settings": SWITCH,
    "notification_count": NUMBER,
    "light_settings": _LIGHT,
}
_ANDROID = {
    **dict.fromkeys(("collapse_key", "priority", "ttl", "restricted_package_name"), TEXT),
    **dict.fromkeys(("direct_boot_ok", "bandwidth_constrained_ok", "restricted_satellite_ok"), SWITCH),
    "data": STRING_MAP,
    "notification": _ANDROID_NOTIFICATION,
    "fcm_options": _OPTIONS,
}
_APNS = {
    "headers": STRING_MAP,
    "payload": OBJECT,
    "fcm_options": {"analytics_label": TEXT, "image": TEXT},
    "live_activity_token": TEXT,
}
_WEBPUSH = {
    "headers": STRING_MAP,
    "data": STRING_MAP,
    "notification": OBJECT,
    "fcm_options": {"link": TEXT, "analytics_label": TEXT},
}
Schema = dict[str, Any]  # {name: one of the types above, or the Schema of an object}
MESSAGE: Schema = {
    **dict.fromkeys(("name", "token", "fid", "topic", "condition"), TEXT),
    "data": STRING_MAP,
    "notification": {"title": TEXT, "body": TEXT, "image": TEXT},
    "fcm_options": _OPTIONS,
    "android": _ANDROID,
    "apns": _APNS,
    "webpush": _WEBPUSH,
}


def check_fields(value: JsonObject, schema: Schema = MESSAGE, path: str = "message") -> None:
    """Raise BadMessage for the first unknown name or wrong type. Renames camelCase to snake_case in place."""
    for name in list(value):
        known = _in_snake_case(name)
        here = f"{path}.{name}"
        if known not in schema:
            raise BadMessage(here, f"Invalid JSON payload received. Unknown name \"{name}\" at '{path}'.")
        wanted = schema[known]
        part = value[known] = value.pop(name)
        if not _has_type(part, wanted):
            shown = wanted if isinstance(wanted, str) else OBJECT
            raise BadMessage(here, f"Invalid value at '{here}' (expected {shown}).")
        if isinstance(wanted, dict):
            check_fields(part, wanted, here)


@functools.lru_cache(1000)
def _in_snake_case(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), name)


def _has_type(value: Any, wanted: str | Schema) -> bool:
    if isinstance(wanted, dict) or wanted == OBJECT:
        return isinstance(value, dict)
    if wanted == STRING_MAP:
        return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    if wanted == TEXTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if wanted == NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str if wanted == TEXT else bool)
