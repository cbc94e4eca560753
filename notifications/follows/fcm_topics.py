"""Names of FCM topics: `{environment}.{dimension}.{id}.{kind}.{language}`, ASCII, with immutable numeric ids.

The language is in the name, so a publication is one call per language; the kind too, so that whoever wants only new
laws is not on the topic of amendments.
"""

from django.conf import settings

from notifications.follows.models import FollowKind

TARGET_CODES = {  # lĩnh vực, văn bản, cơ quan, điều khoản, hỏi đáp, sự kiện
    "topic": "lv",
    "document": "vb",
    "organisation": "cq",
    "article": "dk",
    "question": "hd",
    "event": "sk",
}
KIND_CODES = {
    FollowKind.NEW: "moi",
    FollowKind.AMENDED: "sd",
    FollowKind.EFFECT: "hl",
    FollowKind.QUESTION: "hd",
    FollowKind.EVENT: "sk",
    FollowKind.REMINDER: "nh",  # nhắc hẹn
}


def fcm_topic(target_name, target_id, kind, language):
    """ "topic", 62, Kind.NEW, "vi" → "vn.lv.62.moi.vi"."""
    return f"{settings.FCM_TOPIC_ENVIRONMENT}.{TARGET_CODES[target_name]}.{target_id}.{KIND_CODES[kind]}.{language}"


def inbox_audience(target_name, target_id, kind):
    """Names under which an inbox is looked up: without environment and language, for every kind and for this one."""
    name = f"{TARGET_CODES[target_name]}.{target_id}"
    return [name, f"{name}.{KIND_CODES[kind]}"]


def followed_audience(target_name, target_id, kinds):
    """Those of these names that a follow of `kinds` asks for; no kinds means every kind."""
    name = f"{TARGET_CODES[target_name]}.{target_id}"
    return [f"{name}.{KIND_CODES[kind]}" for kind in kinds] or [name]
