"""Names of FCM topics: `{environment}.{dimension}.{id}.{kind}.{language}`, ASCII, with immutable numeric ids.

The language is in the name, so a publication is one call per language; the kind too, so that whoever wants only new
laws is not on the topic of amendments.
"""

from django.conf import settings

from notifications.follows.models import Kind

DIMENSIONS = {  # lĩnh vực, văn bản, cơ quan, điều khoản
    "topic": "lv",
    "document": "vb",
    "organisation": "cq",
    "article": "dk",
}
KINDS = {Kind.NEW: "moi", Kind.AMENDED: "sd", Kind.EFFECT: "hl"}


def wire_topic(target_name, target_id, kind, language):
    """ "topic", 62, Kind.NEW, "vi" → "vn.lv.62.moi.vi"."""
    return f"{settings.WIRE_ENVIRONMENT}.{DIMENSIONS[target_name]}.{target_id}.{KINDS[kind]}.{language}"
