"""Notifications, the deliveries that carry them to FCM, and the state of the push channel."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.changes.models import Change
from content.people.models import Reader
from notifications.devices.models import Device


class Notification(models.Model):
    """A message to readers about one change. There is one per change, whatever the number of followers."""

    dedupe_key = models.CharField(max_length=250, unique=True)  # event type:subject:id of the change
    change = models.ForeignKey(Change, models.CASCADE, related_name="notifications")
    reader = models.ForeignKey(  # null: it goes to everybody who follows the subject
        Reader, models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    kind = models.CharField(max_length=40)  # code of its notification type, as in FCM topics: "moi"
    fcm_topics = ArrayField(models.CharField(max_length=100))  # those that had a follower at its creation
    audience = ArrayField(models.CharField(max_length=100), default=list)  # whose inbox has it: fcm_topics.py
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [GinIndex(fields=["audience"], name="notifications_audience")]

    def __str__(self) -> str:
        return self.dedupe_key


class Gate(models.Model):
    """Whether a quota of FCM lets calls through. One row per quota, shared by the workers of all machines: gate.py.

    Time opens a gate again, or a person before that (quotas.py). A broken `Channel` waits for a person.
    """

    class Quota(models.TextChoices):
        SEND = "send", _("Sending of pushes")
        TOPICS = "topics", _("Subscription to FCM topics")

    quota = models.CharField(max_length=6, choices=Quota, unique=True)
    closed_until = models.DateTimeField(null=True)  # null: open. Once it is past, calls are let through in steps
    step = models.PositiveIntegerField(default=1)  # how many calls the current step lets through: 1, 2, 4 …
    tokens = models.PositiveIntegerField(default=1)  # how many of them nobody has taken yet
    step_started_at = models.DateTimeField(null=True)  # null: nobody has called since it was closed
    is_confirmed = models.BooleanField(default=False)  # FCM accepted a call of the current step

    def __str__(self) -> str:
        return self.quota


class Channel(models.Model):
    """Whether our configuration works, for each way of sending. Senders write it, health and the staff site read it.

    While it is broken the senders try one delivery a minute, so that they notice when the configuration is fixed.
    """

    FCM = "fcm"

    name = models.CharField(max_length=10, unique=True)
    broken_since = models.DateTimeField(null=True, blank=True)  # null: it works, as far as we know
    reason = models.CharField(max_length=300, blank=True)  # the error that the push service returned
    next_trial_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ClockReading(models.Model):
    """The latest time that a worker read from the clock of the database. One row (notifications/clock.py)."""

    latest = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.latest}"


class Delivery(models.Model):
    """One message for FCM to one target. It is claimed, then sent, then settled; never sent inside a transaction."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        ACCEPTED = "accepted", _("Accepted by FCM")
        REFUSED = "refused", _("Refused")
        EXPIRED = "expired", _("Out of date")
        CANCELLED = "cancelled", _("Cancelled")

    class TargetKind(models.TextChoices):
        TOPIC = "topic", _("Topic")
        CONDITION = "condition", _("Condition")
        DEVICE = "device", _("Device")

    key = models.CharField(_("key"), max_length=300, unique=True)  # reading a change again creates no second one
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    target_kind = models.CharField(_("target type"), max_length=9, choices=TargetKind)
    target = models.TextField(_("target"), blank=True)  # topic or condition; a device's is looked up when it is sent
    device = models.ForeignKey(Device, models.CASCADE, null=True, blank=True, related_name="deliveries")
    language = models.CharField(max_length=2, blank=True, db_default="")  # of the message; empty in rows before 0.1.0
    payload = models.JSONField(_("message"))  # push.payload.Payload
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"))  # not sent after this
    message_name = models.CharField(_("FCM message name"), max_length=200, blank=True)  # of the accepted message
    error = models.CharField(_("FCM error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("queued at"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        permissions = [("steer_delivery", "Can send again and cancel deliveries")]
        constraints = [
            models.CheckConstraint(
                name="deliveries_to_a_device_name_it",
                condition=Q(target_kind="device", device__isnull=False) | ~Q(target_kind="device") & Q(device=None),
            ),
        ]
        indexes = [
            models.Index("next_try_at", condition=Q(status="queued"), name="deliveries_queued"),
            models.Index("next_try_at", condition=Q(status="queued", device=None), name="deliveries_to_crowds"),
            models.Index("leased_until", condition=Q(status="sending"), name="deliveries_leased"),
            models.Index("settled_at", name="deliveries_settled"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_broadcast(self) -> bool:
        """Whether it goes to a topic or condition, so to everybody who follows."""
        return self.device_id is None
