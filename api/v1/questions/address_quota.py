"""How many questions an address may ask in an hour: new devices are new readers, whose own quota limits nobody."""

import contextlib
import datetime
from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.limits.counters import ExactCounter
from content.errors import QuotaExceeded
from content.qa.models import Question

ACCEPTED_COUNTS = ExactCounter("accepted questions", seconds=3600)


def ask_within_quota(request: Request, ask: Callable[..., tuple[Question, bool]]) -> Question:
    """Call a service that asks a question, with a `refusal` above the quota. Returns the question.

    Questions that are not accepted and repeats of accepted ones do not count. Raises what the service raises, and
    QuotaExceeded above ADDRESS_QUESTIONS_PER_HOUR.
    """
    address = request.META["REMOTE_ADDR"]
    counted = ACCEPTED_COUNTS.count_request(address)
    refusal = _refusal(counted.seconds) if counted.requests > settings.ADDRESS_QUESTIONS_PER_HOUR else None
    created = False
    try:
        question, created = ask(refusal=refusal)
    finally:
        if not created:
            with contextlib.suppress(Error):  # a count too many; what the service did or raised is what happened
                ACCEPTED_COUNTS.take_back(address, counted)
    return question


def _refusal(seconds: int) -> QuotaExceeded:
    message = _("At most %d questions an hour are accepted from one address. Try again later.")
    until = timezone.now() + datetime.timedelta(seconds=seconds)
    return QuotaExceeded("too_many_questions", message % settings.ADDRESS_QUESTIONS_PER_HOUR, until=until)
