"""Names of FCM topics: `{environment}.{dimension}.{id}.{kind}.{language}`, ASCII, with immutable numeric ids.

The language is in the name, so a publication is one call per language; the kind too, so that whoever wants only new
laws is not on the topic of amendments.
"""

from django.conf import settings

from notifications.follows.models import Kind

DIMENSIONS = {  # lĩnh vực, văn bản, cơ quan, điều khoản, hỏi đáp, sự kiện
    "topic": "lv",
    "document": "vb",
    "organisation": "cq",
    "article": "dk",
    "question": "hd",
    "event": "sk",
}
KINDS = {
    Kind.NEW: "moi",
    Kind.AMENDED: "sd",
    Kind.EFFECT: "hl",
    Kind.QUESTION: "hd",
    Kind.EVENT: "sk",
    Kind.REMINDER: "nh",  # nhắc hẹn
}


def wire_topic(target_name, target_id, kind, language):
    """ "topic", 62, Kind.NEW, "vi" → "vn.lv.62.moi.vi"."""
    return f"{settings.WIRE_ENVIRONMENT}.{DIMENSIONS[target_name]}.{target_id}.{KINDS[kind]}.{language}"


def audience(target_name, target_id, kind):
    """Names under which an inbox is looked up: without environment and language, for every kind and for this one."""
    name = f"{DIMENSIONS[target_name]}.{target_id}"
    return [name, f"{name}.{KINDS[kind]}"]


def wanted_audience(target_name, target_id, kinds):
    """Those of these names that a follow of `kinds` asks for; no kinds means every kind."""
    name = f"{DIMENSIONS[target_name]}.{target_id}"
    return [f"{name}.{KINDS[kind]}" for kind in kinds] or [name]
