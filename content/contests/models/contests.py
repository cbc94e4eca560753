"""A contest with its rules, its rounds, and the frozen questions of each round."""

import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from content.contests.choices import Identity, PredictionOf, RankingKey, ResultsShown, ScorePolicy
from content.contests.states import FROZEN_STATUSES, PUBLIC_STATUSES, TAKING_STATUSES, ContestStatus, RoundStatus
from content.copies import HOME_LENGTH
from content.organisations.models import Organisation, Province
from content.question_banks.models import QuestionBank, QuizQuestion
from content.random_keys import random_key
from content.topics.choices import Audience
from content.topics.models import Topic

TITLE_LENGTH, TEXT_LENGTH, LABEL_LENGTH = 300, 10_000, 200
LAST_RANKING_KEYS = ("submitted_at", "draw")


def new_contest_key() -> str:
    return random_key("ct-")


def default_ranking() -> list[str]:
    return [RankingKey.CORRECT, RankingKey.DURATION, RankingKey.SUBMITTED_AT]


class Contest(models.Model):
    """A contest and its rules. `ranking` is declared before the first attempt and never changes after it.

    `brackets` and `units` are names that contestants choose from; empty: there are none. Ages are in whole years, both
    included.
    """

    key = models.CharField(max_length=20, unique=True, default=new_contest_key)
    home = models.CharField(max_length=HOME_LENGTH, default="", db_default="", blank=True)  # of a copy; "": ours
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    text = models.TextField(_("description"), max_length=TEXT_LENGTH, blank=True)
    prizes = models.TextField(_("prizes"), max_length=TEXT_LENGTH, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="contests", verbose_name=_("organisation")
    )
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="contests", verbose_name=_("province")
    )
    topics = models.ManyToManyField(Topic, related_name="contests", verbose_name=_("topics"), blank=True)
    audiences = ArrayField(models.CharField(max_length=20, choices=Audience), default=list, blank=True)
    max_attempts = models.PositiveIntegerField(_("attempts in a round"), null=True, blank=True, default=1)
    score_policy = models.CharField(_("which attempt counts"), max_length=5, choices=ScorePolicy, default="best")
    ranking = ArrayField(models.CharField(max_length=12, choices=RankingKey), default=default_ranking)
    prediction_of = models.CharField(_("prediction"), max_length=11, choices=PredictionOf, blank=True, default="")
    results_shown = models.CharField(_("results are shown"), max_length=14, choices=ResultsShown, default="at_close")
    identity = models.CharField(_("who takes part once"), max_length=9, choices=Identity, default="device")
    brackets = ArrayField(models.CharField(max_length=LABEL_LENGTH), default=list, blank=True)
    units = ArrayField(models.CharField(max_length=LABEL_LENGTH), default=list, blank=True)
    min_age = models.PositiveIntegerField(_("age from"), null=True, blank=True)
    max_age = models.PositiveIntegerField(_("age to"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    status = models.CharField(_("status"), max_length=9, choices=ContestStatus, default=ContestStatus.DRAFT)
    cancel_reason = models.TextField(_("why it was cancelled"), blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # when the public content last changed
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revised_by = models.ForeignKey(  # without what would lock tables while it is added
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    results_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    results_published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    results_published_at = models.DateTimeField(null=True, blank=True)
    ranks_stale = models.BooleanField(default=False)  # a question was voided or an entry counted again: rank anew
    rank_version = models.PositiveIntegerField(default=0, db_default=0)  # how often ranks were written
    search_words = SearchVectorField(default="", db_default="", editable=False)  # see search_keys.py
    search_codes = models.BinaryField(default=b"", db_default=b"")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        permissions = [
            ("announce_contest", "Can announce, correct and cancel contests"),
            ("freeze_contest", "Can freeze rounds that others proposed"),
            ("judge_contest", "Can void questions, disqualify and publish results"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contests_rank_by_correct_answers_first", condition=Q(ranking__0=RankingKey.CORRECT)
            ),
            models.CheckConstraint(
                name="contests_rank_by_submission_or_draw_last",
                condition=reduce(
                    or_, (Q(ranking__len=n, **{f"ranking__{n - 1}__in": LAST_RANKING_KEYS}) for n in range(2, 6))
                ),
            ),
            models.CheckConstraint(
                name="contests_rank_by_predictions_that_are_asked_for",
                condition=~Q(ranking__contains=[RankingKey.PREDICTION]) | ~Q(prediction_of=""),
            ),
            models.CheckConstraint(
                name="contests_have_an_attempt", condition=Q(max_attempts=None) | Q(max_attempts__gte=1)
            ),
            models.CheckConstraint(
                name="contests_ages_are_a_range",
                condition=Q(min_age=None) | Q(max_age=None) | Q(max_age__gte=F("min_age")),
            ),
            models.CheckConstraint(
                name="contests_public_were_announced",
                condition=Q(status=ContestStatus.DRAFT, announced_at=None)
                | Q(status__in=PUBLIC_STATUSES, announced_at__isnull=False, changed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contests_cancelled_with_a_reason",
                condition=Q(status="cancelled") & ~Q(cancel_reason="") | ~Q(status="cancelled") & Q(cancel_reason=""),
            ),
            models.CheckConstraint(
                name="contests_results_are_published_by_another",
                condition=Q(results_published_by=None) | ~Q(results_published_by=F("results_proposed_by")),
            ),
        ]
        indexes = [
            models.Index("status", "id", name="contests_by_status"),
            GinIndex(fields=["search_words"], fastupdate=False, name="contests_search_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_STATUSES


class Round(models.Model):
    """A round, open in [starts_at, ends_at). `sections` are [{"topic": key or "", "count": n}], in order of the paper.

    From freezing until closing nobody is shown the `seed`. A trigger refuses any change of a frozen round but of its
    status, and of what closing and voiding write.
    """

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    bank = models.ForeignKey(  # null: of a copy, whose questions are at its home
        QuestionBank, models.PROTECT, null=True, related_name="rounds", verbose_name=_("question bank")
    )
    is_copied = models.BooleanField(default=False, db_default=False, editable=False)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seconds = models.PositiveIntegerField(_("seconds for an attempt"))
    sections = models.JSONField(_("sections"))
    is_practice = models.BooleanField(_("practice"), default=False)
    status = models.CharField(_("status"), max_length=8, choices=RoundStatus, default=RoundStatus.DRAFT)
    freeze_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    seed = models.BinaryField(default=b"", editable=False)  # 32 random bytes once it is frozen
    seed_hash = models.CharField(max_length=64, blank=True)  # SHA-256, hex
    pool_hash = models.CharField(max_length=64, blank=True)
    void_count = models.PositiveIntegerField(default=0)
    turnout = models.BigIntegerField(null=True, blank=True)  # what was predicted, counted when it closed
    closed_at = models.DateTimeField(null=True, blank=True)  # when the ranks were final and the seed was published

    class Meta:
        ordering = ["contest", "number"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(name="rounds_number_once", fields=["contest", "number"]),
            models.CheckConstraint(name="rounds_end_after_they_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="rounds_give_time", condition=Q(seconds__gte=1)),
            models.CheckConstraint(
                name="rounds_of_ours_have_a_bank", condition=Q(bank__isnull=False) | Q(is_copied=True)
            ),
            ExclusionConstraint(
                name="rounds_do_not_overlap",
                expressions=[
                    ("contest", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(is_practice=False),
            ),
            models.CheckConstraint(
                name="rounds_freeze_before_they_start", condition=Q(frozen_at=None) | Q(frozen_at__lt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="rounds_frozen_have_their_hashes",
                condition=Q(status__in=["draft", "proposed"], frozen_at=None, seed_hash="", pool_hash="")
                | Q(status__in=FROZEN_STATUSES, frozen_at__isnull=False) & ~Q(seed_hash="") & ~Q(pool_hash=""),
            ),
            models.CheckConstraint(
                name="rounds_are_frozen_by_another",
                condition=Q(frozen_by=None) | ~Q(frozen_by=F("freeze_proposed_by")),
            ),
            models.CheckConstraint(
                name="rounds_closed_have_a_day", condition=Q(closed_at=None) ^ Q(status=RoundStatus.CLOSED)
            ),
        ]
        indexes = [models.Index("ends_at", condition=Q(status__in=["frozen", "open"]), name="rounds_to_close")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """What the audit calls it: «ct-…/1»."""
        return f"{self.contest.key}/{self.number}"

    @property
    def home(self) -> str:
        """That of its contest; "" for ours."""
        return self.contest.home

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    def is_open(self, moment: datetime.datetime) -> bool:
        """Whether attempts may start at that moment, by the clock."""
        return (
            self.status in (RoundStatus.FROZEN, RoundStatus.OPEN)
            and self.contest.status in TAKING_STATUSES
            and self.starts_at <= moment < self.ends_at
        )

    @property
    def shows_results(self) -> bool:
        """Whether contestants may see their score, and the public the ranks."""
        if self.is_practice or self.contest.results_shown == ResultsShown.AT_ONCE:
            return True
        if self.contest.results_shown == ResultsShown.WHEN_PUBLISHED:
            return self.contest.status == ContestStatus.PUBLISHED
        return self.status == RoundStatus.CLOSED

    @property
    def paper_size(self) -> int:
        return sum(section["count"] for section in self.sections)


class RoundQuestion(models.Model):
    """A question of a round's frozen pool, by position from 0. A trigger allows nothing but voiding it."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    section = models.PositiveIntegerField()
    question = models.ForeignKey(QuizQuestion, models.PROTECT, related_name="+")
    salt = models.BinaryField()  # 16 random bytes
    hash = models.CharField(max_length=64)  # SHA-256 of salt and question, hex: paper.question_hash
    void_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.TextField(blank=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["round", "position"]
        verbose_name = _("question of a round")
        verbose_name_plural = _("questions of rounds")
        constraints = [
            models.UniqueConstraint(name="round_questions_position_once", fields=["round", "position"]),
            models.UniqueConstraint(name="round_questions_once", fields=["round", "question"]),
            models.CheckConstraint(
                name="round_questions_are_voided_by_another",
                condition=Q(voided_at=None, voided_by=None)
                | Q(voided_at__isnull=False, voided_by__isnull=False, void_proposed_by__isnull=False)
                & ~Q(voided_by=F("void_proposed_by"))
                & ~Q(void_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.position}"
