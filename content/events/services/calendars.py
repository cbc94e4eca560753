"""The secret URL of a reader's own calendar."""

import secrets

from django.db import transaction
from django.utils import timezone

from content.events import queries
from content.events.models import ReaderCalendar
from content.people.models import Reader


@transaction.atomic
def renew_calendar(reader: Reader) -> str:
    """Create the secret of this reader's calendar and return it; it is returned only here. The former one is void."""
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    secret = secrets.token_urlsafe(32)
    columns = {"secret_hash": queries.secret_hash(secret), "made_at": timezone.now()}
    ReaderCalendar.objects.update_or_create(reader=reader, defaults=columns)
    return secret


def delete_calendar(reader: Reader) -> None:
    """Delete the reader's calendar. A no-op without one."""
    ReaderCalendar.objects.filter(reader=reader).delete()
