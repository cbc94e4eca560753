"""Delete expired staff sessions and old failed logins."""

import datetime

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

ATTEMPTS_KEPT_FOR = datetime.timedelta(days=1)  # far longer than a lock-out; the audit has every failed login


def delete_expired_sessions_and_attempts() -> int:
    """Returns how many failed logins were deleted. May run at any time, and twice."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - ATTEMPTS_KEPT_FOR).delete()[0]
