"""Topics with those under them, and topics by number."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from content.topics.models import Topic


def subjects() -> QuerySet[Topic]:
    """The subjects with their headings, in the order of the codification."""
    return Topic.objects.filter(parent=None).prefetch_related(Prefetch("children", Topic.objects.order_by("position")))


def with_descendants(topics: Iterable[Topic]) -> QuerySet[Topic]:
    """These topics and all headings under them."""
    keys = [topic.pk for topic in topics]
    return Topic.objects.filter(Q(pk__in=keys) | Q(parent__in=keys))


def keys_by_number() -> dict[str, str]:
    """{number: key} of all topics. A number that the codification gave to two headings means the subject above them."""
    keys: dict[str, str] = {}
    for topic in Topic.objects.select_related("parent"):
        is_ambiguous = topic.number in keys
        keys[topic.number] = topic.parent.key if is_ambiguous and topic.parent else topic.key
    return keys
