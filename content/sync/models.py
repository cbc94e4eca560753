"""Which installations are followed, what is held of them, what waits, and where two installations disagree."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.copies import HOME_LENGTH
from content.copying.objects import OBJECTS

SUBJECT_LENGTH = 200


class PeerState(models.TextChoices):
    """new → loading → following ↔ away; forked and refused until a person decides; paused by a person."""

    NEW = "new", _("Waits for the second person")
    LOADING = "loading", _("Loading")
    FOLLOWING = "following", _("Following")
    AWAY = "away", _("Away")
    FORKED = "forked", _("Has another history")
    REFUSED = "refused", _("Refused")
    PAUSED = "paused", _("Paused")


WORKING_STATES = (PeerState.LOADING, PeerState.FOLLOWING, PeerState.AWAY)
SET_BY_PEOPLE = ("objects_wanted", "scope", "notifies", "relays")  # columns, also while it is read


class Peer(models.Model):
    """Another installation that we follow. `bookmark` and `chain` say up to which of its lines, and with what history.

    A second person compares the fingerprint of its key before anything is read.
    """

    key = models.CharField(max_length=HOME_LENGTH, unique=True)  # host and port: the `home` of its objects
    url = models.CharField(_("address"), max_length=300, unique=True)
    name = models.CharField(_("name"), max_length=300)
    keys = models.JSONField(default=dict, blank=True)  # pinned: {key id: JWK}
    offered_keys = models.JSONField(default=dict, blank=True)  # read at its address, confirmed by nobody yet
    objects_wanted = ArrayField(  # as the change log says them; empty: all that we copy
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("objects wanted")
    )
    scope = ArrayField(  # keys of the bodies and provinces it speaks for; empty: all
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("speaks for")
    )
    notifies = models.BooleanField(_("tells our followers"), default=False)
    relays = models.BooleanField(_("also brings copies of others"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=PeerState, default=PeerState.NEW)
    bookmark = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64, blank=True)
    head = models.JSONField(null=True, blank=True)  # the newest sealed head that we saw
    other_head = models.JSONField(null=True, blank=True)  # that of another history
    loaded_at = models.DateTimeField(null=True, blank=True)  # null: the first load is not complete
    load_export = models.CharField(max_length=40, blank=True)
    load_line = models.PositiveIntegerField(default=0)  # lines of the export that are done with
    load_lines = models.PositiveIntegerField(default=0)
    is_new_beginning = models.BooleanField(default=False)  # what the next export lacks is a conflict
    last_ok_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)  # one after the other
    next_try_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)  # whose it is: new with each claim
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("other installation")
        verbose_name_plural = _("other installations")
        ordering = ["pk"]
        permissions = [("manage_peer", _("Can manage other installations"))]
        constraints = [
            models.CheckConstraint(
                name="peers_that_are_read_have_a_pinned_key",
                condition=~Q(state__in=["loading", "following", "away"]) | ~Q(keys={}),
            ),
            models.CheckConstraint(
                name="peers_are_confirmed_by_another",
                condition=Q(confirmed_by=None) | Q(added_by=None) | ~Q(confirmed_by=models.F("added_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    def wants(self, object_name: str) -> bool:
        return object_name in (self.objects_wanted or OBJECTS)

    @property
    def is_working(self) -> bool:
        return self.state in WORKING_STATES


class PeerRow(models.Model):
    """One object of one installation."""

    peer = models.ForeignKey(Peer, models.PROTECT, related_name="%(class)ss")
    object = models.CharField(max_length=20)  # as the change log says it
    subject = models.CharField(max_length=SUBJECT_LENGTH)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject


class Origin(PeerRow):
    """Where a copy came from, and the state in which we hold it."""

    home = models.CharField(max_length=HOME_LENGTH)
    record_hash = models.CharField(max_length=64)
    of_change = models.BigIntegerField()  # the line at which its record was read, as the peer numbers them
    of_line = models.BigIntegerField(default=0, db_default=0)  # the newest line about it that our own log has
    received_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="origins_once", fields=["object", "subject"])]


class Witness(PeerRow):
    """Another installation holds the same words as we do."""

    their_key = models.CharField(max_length=SUBJECT_LENGTH, default="", db_default="")  # `subject` is ours
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "witnesses"
        constraints = [models.UniqueConstraint(name="witnesses_once", fields=["peer", "object", "subject"])]


class Waiting(PeerRow):
    """An object that could not be applied yet, with the lines about it that we have read. It is tried again."""

    lines: Any = models.JSONField(default=list)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField()

    class Meta:
        verbose_name = _("waiting object")
        verbose_name_plural = _("waiting objects")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="waiting_once", fields=["peer", "object", "subject"])]


class ConflictKind(models.TextChoices):
    WORDS = "words", _("The same law with other words")
    KEY = "key", _("The key is taken by another object")
    SCOPE = "scope", _("Outside what the installation speaks for")
    GONE = "gone", _("Not in the new history")


class ConflictDecision(models.TextChoices):
    OURS = "ours", _("Keep what we have")
    THEIRS = "theirs", _("Take theirs")
    TWO = "two", _("Two documents")


class Conflict(PeerRow):
    """Two installations disagree about an object; a person decides. `record` is theirs, never shown in public."""

    kind = models.CharField(_("kind"), max_length=10, choices=ConflictKind)
    ours = models.CharField(max_length=64, blank=True)  # hash of what we have
    theirs = models.CharField(max_length=64, blank=True)
    record: Any = models.JSONField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(_("decision"), max_length=10, choices=ConflictDecision, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("conflict of installations")
        verbose_name_plural = _("conflicts of installations")
        ordering = ["pk"]
        permissions = [("decide_conflict", _("Can decide conflicts of installations"))]
        constraints = [
            models.UniqueConstraint(
                name="conflicts_one_open_each", fields=["peer", "object", "subject", "kind"], condition=Q(decision="")
            ),
            models.CheckConstraint(
                name="conflicts_are_decided_with_a_reason",
                condition=Q(decision="", decided_at=None)
                | (~Q(decision="") & Q(decided_at__isnull=False) & ~Q(reason="")),
            ),
        ]
