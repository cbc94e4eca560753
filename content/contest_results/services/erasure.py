"""What an erased reader leaves in contests: codes and results, without the reader, province, unit and words."""

from collections.abc import Iterable

from django.db import transaction

from content.contest_results.models import Disqualification, Winner, WinnerIdentity
from content.contest_results.services.winners import record_other_winners
from content.contests.models import Contest, Entry
from content.contests.services import anonymise_entries
from content.people.models import Reader


@transaction.atomic
def erase_contest_data_of(reader: Reader) -> list[Contest]:
    """Take a reader out of all contests. Call it before the reader is deleted. The ranks stay as they are.

    Returns the contests that named the reader as a winner, locked: pass them to `record_erased_winners` at the end of
    the transaction. The worker counts their results again, without province and unit.
    """
    winning = Winner.objects.filter(entry__reader=reader)
    locked = Contest.objects.select_for_update(no_key=True).filter(pk__in=winning.values("contest"))
    contests = list(locked.order_by("pk"))  # before the entries; nobody publishes the name meanwhile
    naming = set(winning.exclude(name="").values_list("contest", flat=True))
    entries = anonymise_entries(reader)
    Winner.objects.filter(entry__in=entries).update(name="")  # locks them: nobody verifies or publishes one meanwhile
    WinnerIdentity.objects.filter(winner__entry__in=entries).delete()
    Disqualification.objects.filter(entry__in=entries).update(objection="")
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(needs_recount=True)
    return [contest for contest in contests if contest.pk in naming]


def record_erased_winners(contests: Iterable[Contest]) -> None:
    """Record that these locked contests no longer name a winner: copies of the former words are to be removed."""
    for contest in contests:
        record_other_winners(contest, removes_words=True)
