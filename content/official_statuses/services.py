"""Imports official lists of statuses, and decides the conflicts that they raise."""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.copies import refuse_copy
from content.documents.effect import EffectStatus, StatusEventKind, StatusEventScope
from content.documents.models import LegalDocument, StatusEvent
from content.endings import case_services, effect_doubts
from content.endings.models import EndingCase
from content.errors import RuleBroken
from content.locks import Lock
from content.official_statuses import comparison, contradictions, entering, queries
from content.official_statuses.comparison import LineOutcome, StoredEffect
from content.official_statuses.entering import CHANGING, LineReport, ListedEvents, StatusList
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import OfficialStatus, StatusConflict
from content.people import services as people
from content.people.models import User
from content.people.text_input import is_blank
from content.relations import policy

BATCH_SIZE = 1_000  # lines of one transaction


def import_lines(
    read: Callable[[], Iterable[StatusLine]], *, source: str, as_of: datetime.date, apply: bool
) -> Iterator[LineReport]:
    """Compare the lines of a list with what is stored, and enter what is new if `apply`. Yields a report of each line.

    `read` begins to read the list; it is called twice: lines that contradict each other about a document are found
    first, so that none of them is entered. `as_of` is the day for which the list speaks. Batches of lines are
    transactions, so a run that was interrupted goes on where it stopped: a line that is stored already changes nothing.
    Nobody is notified.
    """
    status_list = StatusList(source, as_of)
    contradicted = contradictions.contradicted_documents(read(), status_list)
    rest = iter(read())
    while batch := list(islice(rest, BATCH_SIZE)):
        run = _apply_batch if apply else _compare_batch
        yield from run(batch, status_list, contradicted)


def _compare_batch(
    lines: Sequence[StatusLine], status_list: StatusList, contradicted: Mapping[int, Sequence[int]]
) -> list[LineReport]:
    """The reports of the lines. Writes nothing."""
    reports, rounds = _sort_out(lines, status_list, contradicted)
    stored = queries.stored_effects(_ids(*rounds), status_list.source)
    for each in rounds:
        reports |= _by_line(_compare(each, stored, status_list))
    return [reports[line.line] for line in lines]


@transaction.atomic
def _apply_batch(
    lines: Sequence[StatusLine], status_list: StatusList, contradicted: Mapping[int, Sequence[int]]
) -> list[LineReport]:
    locks.hold(Lock.ENDINGS)
    reports, rounds = _sort_out(lines, status_list, contradicted)
    stored = queries.stored_effects(_ids(*rounds), status_list.source)
    expected = [report for each in rounds for report in _compare(each, stored, status_list)]
    may_change = {report.document.pk for report in expected if report.document and report.outcome in CHANGING}
    locked = _lock_documents(may_change | _ids(*rounds[1:]), stored)
    for each in rounds:
        if again := _ids(each) & locked.keys():  # another transaction, or the round before, may have changed them
            stored |= queries.stored_effects(again, status_list.source)
        compared = _compare(each, stored, status_list)
        in_lock = [replace(report, document=locked.get(_id(report), report.document)) for report in compared]
        reports |= _by_line(entering.enter_reports(in_lock, status_list))
    return [reports[line.line] for line in lines]


def _sort_out(
    lines: Sequence[StatusLine], status_list: StatusList, contradicted: Mapping[int, Sequence[int]]
) -> tuple[dict[int, LineReport], list[list[tuple[StatusLine, LegalDocument]]]]:
    """({number of the line: report} of those that need no comparison, rounds of the others with their documents).

    A round has one line of a document at most: the second line is compared with what the first one left.
    """
    found = queries.documents_of_lines([line for line in lines if not line.problem])
    fitting = {number: documents[0] for number, documents in found.items() if len(documents) == 1}
    hashes = {line.line: status_list.row_hash(line, fitting[line.line]) for line in lines if line.line in fitting}
    known = queries.known_hashes(hashes.values())
    reports: dict[int, LineReport] = {}
    rounds: list[list[tuple[StatusLine, LegalDocument]]] = []
    places: Counter[int] = Counter()
    for line in lines:
        document = fitting.get(line.line)
        if line.problem:
            reports[line.line] = LineReport(line, LineOutcome.ODD)
        elif document is None:
            outcome = LineOutcome.SEVERAL if found[line.line] else LineOutcome.NO_DOCUMENT
            reports[line.line] = LineReport(line, outcome)
        elif (others := contradicted.get(document.pk)) and not comparison.contradicts_itself(line, status_list.as_of):
            odd = replace(line, problem=contradictions.problem_of(others))
            reports[line.line] = LineReport(odd, LineOutcome.ODD, document)
        elif hashes[line.line] in known:
            reports[line.line] = LineReport(line, LineOutcome.KNOWN, document)
        else:
            if not comparison.contradicts_itself(line, status_list.as_of):  # else it is not stored
                known.add(hashes[line.line])
            if places[document.pk] == len(rounds):
                rounds.append([])
            rounds[places[document.pk]].append((line, document))
            places[document.pk] += 1
    return reports, rounds


def _compare(
    lines: Iterable[tuple[StatusLine, LegalDocument]], stored: dict[int, StoredEffect], status_list: StatusList
) -> list[LineReport]:
    source, as_of = status_list.source, status_list.as_of
    compared = [
        (line, document, comparison.compare_document(document, line, stored[document.pk], source=source, as_of=as_of))
        for line, document in lines
    ]
    return [LineReport(line, each.outcome, document, each) for line, document, each in compared]


def _ids(*rounds: Iterable[tuple[StatusLine, LegalDocument]]) -> set[int]:
    return {document.pk for each in rounds for _line, document in each}


def _id(report: LineReport) -> int:
    return report.document.pk if report.document else 0


def _by_line(reports: Iterable[LineReport]) -> dict[int, LineReport]:
    return {report.line.line: report for report in reports}


def _lock_documents(ids: Collection[int], stored: dict[int, StoredEffect]) -> dict[int, LegalDocument]:
    """Lock what the batch may change, by key and before the first line of the change log: no deadlock."""
    if not ids:
        return {}
    acts = {case.act_id for pk in ids for case in stored[pk].cases}
    _lock_acts(acts)
    also = acts | effect_doubts.affected_ids(acts) if acts else set()
    rows = LegalDocument.objects.select_for_update(of=("self",), no_key=True).select_related("issuer")
    locked = {document.pk: document for document in rows.filter(pk__in={*ids, *also}).order_by("pk")}
    return {pk: locked[pk] for pk in ids if pk in locked}


# -- after the list -----------------------------------------------------------------------


@transaction.atomic
def compare_again(document: LegalDocument) -> int:
    """Compare the newest lists, one of each source, with what became known later. Returns how many changed something.

    What an act ended and a list says runs on is undone, as when the list comes later. What a list says and an act that
    is withdrawn said too is entered as the list's. A line with a conflict, open or decided, raises no second one.
    """
    locks.hold(Lock.ENDINGS)
    locked = _lock_documents([document.pk], queries.stored_effects([document.pk], ""))
    stored = queries.stored_effects([document.pk], "")[document.pk]
    count = 0
    for official in queries.newest_statements(document):
        line = StatusLine(
            0,
            document.number,
            status=official.status,
            effective_on=official.effective_on,
            expires_on=official.expires_on,
        )
        known = replace(stored, newest_list=official.as_of)
        compared = comparison.compare_document(
            locked[document.pk], line, known, source=official.source, as_of=official.as_of
        )
        if compared.outcome in CHANGING:
            entering.enter_statement(locked[document.pk], official, compared)
            stored = queries.stored_effects([document.pk], "")[document.pk]
            count += 1
    return count


# -- conflicts ----------------------------------------------------------------------------


@transaction.atomic
def decide_conflict(
    conflict: StatusConflict,
    state: StatusConflict.State,
    *,
    by: User,
    reason: str,
    on: datetime.date | None = None,
) -> StatusConflict:
    """Decide which is right: what is stored (`OURS`), the list (`THEIRS`), or both. Returns the StatusConflict.

    Of a copy only `OURS` is possible: its home follows the list, or does not.

    «Both» is for an end that begins later than the act was read: `on` is its day. Deciding twice is a no-op. Raises
    RuleBroken: "not_allowed", "not_ours", "reason_required", "no_day", "wrong_status" (no act says so, or an amendment
    does that must be withdrawn first), and what accepting or rejecting the case raises.
    """
    if not policy.may_decide_on_relations(by):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    if is_blank(reason):
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    locks.hold(Lock.ENDINGS)
    known = queries.conflicts().get(pk=conflict.pk)
    _lock_for_decision(known)
    conflict = StatusConflict.objects.select_for_update(of=("self",), no_key=True).get(pk=conflict.pk)
    if conflict.state != StatusConflict.State.OPEN:
        return conflict
    if state != StatusConflict.State.OURS:
        refuse_copy(conflict.document)
    match state:
        case StatusConflict.State.OURS:
            _keep_ours(conflict, by, reason)
        case StatusConflict.State.THEIRS:
            _follow_list(conflict, by, reason)
        case StatusConflict.State.BOTH:
            _keep_both(conflict, by, reason, on)
        case _:
            raise ValueError(state)
    conflict.state, conflict.reason = state, reason.strip()
    conflict.decided_by, conflict.decided_at = by, timezone.now()
    conflict.save()
    facts = {"decision": state, "list": str(conflict.official), "on": on and str(on)}
    people.audit("conflict.decided", conflict.document.key, by=by, reason=reason, **facts)
    return conflict


def _lock_acts(acts: Collection[int]) -> None:
    """Acts before the documents that they are about, as where an act is withdrawn or applied: no deadlock."""
    list(LegalDocument.objects.select_for_update(no_key=True).filter(pk__in=acts).order_by("pk").values_list("pk"))


def _lock_for_decision(conflict: StatusConflict) -> None:
    ids = {conflict.document_id}
    if conflict.case:
        _lock_acts([conflict.case.act_id])
        ids |= {conflict.case.act_id} | effect_doubts.affected_ids([conflict.case.act_id])
    list(LegalDocument.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _keep_ours(conflict: StatusConflict, by: User, reason: str) -> None:
    case = conflict.case
    if case and case.state == EndingCase.State.CONTESTED:
        case_services.accept(case, by=by, reason=reason)


def _keep_both(conflict: StatusConflict, by: User, reason: str, on: datetime.date | None) -> None:
    case = conflict.case
    if case is None or case.is_decided:
        raise RuleBroken("wrong_status", _("Both can be right only where an act ends the document on a later day."))
    if on is None or on <= conflict.official.as_of:
        raise RuleBroken(
            "no_day", _("Enter the day of the end. It must be later than the day of the list."), field="on"
        )
    case_services.accept(case, by=by, reason=reason, on=on)


def _follow_list(conflict: StatusConflict, by: User, reason: str) -> None:
    """Make what is stored say what the list says, and reject the case that said otherwise."""
    official, document = conflict.official, conflict.document
    if conflict.case and conflict.case.state != EndingCase.State.REJECTED:
        case_services.reject(conflict.case, by=by, reason=reason)
    whole = list(document.status_events.filter(scope=StatusEventScope.WHOLE))
    wrong = [event for event in whole if _contradicts(event, official)]
    if any(event.amendment_id for event in wrong):
        raise RuleBroken(
            "wrong_status", _("An amendment that was applied here says so. Withdraw that amendment first.")
        )
    missing: list[tuple[StatusEventKind, StatusEventScope, datetime.date | None]] = []
    if official.effective_on:
        missing.append((StatusEventKind.TAKES_EFFECT, StatusEventScope.WHOLE, official.effective_on))
    if official.expires_on or official.status == EffectStatus.EXPIRED:
        missing.append((StatusEventKind.EXPIRES, StatusEventScope.WHOLE, official.expires_on))
    elif stated := comparison.EVENT_OF_STATED_STATUS.get(EffectStatus(official.status)):
        missing.append((*stated, None))
    entering.enter_events([ListedEvents(document, official, missing, wrong)])


def _contradicts(event: StatusEvent, official: OfficialStatus) -> bool:
    """Whether the event of the whole document cannot stand beside what the list says."""
    if event.kind == StatusEventKind.TAKES_EFFECT:
        return bool(official.effective_on and event.on != official.effective_on)
    if event.kind == StatusEventKind.EXPIRES:
        if official.expires_on or official.status == EffectStatus.EXPIRED:
            return official.expires_on is not None and event.on != official.expires_on
        return event.on is None or event.on <= official.as_of
    counts_from = event.on or event.stated_on
    runs = official.status in (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED)
    return runs and event.kind != StatusEventKind.RESUMED and counts_from <= official.as_of
