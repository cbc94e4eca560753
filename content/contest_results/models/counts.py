"""What is counted of attempts: standings, contestants for each score, sums of provinces and units.

All three follow from the settled attempts: `rebuild` makes them again. A null round is the contest as a whole, stored
only where it has several rounds that are ranked.
"""

from django.db import models
from django.db.models import Q

from content.contests.choices import GroupKind
from content.contests.models import Attempt, Contest, Entry, Round
from content.contests.models.contests import LABEL_LENGTH
from content.organisations.models import Province


class Standing(models.Model):
    """The result of one contestant in a round. `order_key` is the declared ranking as bytes: less is better."""

    # settling writes each index: only those that are read
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="standings", db_index=False)
    round = models.ForeignKey(Round, models.CASCADE, null=True, blank=True, related_name="standings", db_index=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="standings", db_index=False)
    attempt = models.ForeignKey(Attempt, models.CASCADE, null=True, blank=True, related_name="+")  # which counts
    attempts = models.PositiveIntegerField()  # how many were submitted
    bracket = models.CharField(max_length=LABEL_LENGTH, blank=True)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    unit = models.CharField(max_length=LABEL_LENGTH, blank=True)
    is_listed = models.BooleanField()  # not under 16: the list of people shows it
    correct = models.PositiveIntegerField()
    duration_ms = models.BigIntegerField()
    distance = models.BigIntegerField()  # of the prediction; 0 until the round is closed
    submitted_at = models.DateTimeField()
    draw = models.PositiveIntegerField(default=0)  # the place that the organiser's draw gave; 0: not drawn
    order_key = models.BinaryField()
    rank = models.PositiveIntegerField(null=True, blank=True)  # null: not final

    class Meta:
        constraints = [models.UniqueConstraint(name="standings_once", fields=["entry", "round"], nulls_distinct=False)]
        indexes = [
            models.Index("contest", "round", "bracket", "order_key", "id", name="standings_in_order"),
            models.Index(
                "contest",
                "round",
                "bracket",
                "order_key",
                "id",
                condition=Q(is_listed=True),
                name="standings_listed_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.round_id} {self.correct}"

    @property
    def seconds(self) -> float:
        return self.duration_ms / 1000


class ScoreCount(models.Model):
    """How many contestants of a bracket have this many correct answers."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="score_counts")
    round = models.ForeignKey(Round, models.CASCADE, null=True, blank=True, related_name="score_counts")
    bracket = models.CharField(max_length=LABEL_LENGTH, blank=True)
    correct = models.PositiveIntegerField()
    contestants = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="score_counts_once", fields=["contest", "round", "bracket", "correct"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.correct}: {self.contestants}"


class GroupCount(models.Model):
    """Sums of a province (its key) or a unit (its name), in a bracket. An empty group: those who named none."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="group_counts")
    round = models.ForeignKey(Round, models.CASCADE, null=True, blank=True, related_name="group_counts")
    bracket = models.CharField(max_length=LABEL_LENGTH, blank=True)
    kind = models.CharField(max_length=8, choices=GroupKind)
    group = models.CharField(max_length=LABEL_LENGTH, blank=True)
    attempts = models.BigIntegerField()
    contestants = models.BigIntegerField()
    correct_sum = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="group_counts_once", fields=["contest", "round", "bracket", "kind", "group"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.group}: {self.contestants}"
