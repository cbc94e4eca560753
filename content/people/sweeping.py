"""What staff leaves behind and nobody needs: sessions that are over, wrong passwords of long ago."""

import datetime

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

KEPT = datetime.timedelta(days=1)  # of wrong passwords: far longer than a lock-out; the audit keeps what happened


def sweep():
    """Returns how many wrong passwords were forgotten. May run at any time, and twice."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - KEPT).delete()[0]
