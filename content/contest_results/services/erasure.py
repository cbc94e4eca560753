"""What an erased reader leaves in contests: codes and results, without the reader, province, unit and words."""

from django.db import transaction

from content.contest_results.models import Disqualification, Winner, WinnerIdentity
from content.contests.models import Entry
from content.contests.services import anonymise_entries
from content.people.models import Reader


@transaction.atomic
def erase_contest_data_of(reader: Reader) -> None:
    """Take a reader out of all contests. Call it before the reader is deleted. The ranks stay as they are.

    The worker counts their results again, without province and unit.
    """
    entries = anonymise_entries(reader)
    WinnerIdentity.objects.filter(winner__entry__in=entries).delete()
    Winner.objects.filter(entry__in=entries).update(name="")
    Disqualification.objects.filter(entry__in=entries).update(objection="")
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(needs_recount=True)
