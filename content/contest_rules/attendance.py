"""When contestants are to be expected: many phones at once, those of a whole school behind one address."""

import datetime

from django.db.models.functions import Now

from content.contests.models import Round
from content.contests.states import TAKING_STATUSES

COMING_BEFORE = datetime.timedelta(days=7)  # an app is installed in the days before its first round


def are_contestants_expected() -> bool:
    """Whether a ranked round of an announced contest is open or begins within a week, by the clock of the database.

    Contestants of a copy register at its home, and nobody comes for a sample.
    """
    return Round.objects.filter(
        contest__status__in=TAKING_STATUSES,
        contest__home="",
        contest__is_sample=False,
        is_practice=False,
        starts_at__lte=Now() + COMING_BEFORE,
        ends_at__gt=Now(),
    ).exists()
