"""Names of FCM topics: `{environment}.{dimension}.{id}.{kind}.{language}`, ASCII, with immutable numeric ids.

The language is in the name, so a publication is one call per language; the kind too, so that whoever wants only new
laws is not on the topic of amendments.
"""

from django.conf import settings

from notifications.follows.models import Kind

FIELD = "lv"  # lĩnh vực: a topic of ours
KINDS = {Kind.NEW: "moi", Kind.AMENDED: "sd", Kind.EFFECT: "hl"}


def field_topic(topic_id, kind, language):
    return f"{settings.WIRE_ENVIRONMENT}.{FIELD}.{topic_id}.{KINDS[kind]}.{language}"
