"""Names of FCM topics: `{environment}.{target}.{id}.{notification type}.{language}`, ASCII, with immutable numeric ids.

The language is part of the name, so a publication is one call per language. So is the notification type: a device whose
reader wants only new laws is not subscribed to the topic of amendments. Names are stored at FCM and on phones: a code
never changes.
"""

from collections.abc import Iterable

from django.conf import settings

from notifications.follows.models import NotificationType

TARGET_CODES = {  # lĩnh vực, văn bản, cơ quan, điều khoản, hỏi đáp, sự kiện, cuộc thi, tỉnh thành, danh sách phát
    "topic": "lv",
    "document": "vb",
    "organisation": "cq",
    "article": "dk",
    "question": "hd",
    "event": "sk",
    "contest": "ct",
    "province": "tt",
    "playlist": "pl",
}
NOTIFICATION_TYPE_CODES: dict[str, str] = {
    NotificationType.NEW: "moi",
    NotificationType.AMENDED: "sd",
    NotificationType.EFFECT: "hl",
    NotificationType.QUESTION: "hd",
    NotificationType.EVENT: "sk",
    NotificationType.REMINDER: "nh",  # nhắc hẹn
    NotificationType.CONTEST: "ct",
    NotificationType.MATERIAL: "tl",
}


def fcm_topic(target_name: str, target_id: int, notification_type: str, language: str) -> str:
    """("topic", 62, NotificationType.NEW, "vi") → "vn.lv.62.moi.vi"."""
    target = f"{settings.FCM_TOPIC_ENVIRONMENT}.{TARGET_CODES[target_name]}.{target_id}"
    return f"{target}.{NOTIFICATION_TYPE_CODES[notification_type]}.{language}"


def inbox_audience(target_name: str, target_id: int, notification_type: str) -> list[str]:
    """Names by which inboxes find a notification: that of the target, and that of the target and this type.

    They contain neither environment nor language.
    """
    name = f"{TARGET_CODES[target_name]}.{target_id}"
    return [name, f"{name}.{NOTIFICATION_TYPE_CODES[notification_type]}"]


def followed_audience(target_name: str, target_id: int, notification_types: Iterable[str]) -> list[str]:
    """The names of `inbox_audience` that a follow of these types asks for. No types means all of them."""
    name = f"{TARGET_CODES[target_name]}.{target_id}"
    return [f"{name}.{NOTIFICATION_TYPE_CODES[each]}" for each in notification_types] or [name]
