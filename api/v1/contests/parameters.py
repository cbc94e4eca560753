"""Keys and path parameters of contests, and what finds the objects that they name."""

import contextlib
from collections.abc import Iterator

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter

from content.contests import queries
from content.contests.models import Attempt, Contest, Round
from content.people.models import Reader

CONTEST_KEY, ATTEMPT_KEY, ROUND_NUMBER = "ct-[a-z0-9]{10}", "lt-[a-z0-9]{16}", "[1-9][0-9]{0,3}"


def _path_parameter(name: str, pattern: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "pattern": f"^{pattern}$"}, "path", description=description)


CONTEST_PATH_PARAMETERS = [_path_parameter("key", CONTEST_KEY, "Key of the contest.")]
ROUND_PATH_PARAMETERS = [
    *CONTEST_PATH_PARAMETERS,
    OpenApiParameter(
        "number",
        {"type": "integer", "minimum": 1, "maximum": 9999},
        "path",
        description="Number of the round, from 1.",
    ),
]
ATTEMPT_PATH_PARAMETERS = [_path_parameter("key", ATTEMPT_KEY, "Key of the attempt.")]


def contest_or_404(key: str) -> Contest:
    """The public contest with that key, with what the API shows of it. Raises Http404."""
    return get_object_or_404(queries.public_contests(), key=key)


def round_or_404(key: str, number: str) -> Round:
    """The round of a public contest. Raises Http404."""
    contest = contest_or_404(key)
    for round in contest.rounds.all():
        if round.number == int(number):
            round.contest = contest
            return round
    raise Http404


def starting_round_or_404(key: str, number: str) -> Round:
    """As `round_or_404`, by one query. Raises Http404."""
    round = queries.public_round(key, int(number))
    if round is None:
        raise Http404
    return round


@contextlib.contextmanager
def attempt_not_found_as_404() -> Iterator[None]:
    """Raise Http404 where a service finds no such attempt of the reader."""
    try:
        yield
    except Attempt.DoesNotExist:
        raise Http404 from None


def attempt_or_404(reader: Reader, key: str) -> Attempt:
    """The reader's own attempt with that key, with `now`. Raises Http404, for an attempt of anybody else too."""
    attempt = queries.attempt_of(reader, key)
    if attempt is None:
        raise Http404
    return attempt
