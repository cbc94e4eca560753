"""What staff leaves behind and nobody needs: sessions that are over, wrong passwords of long ago."""

import datetime

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

ATTEMPTS_KEPT_FOR = datetime.timedelta(
    days=1
)  # of wrong passwords: far longer than a lock-out; the audit keeps what happened


def delete_expired_sessions_and_attempts():
    """Returns how many wrong passwords were forgotten. May run at any time, and twice."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - ATTEMPTS_KEPT_FOR).delete()[0]
