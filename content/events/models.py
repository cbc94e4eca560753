"""Events of legal dissemination, with programme, registrations, moves and reader calendars."""

import datetime
import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.copies import HOME_LENGTH
from content.events.choices import EventKind
from content.events.states import AHEAD_STATUSES, PUBLIC_STATUSES, EventStatus
from content.organisations.models import Organisation, Province
from content.people.models import Reader
from content.qa.models import Question
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic

TITLE_LENGTH, TEXT_LENGTH, PLACE_LENGTH = 300, 10_000, 300
KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that are easily confused


def _random_letters(length: int) -> str:
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(length))


def new_key() -> str:
    """A permanent key, independent of title and date."""
    return "sk-" + _random_letters(10)


def new_code() -> str:
    """The check-in code of a registration: hard to guess and short enough to type."""
    return _random_letters(12)


class Event(models.Model):
    """An event at a place or online. Times are instants, shown in Viet Nam time.

    Registration is open in [registration_opens_at, registration_closes_at); without a registration
    period nobody registers. Without `capacity` everybody gets a seat.
    """

    key = models.CharField(max_length=20, unique=True, default=new_key)
    kind = models.CharField(_("kind"), max_length=10, choices=EventKind)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    text = models.TextField(_("description"), max_length=TEXT_LENGTH, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("organisation")
    )
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("province")
    )
    place = models.CharField(_("place"), max_length=PLACE_LENGTH, blank=True)
    online_url = models.URLField(_("online address"), max_length=500, blank=True)
    topics = models.ManyToManyField(Topic, related_name="events", verbose_name=_("topics"), blank=True)
    audiences = ArrayField(models.CharField(max_length=20, choices=Audience), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=3, choices=ContentLanguage), default=list, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    data_purpose = models.CharField(
        _("purpose of collecting names"), max_length=500, blank=True
    )  # empty: not collected
    recording_url = models.URLField(_("recording"), max_length=500, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=EventStatus, default=EventStatus.DRAFT)
    cancel_reason = models.TextField(_("why it was cancelled"), blank=True)
    home = models.CharField(max_length=HOME_LENGTH, default="", db_default="", blank=True)  # of a copy; "": ours
    sequence = models.PositiveIntegerField(default=0)  # of the iCalendar entry (RFC 5545, 3.8.7.4)
    announced_at = models.DateTimeField(null=True, blank=True)
    time_announced_at = models.DateTimeField(null=True, blank=True)  # when its present time was announced
    changed_at = models.DateTimeField(null=True, blank=True)  # when the public content last changed
    day_reminder_sent_for = models.DateTimeField(null=True, blank=True)  # the start for which the day reminder was sent
    hour_reminder_sent_for = models.DateTimeField(
        null=True, blank=True
    )  # the start for which the hour reminder was sent
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_in_count = models.PositiveIntegerField(null=True, blank=True)  # set when registrations are erased
    registrations_erased_at = models.DateTimeField(null=True, blank=True)  # when the registrations were erased
    search_words = SearchVectorField(
        default="", db_default="", editable=False
    )  # of the public content, see search_keys.py
    search_codes = models.BinaryField(default=b"", db_default=b"")

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [
            ("announce_event", "Can announce, move and cancel events"),
            ("announce_own_event", "Can announce their own events"),
            ("check_in_event", "Can see registrations and check people in"),
        ]
        constraints = [
            models.CheckConstraint(name="events_end_after_they_begin", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="events_have_a_seat", condition=Q(capacity=None) | Q(capacity__gte=1)),
            models.CheckConstraint(
                name="events_registration_closes_after_it_opens",
                condition=Q(registration_opens_at=None, registration_closes_at=None)
                | Q(registration_closes_at__gt=F("registration_opens_at"), registration_closes_at__lte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="events_public_say_where", condition=Q(status="draft") | ~Q(place="") | ~Q(online_url="")
            ),
            models.CheckConstraint(
                name="events_public_were_announced",
                condition=Q(status="draft", announced_at=None)
                | Q(
                    status__in=PUBLIC_STATUSES,
                    announced_at__isnull=False,
                    time_announced_at__isnull=False,
                    changed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="events_cancelled_with_a_reason",
                condition=Q(status="cancelled") & ~Q(cancel_reason="") | ~Q(status="cancelled") & Q(cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index("starts_at", condition=~Q(status="draft"), name="events_public_by_day"),
            models.Index("ends_at", condition=Q(status__in=["announced", "moved"]), name="events_ahead"),
            GinIndex(fields=["search_words"], fastupdate=False, name="events_search_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_STATUSES

    @property
    def is_online(self) -> bool:
        return bool(self.online_url)

    def takes_registrations(self, moment: datetime.datetime) -> bool:
        """Whether a reader can register at that moment."""
        opens_at, closes_at = self.registration_opens_at, self.registration_closes_at
        if opens_at is None or closes_at is None or self.status not in AHEAD_STATUSES:
            return False
        return opens_at <= moment < min(closes_at, self.ends_at)


class Session(models.Model):
    """A part of an event with a time of its own."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(name="sessions_end_after_they_begin", condition=Q(ends_at__gt=F("starts_at")))
        ]

    def __str__(self) -> str:
        return self.title


class Speaker(models.Model):
    """A speaker of one session, or without one of the whole event. A public role, not a reader of the app."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="speakers")
    session = models.ForeignKey(
        Session, models.SET_NULL, null=True, blank=True, related_name="speakers", verbose_name=_("session")
    )
    name = models.CharField(_("name"), max_length=200)
    about = models.CharField(_("position"), max_length=300, blank=True)  # office, body

    class Meta:
        ordering = ["pk"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.name


class MaterialLink(models.Model):
    """A link to something to read or watch before or after the event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="materials")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    url = models.URLField(_("address"), max_length=500)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [models.UniqueConstraint(name="event_materials_once", fields=["event", "url"])]

    def __str__(self) -> str:
        return self.title


class EventMove(models.Model):
    """A move of an announced event: its earlier time and place, and the reason."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="moves")
    starts_at = models.DateTimeField()  # this and the following fields: before the move
    ends_at = models.DateTimeField()
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=PLACE_LENGTH, blank=True)
    online_url = models.URLField(max_length=500, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event_id} {self.at:%Y-%m-%d}"


class Registration(models.Model):
    """A reader's registration: a seat, or a place on the waiting list in the order of the rows.

    Name and contact are stored only if the event states a purpose and the reader consented; all is erased 30 days after
    the end.
    """

    class Status(models.TextChoices):
        SEATED = "seated", _("Has a seat")
        WAITING = "waiting", _("On the waiting list")

    NAME_LENGTH, CONTACT_LENGTH = 120, 120

    event = models.ForeignKey(Event, models.CASCADE, related_name="registrations")
    reader = models.ForeignKey(Reader, models.CASCADE, related_name="registrations")
    status = models.CharField(max_length=7, choices=Status)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    contact = models.CharField(max_length=CONTACT_LENGTH, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(name="registrations_once", fields=["event", "reader"]),
            models.CheckConstraint(
                name="registrations_name_nobody_without_consent",
                condition=Q(name="", contact="") | Q(consented_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registrations_checked_in_have_a_seat", condition=Q(checked_in_at=None) | Q(status="seated")
            ),
        ]
        indexes = [models.Index("event", "id", condition=Q(status="waiting"), name="registrations_waiting")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.status}"


class ReaderCalendar(models.Model):
    """The secret URL of a reader's own calendar. Only its hash is stored; a new secret makes the former one void."""

    reader = models.OneToOneField(Reader, models.CASCADE, related_name="calendar")
    secret_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.reader_id}"


class AdvanceQuestion(models.Model):
    """The event for which a question was asked. The question itself belongs to content/qa."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions")
    question = models.OneToOneField(Question, models.CASCADE, related_name="asked_ahead")

    def __str__(self) -> str:
        return f"{self.event_id} {self.question_id}"
