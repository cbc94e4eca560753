from django.db.models import Prefetch, Q

from content.topics.models import Topic


def subjects():
    """The subjects with their headings prefetched, in the order of the codification."""
    return Topic.objects.filter(parent=None).prefetch_related(Prefetch("children", Topic.objects.order_by("position")))


def with_descendants(topics):
    """These topics (any iterable) and all headings under them."""
    keys = [topic.pk for topic in topics]
    return Topic.objects.filter(Q(pk__in=keys) | Q(parent__in=keys))
