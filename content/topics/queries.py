from django.db.models import Prefetch, Q

from content.topics.models import Topic


def subjects():
    """The subjects with their headings prefetched, in the order of the codification."""
    return Topic.objects.filter(parent=None).prefetch_related(Prefetch("children", Topic.objects.order_by("position")))


def with_descendants(topics):
    """These topics (any iterable) and all headings under them."""
    keys = [topic.pk for topic in topics]
    return Topic.objects.filter(Q(pk__in=keys) | Q(parent__in=keys))


def keys_by_number():
    """{number: key} of all topics; a number that the codification gave to two headings means the subject above them."""
    keys = {}
    for topic in Topic.objects.select_related("parent"):
        twice = topic.number in keys
        keys[topic.number] = topic.parent.key if twice and topic.parent else topic.key
    return keys
