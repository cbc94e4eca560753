"""What an erased reader leaves in contests: codes and results, without the reader, province, unit and words."""

from collections.abc import Iterable

from django.db import transaction

from content.contest_papers import scoring
from content.contest_results.models import Disqualification, Winner, WinnerIdentity
from content.contest_results.services.winners import record_other_winners
from content.contests import papers
from content.contests.models import Attempt, Contest, Entry
from content.contests.services import anonymise_entries
from content.contests.services.attempts import MAX_SEQ
from content.people.models import Reader
from content.question_banks.models import QuizKind


@transaction.atomic
def erase_contest_data_of(reader: Reader) -> list[Contest]:
    """Take a reader out of all contests. Call it before the reader is deleted. The ranks stay as they are.

    What they typed into answers is erased, and what was written of them where they were disqualified; the audit keeps
    the reasons of staff.

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
    Disqualification.objects.filter(entry__in=entries).update(objection="", reason="", decision="")
    _erase_typed_answers(entries)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(needs_recount=True)
    return [contest for contest in contests if contest.pk in naming]


@transaction.atomic
def erase_words_left_behind(limit: int = 500) -> int:
    """Erase what people typed who were erased before their words were too (0.1.0). Returns in how many entries.

    At most `limit` at once; a repeat goes on, and in the end finds none.
    """
    left = Attempt.objects.filter(entry__reader=None, saved_seq__lt=MAX_SEQ).exclude(answers={})
    entries = Entry.objects.select_for_update(no_key=True, skip_locked=True)
    _erase_typed_answers(found := list(entries.filter(pk__in=left.values("entry")).order_by("pk")[:limit]))
    written = Disqualification.objects.filter(entry__reader=None).exclude(objection="", reason="", decision="")
    written.update(objection="", reason="", decision="")
    return len(found)


def record_erased_winners(contests: Iterable[Contest]) -> None:
    """Record that these locked contests no longer name a winner: copies of the former words are to be removed."""
    for contest in contests:
        record_other_winners(contest, removes_words=True)


def _erase_typed_answers(entries: Iterable[Entry]) -> None:
    """Erase the texts that contestants filled in. The entries are locked and have no reader any more.

    Open attempts without answers count too: what a phone saves first may be under way.
    """
    attempts = Attempt.objects.select_related("entry", "round__contest").filter(entry__in=entries)
    may_be_written = attempts.exclude(answers={}, submitted_at__isnull=False)
    for attempt in may_be_written.select_for_update(no_key=True, of=("self",)):
        attempt.answers = _without_typed_answers(attempt)
        attempt.saved_seq = MAX_SEQ  # what a phone is sending now is not stored after this, and the words are erased
        attempt.save(update_fields=["answers", "saved_seq"])


def _without_typed_answers(attempt: Attempt) -> dict[str, str]:
    """The answers without texts: a right one becomes what the question accepts, so that counting it again finds it."""
    frozen, kept = papers.frozen_round(attempt.round), dict(attempt.answers)
    for number, each in enumerate(papers.paper_of(attempt), 1):
        question = frozen.questions[each.position]
        if question.kind != QuizKind.FILL_IN:
            continue
        typed = kept.pop(str(number), "")
        if scoring.is_right(each, frozen.answerables[each.position], typed):
            kept[str(number)] = question.accepted[0]
    return kept
