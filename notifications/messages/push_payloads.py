"""The payload of a push: composed when it is queued, and again when words were taken out before it is sent."""

from django.conf import settings

from content.changes.models import Change
from content.public_changes.facts import with_public_facts
from notifications.deliveries.models import Delivery, Notification
from notifications.messages import push_wording
from notifications.push.payload import Payload, compose_payload


def push_payload(notification: Notification, change: Change, language: str, *, ttl_seconds: int) -> Payload:
    """The payload in this language. Give the change with its public facts.

    Private news opens the inbox: the push does not say what the news is about.
    """
    path, key = push_wording.link_path(change), change.subject
    if change.reader_id:
        path, key = f"/api/v1/inbox/{notification.pk}", str(notification.pk)
    return compose_payload(
        push_wording.push_text(change, language),
        nid=notification.pk,
        kind=push_wording.notification_type(change).value,
        link=settings.PUBLIC_URL + path,
        page_url=settings.PUBLIC_URL + push_wording.page_path(change),
        key=key,
        ttl_seconds=ttl_seconds,
    )


def present_payload(delivery: Delivery, *, ttl_seconds: int) -> Payload:
    """What the delivery says now: titles and citations as they are, no words that were taken out since."""
    notification = delivery.notification
    (change,) = with_public_facts([notification.change])
    return push_payload(notification, change, delivery.language, ttl_seconds=ttl_seconds)
