"""What the rules of a contest are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScorePolicy(models.TextChoices):
    """Which of several attempts of a contestant counts."""

    BEST = "best", _("The best attempt")
    LAST = "last", _("The last attempt")
    FIRST = "first", _("The first attempt")


class RankingKey(models.TextChoices):
    """What contestants are ranked by, in the declared order. `correct`: more first; all others: less first."""

    CORRECT = "correct", _("Correct answers")
    DURATION = "duration", _("Time taken")
    PREDICTION = "prediction", _("Distance of the prediction")
    SUBMITTED_AT = "submitted_at", _("Earlier submission")
    DRAW = "draw", _("Drawing of lots by the organiser")


class ResultsShown(models.TextChoices):
    """When contestants see results, and the public the list of ranks."""

    AT_ONCE = "at_once", _("After each attempt")
    AT_CLOSE = "at_close", _("After the end of the round")
    WHEN_PUBLISHED = "when_published", _("When the organiser publishes them")


class Identity(models.TextChoices):
    """Who takes part once: a device, or a person who signed in."""

    DEVICE = "device", _("One entry for each installed app")
    SIGNED_IN = "signed_in", _("One entry for each person who signed in")


class PredictionOf(models.TextChoices):
    """What contestants predict of their round. Empty: nothing."""

    NOTHING = "", _("Nothing")
    CONTESTANTS = "contestants", _("Number of contestants")
    ATTEMPTS = "attempts", _("Number of attempts")


class AgeBand(models.TextChoices):
    """All that is asked about the age of a contestant."""

    UNDER_16 = "under_16", _("Under 16")
    FROM_16 = "16_17", _("16 or 17")
    ADULT = "adult", _("18 or older")


class GroupKind(models.TextChoices):
    PROVINCE = "province", _("Province")
    UNIT = "unit", _("Unit")


AGES_OF_BAND = {AgeBand.UNDER_16: (0, 15), AgeBand.FROM_16: (16, 17), AgeBand.ADULT: (18, 200)}  # years, both included
