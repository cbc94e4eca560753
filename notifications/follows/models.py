from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.documents.models import LegalDocument, Provision
from content.events.models import Event
from content.organisations.models import Organisation
from content.people.models import Reader
from content.qa.models import Question
from content.topics.models import Topic
from notifications.devices.models import Device

UNSETTLED = Q(actual=None) | ~Q(desired=models.F("actual"))


class FollowKind(models.TextChoices):
    """What a reader may be told about a topic."""

    NEW = "new", _("New documents")
    AMENDED = "amended", _("Amendments")
    EFFECT = "effect", _("Taking and losing effect")
    QUESTION = "question", _("Questions and answers")
    EVENT = "event", _("Events")
    REMINDER = "reminder", _("Reminders of events")


DOCUMENT_KINDS = (FollowKind.NEW, FollowKind.AMENDED, FollowKind.EFFECT)
TOPIC_KINDS = (*DOCUMENT_KINDS, FollowKind.QUESTION, FollowKind.EVENT)


_TARGETS = ("topic", "document", "organisation", "article", "question", "event")


class Follow(models.Model):
    """A reader wants to be told about a topic and all under it, a document, an article, a question, event or body."""

    class Frequency(models.TextChoices):
        INSTANT = "instant", _("At once")

    TARGETS = _TARGETS  # exactly one of these columns is set
    KINDS = {  # what can happen to it
        "topic": TOPIC_KINDS,
        "organisation": TOPIC_KINDS,
        "document": DOCUMENT_KINDS,
        "article": DOCUMENT_KINDS,
        "question": (FollowKind.QUESTION,),
        "event": (FollowKind.EVENT, FollowKind.REMINDER),
    }

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="follows")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="follows")
    document = models.ForeignKey(LegalDocument, models.CASCADE, null=True, blank=True, related_name="follows")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="follows")
    article = models.ForeignKey(Provision, models.CASCADE, null=True, blank=True, related_name="follows")
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="follows")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="follows")
    kinds = ArrayField(
        models.CharField(max_length=10, choices=FollowKind), default=list, blank=True
    )  # empty: every kind
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.INSTANT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="follows_once", fields=["reader", *_TARGETS], nulls_distinct=False),
            models.CheckConstraint(
                name="follows_one_target",
                condition=reduce(or_, (Q(**{f"{name}__isnull": name != one for name in _TARGETS}) for one in _TARGETS)),
            ),
        ]

    def __str__(self):
        return f"{self.reader_id} → {self.target_name} {self.target.key}"

    @property
    def target_name(self):
        return next(name for name in self.TARGETS if getattr(self, f"{name}_id"))

    @property
    def kinds_wanted(self):
        """What the reader is told of: what they named, else all that can happen to it."""
        return self.kinds or self.KINDS[self.target_name]

    @property
    def target(self):
        return getattr(self, self.target_name)


class FcmSubscription(models.Model):
    """A device on an FCM topic: as it should be (`desired`) and as FCM was last told (`actual`).

    `actual` is null while FCM is being told, so that what a killed worker left half done is told again.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="subscriptions")
    fcm_topic = models.CharField(max_length=100)
    desired = models.BooleanField()
    actual = models.BooleanField(default=False, null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)  # somebody is telling FCM right now
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="subscriptions_once", fields=["device", "fcm_topic"])]
        indexes = [
            models.Index("next_try_at", condition=UNSETTLED, name="subscriptions_to_settle"),
            models.Index("fcm_topic", condition=Q(desired=True), name="subscriptions_wanted"),
        ]

    def __str__(self):
        return f"{self.device_id} on {self.fcm_topic}"
