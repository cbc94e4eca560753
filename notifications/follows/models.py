"""What readers follow, and the FCM topics their devices are subscribed to because of it."""

import datetime
from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from content.channel.models import Playlist
from content.contests.models import Contest
from content.documents.models import LegalDocument, Provision
from content.events.models import Event
from content.organisations.models import Organisation, Province
from content.people.models import Reader
from content.qa.models import Question
from content.topics.models import Topic
from notifications.devices.models import Device

UNSETTLED = Q(actual=None) | ~Q(desired=models.F("actual"))  # subscriptions of which FCM must be informed
BEFORE_ALL_TURNS = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

FollowTarget = Topic | LegalDocument | Organisation | Provision | Question | Event | Contest | Province | Playlist


class NotificationType(models.TextChoices):
    """What a reader may be notified about."""

    NEW = "new", _("New documents")
    AMENDED = "amended", _("Amendments")
    EFFECT = "effect", _("Taking and losing effect")
    QUESTION = "question", _("Questions and answers")
    EVENT = "event", _("Events")
    REMINDER = "reminder", _("Reminders of events and contests")
    CONTEST = "contest", _("Contests")
    MATERIAL = "material", _("Materials")


DOCUMENT_TYPES = (NotificationType.NEW, NotificationType.AMENDED, NotificationType.EFFECT)
TOPIC_TYPES = (
    *DOCUMENT_TYPES,
    NotificationType.QUESTION,
    NotificationType.EVENT,
    NotificationType.CONTEST,
    NotificationType.MATERIAL,
)


_TARGETS = ("topic", "document", "organisation", "article", "question", "event", "contest", "province", "playlist")


class Follow(models.Model):
    """A reader follows a topic with everything under it, or one other object of TARGETS."""

    class Frequency(models.TextChoices):
        INSTANT = "instant", _("At once")

    TARGETS = _TARGETS  # exactly one of these columns is set
    KINDS = {  # the notification types that exist for each
        "topic": TOPIC_TYPES,
        "organisation": TOPIC_TYPES,
        "document": DOCUMENT_TYPES,
        "article": DOCUMENT_TYPES,
        "question": (NotificationType.QUESTION,),
        "event": (NotificationType.EVENT, NotificationType.REMINDER),
        "contest": (NotificationType.CONTEST, NotificationType.REMINDER),
        "province": (*DOCUMENT_TYPES, NotificationType.EVENT, NotificationType.CONTEST),
        "playlist": (NotificationType.MATERIAL,),
    }

    reader = models.ForeignKey(  # found by the index of `follows_once`
        Reader, models.CASCADE, related_name="follows", db_index=False
    )
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="follows")
    document = models.ForeignKey(LegalDocument, models.CASCADE, null=True, blank=True, related_name="follows")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="follows")
    article = models.ForeignKey(Provision, models.CASCADE, null=True, blank=True, related_name="follows")
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="follows")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="follows")
    contest = models.ForeignKey(Contest, models.CASCADE, null=True, blank=True, related_name="follows")
    province = models.ForeignKey(Province, models.CASCADE, null=True, blank=True, related_name="follows")
    playlist = models.ForeignKey(Playlist, models.CASCADE, null=True, blank=True, related_name="follows")
    # notification types that the reader chose; empty: all that exist for the target
    kinds = ArrayField(models.CharField(max_length=10, choices=NotificationType), default=list, blank=True)
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.INSTANT)
    created_at = models.DateTimeField(auto_now_add=True)
    # when it was moved to the province that continues the one followed before; null: it was not
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="follows_once", fields=["reader", *_TARGETS], nulls_distinct=False),
            models.CheckConstraint(
                name="follows_one_target",
                condition=reduce(or_, (Q(**{f"{name}__isnull": name != one for name in _TARGETS}) for one in _TARGETS)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} → {self.target_name} {self.target.key}"

    @classmethod
    def target_models(cls) -> dict[str, type[models.Model]]:
        """{name of TARGETS: the model of its rows}."""
        related = {name: cls._meta.get_field(name).related_model for name in cls.TARGETS}
        return {name: model for name, model in related.items() if model}

    @property
    def target_name(self) -> str:
        """Which of TARGETS is set."""
        return next(name for name in self.TARGETS if getattr(self, f"{name}_id"))

    @property
    def target_id(self) -> int:
        """The primary key of what is followed."""
        target_id: int = getattr(self, f"{self.target_name}_id")
        return target_id

    @property
    def target(self) -> FollowTarget:
        """What is followed."""
        target: FollowTarget = getattr(self, self.target_name)
        return target

    @property
    def since(self) -> datetime.datetime:
        """Since when the reader follows this very target: news of it before that was never asked for."""
        return self.moved_at or self.created_at

    @property
    def kinds_wanted(self) -> Sequence[str]:
        """The notification types this follow asks for: those that the reader chose, else all of its target."""
        return self.kinds or self.KINDS[self.target_name]


class FormerProvince(models.Model):
    """What a follow that was moved followed before: its news on [since, until) stays in the inbox, and no other's."""

    follow = models.ForeignKey(Follow, models.CASCADE, related_name="former_provinces")
    province = models.ForeignKey(Province, models.CASCADE, related_name="+")
    kinds = ArrayField(models.CharField(max_length=10, choices=NotificationType), default=list, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(db_default=Now())  # the move: later news comes by what the follow is of now

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.follow_id} ← {self.province_id}"


class FcmSubscription(models.Model):
    """A device on an FCM topic: as it should be (`desired`) and as FCM last confirmed it (`actual`).

    `actual` is null during a call to FCM. What a killed worker left half done is therefore called again.
    """

    device = models.ForeignKey(  # found by the index of `subscriptions_once`
        Device, models.CASCADE, related_name="subscriptions", db_index=False
    )
    fcm_topic = models.CharField(max_length=100)
    desired = models.BooleanField()
    actual = models.BooleanField(default=False, null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    # those due are called in this order, see services.TURN_INTERVAL; what an earlier release wrote comes first
    turn_at = models.DateTimeField(db_default=BEFORE_ALL_TURNS)
    claimed_until = models.DateTimeField(null=True, blank=True)  # a worker is calling FCM about it until then
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="subscriptions_once", fields=["device", "fcm_topic"])]
        indexes = [
            models.Index("next_try_at", condition=UNSETTLED, name="subscriptions_to_settle"),
            models.Index("turn_at", condition=UNSETTLED, name="subscriptions_in_turn"),
            models.Index("fcm_topic", condition=Q(desired=True), name="subscriptions_wanted"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} on {self.fcm_topic}"
