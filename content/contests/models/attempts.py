"""Who takes part, and their attempts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.contests.choices import AgeBand
from content.contests.models.contests import LABEL_LENGTH, Contest, Round
from content.organisations.models import Province
from content.people.models import Reader
from content.random_keys import random_key

MAX_PREDICTION = 1_000_000_000


def new_code() -> str:
    """The code under which a contestant is public: another one in each contest."""
    return random_key("")


def new_attempt_key() -> str:
    return random_key("lt-", 16)


class Entry(models.Model):
    """A reader's entry in a contest. The first attempt locks it. An erased reader leaves the code and the results."""

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="entries", db_index=False
    )  # see entries_code_once
    reader = models.ForeignKey(Reader, models.SET_NULL, null=True, blank=True, related_name="contest_entries")
    code = models.CharField(max_length=10, default=new_code)
    bracket = models.CharField(max_length=LABEL_LENGTH, blank=True)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.CharField(max_length=LABEL_LENGTH, blank=True)
    age_band = models.CharField(max_length=8, choices=AgeBand)
    consented_at = models.DateTimeField()
    entered_at = models.DateTimeField(auto_now_add=True)
    disqualified_at = models.DateTimeField(null=True, blank=True)
    needs_recount = models.BooleanField(default=False)  # disqualified, or made anonymous: the worker counts it again
    result_told_at = models.DateTimeField(null=True, blank=True)  # when the reader was told that there is a result

    class Meta:
        ordering = ["pk"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(name="entries_once_for_a_reader", fields=["contest", "reader"]),
            models.UniqueConstraint(name="entries_code_once", fields=["contest", "code"]),
        ]
        indexes = [
            models.Index(
                "contest",
                "id",
                condition=Q(result_told_at=None, reader__isnull=False),
                name="entries_to_be_told_of_results",
            ),
            models.Index("contest", "id", condition=Q(needs_recount=True), name="entries_to_recount"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.code}"

    @property
    def is_listed(self) -> bool:
        """Whether the list of people shows the code."""
        return self.age_band != AgeBand.UNDER_16


class Attempt(models.Model):
    """One paper of a contestant. Which questions it has follows from the round's seed, see `paper.py`.

    `answers` are {"1": "b"}: number on the paper, and the letter of the choice as it was shown or the text filled in.
    Until `settled_at` it is not counted. Times are those of the database.
    """

    key = models.CharField(max_length=20, unique=True, default=new_attempt_key)
    # the constraints and indexes below begin with these: an index of their own would only be written
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="attempts", db_index=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    nonce = models.BinaryField()  # 16 to 32 bytes that the app chose
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    saved_seq = models.BigIntegerField(default=0)
    prediction = models.BigIntegerField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    is_closed_by_system = models.BooleanField(default=False)  # it was left open: the last saved answers count
    correct = models.PositiveIntegerField(null=True, blank=True)
    scored_voids = models.PositiveIntegerField(default=0)  # how many voided questions of the round it knows of
    duration_ms = models.BigIntegerField(null=True, blank=True)
    receipt = models.TextField(blank=True)  # JWS
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(name="attempts_number_once", fields=["entry", "round", "number"]),
            models.UniqueConstraint(
                name="attempts_one_open", fields=["entry", "round"], condition=Q(submitted_at=None)
            ),
            models.UniqueConstraint(name="attempts_nonce_once", fields=["entry", "round", "nonce"]),
            models.CheckConstraint(name="attempts_end_after_they_start", condition=Q(deadline_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="attempts_submitted_are_scored",
                condition=Q(submitted_at=None, correct=None, duration_ms=None, receipt="", settled_at=None)
                | Q(submitted_at__isnull=False, correct__isnull=False, duration_ms__isnull=False, duration_ms__gte=0)
                & ~Q(receipt=""),
            ),
            models.CheckConstraint(
                name="attempts_prediction_is_a_number_of_people",
                condition=Q(prediction=None) | Q(prediction__gte=0, prediction__lte=MAX_PREDICTION),
            ),
        ]
        indexes = [
            models.Index("round", "id", name="attempts_of_a_round"),
            models.Index("deadline_at", condition=Q(submitted_at=None), name="attempts_open"),
            models.Index(
                "round", "id", condition=Q(settled_at=None, submitted_at__isnull=False), name="attempts_to_settle"
            ),
        ]

    def __str__(self) -> str:
        return self.key
