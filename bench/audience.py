"""Who the faults bench publishes to: forty phones on seven topics, so that every kind of target is used."""

import contextlib
import os


def the_topics():
    """Seven headings: a publication in all of them is one condition of five and some devices."""
    from content.topics.models import Topic

    return list(Topic.objects.filter(parent__isnull=False).order_by("pk")[:7])


def follow(fcm):
    """Register forty phones, half in each language, at FCM. Returns {registration: ids of the topics followed}.

    Five topics have three followers and more in each language; three phones of each follow nothing but the last two,
    so they are reached one by one by a publication in all seven.
    """
    from notifications.follows import services as follows
    from notifications.follows.reconciliation import reconcile_subscriptions
    from notifications.push.firebase import FirebaseGateway
    from tests.builders import a_device, registration_of

    topics = the_topics()
    wishes = [*([n % 5] for n in range(15)), [0, 1], [2, 3], [5], [6], [5, 6]]
    phones = {}
    for number, wish in enumerate(wishes):
        for language, platform in (("vi", "android"), ("en", "ios")):
            name = f"{language}-{number}"
            device = a_device(name, language=language, platform=platform)
            fcm.call("POST", "devices", {"token": registration_of(name), "platform": platform})
            for each in wish:
                follows.follow(device.reader, topics[each], kinds=["new"])
            phones[registration_of(name)] = {topics[each].pk for each in wish}
    with using(fcm.environment):
        gateway = FirebaseGateway(fcm.environment["FIREBASE_CREDENTIALS_FILE"])
        while reconcile_subscriptions(gateway):
            pass
        gateway.close()
    return phones


@contextlib.contextmanager
def using(environment):
    before = dict(os.environ)
    os.environ.update(environment)
    yield
    os.environ.clear()
    os.environ.update(before)
