"""Imports official lists of statuses, and decides the conflicts that they raise."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from content import locks, vietnam_time
from content.changes import event_types
from content.documents import change_log
from content.documents.effect import EffectStatus, StatusEventKind, StatusEventScope
from content.documents.models import LegalDocument, StatusEvent
from content.endings import case_services, effect_doubts
from content.endings.models import EndingCase
from content.errors import RuleBroken
from content.locks import Lock
from content.official_statuses import comparison, queries
from content.official_statuses.comparison import Comparison, LineOutcome, StoredEffect
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import OfficialStatus, StatusConflict
from content.people import services as people
from content.people.models import User
from content.relations import policy

BATCH_SIZE = 500  # lines of one transaction
CHANGING = (LineOutcome.NEWS, LineOutcome.SETTLES, LineOutcome.CONFLICT)


@dataclass(frozen=True)
class LineReport:
    """What became of one line."""

    line: StatusLine
    outcome: LineOutcome
    document: LegalDocument | None = None
    compared: Comparison | None = None
    refusal: str = ""  # why what the line says could not be entered


def import_lines(
    lines: Iterable[StatusLine], *, source: str, as_of: datetime.date, apply: bool
) -> Iterator[LineReport]:
    """Compare the lines of a list with what is stored, and enter what is new if `apply`. Yields a report of each line.

    `as_of` is the day for which the list speaks. Batches of lines are transactions, so a run that was interrupted goes
    on where it stopped: a line that is stored already changes nothing. Nobody is notified.
    """
    rest = iter(lines)
    while batch := list(islice(rest, BATCH_SIZE)):
        yield from _apply_batch(batch, source, as_of) if apply else _compare_batch(batch, source, as_of)[0]


def _compare_batch(
    lines: Sequence[StatusLine], source: str, as_of: datetime.date
) -> tuple[list[LineReport], dict[int, StoredEffect]]:
    """The reports of the lines, and what is stored about their documents. Writes nothing."""
    readable = [line for line in lines if not line.problem]
    found = queries.documents_of_lines(readable)
    fitting = {number: documents[0] for number, documents in found.items() if len(documents) == 1}
    stored = queries.stored_effects({each.pk for each in fitting.values()}, source)
    hashes = {line.line: row_hash(line, fitting[line.line], source, as_of) for line in readable if line.line in fitting}
    known = queries.known_hashes(hashes.values())
    reports = []
    for line in lines:
        document = fitting.get(line.line)
        if line.problem:
            reports.append(LineReport(line, LineOutcome.ODD))
        elif document is None:
            outcome = LineOutcome.SEVERAL if found[line.line] else LineOutcome.NO_DOCUMENT
            reports.append(LineReport(line, outcome))
        elif hashes[line.line] in known:
            reports.append(LineReport(line, LineOutcome.KNOWN, document))
        else:
            known.add(hashes[line.line])
            compared = comparison.compare(line, stored[document.pk], source=source, as_of=as_of)
            reports.append(LineReport(line, compared.outcome, document, compared))
    return reports, stored


@transaction.atomic
def _apply_batch(lines: Sequence[StatusLine], source: str, as_of: datetime.date) -> list[LineReport]:
    locks.hold(Lock.ENDINGS)
    reports, stored = _compare_batch(lines, source, as_of)
    changing = [report for report in reports if report.outcome in CHANGING and report.document]
    documents = _lock_documents(changing, stored)
    done, changed = [], set[int]()
    for report in reports:
        if report.document and report.document.pk in changed:  # by an earlier line of the batch
            report = _compare_batch([report.line], source, as_of)[0][0]
        if report.document and report.compared and report.outcome is not LineOutcome.ODD:
            document = documents.get(report.document.pk, report.document)
            official = _store_line(report.line, document, source, as_of)
            changed.add(document.pk)
            if report.outcome in CHANGING:
                report = _enter(report, report.compared, document, official)
        done.append(report)
    return done


def _lock_documents(reports: Sequence[LineReport], stored: dict[int, StoredEffect]) -> dict[int, LegalDocument]:
    """Lock what the batch may change, by key and before the first line of the change log: no deadlock."""
    ids = {report.document.pk for report in reports if report.document}
    acts = {case.act_id for pk in ids for case in stored[pk].cases}
    ids |= acts | effect_doubts.affected_ids(acts)
    rows = LegalDocument.objects.select_for_update(of=("self",), no_key=True).select_related("issuer")
    return {document.pk: document for document in rows.filter(pk__in=ids).order_by("pk")}


def _store_line(line: StatusLine, document: LegalDocument, source: str, as_of: datetime.date) -> OfficialStatus:
    return OfficialStatus.objects.create(
        document=document,
        source=source,
        status=line.status,
        effective_on=line.effective_on,
        expires_on=line.expires_on,
        cause=line.cause,
        as_of=as_of,
        stated_on=vietnam_time.today(),
        row_hash=row_hash(line, document, source, as_of),
    )


def row_hash(line: StatusLine, document: LegalDocument, source: str, as_of: datetime.date) -> str:
    """SHA-256, hex, of what a line says about the document: the same line is stored once."""
    said = (document.pk, source, line.status, line.effective_on, line.expires_on, line.cause, as_of)
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()


def _enter(report: LineReport, compared: Comparison, document: LegalDocument, official: OfficialStatus) -> LineReport:
    """Enter what the line says. What a rule refuses becomes a conflict for people."""
    try:
        with transaction.atomic():
            if compared.outcome is LineOutcome.CONFLICT:
                _raise_conflict(document, official, compared)
                return report
            if compared.outcome is LineOutcome.SETTLES and compared.case and compared.ends_on:
                case_services.settle_by_list(compared.case, on=compared.ends_on, note=_note(official))
            if compared.superseded or compared.new_events:
                _replace_events(document, official, compared.superseded, compared.new_events)
    except RuleBroken as refusal:
        StatusConflict.objects.create(
            document=document, official=official, case=compared.case, **_our_columns(compared), our_words=""
        )
        return LineReport(report.line, LineOutcome.CONFLICT, document, compared, str(refusal.message))
    return report


def _note(official: OfficialStatus) -> str:
    with translation.override("vi"):  # readers of a Vietnamese document read it
        return official.in_words[:300]


def _raise_conflict(document: LegalDocument, official: OfficialStatus, compared: Comparison) -> None:
    """Store the conflict. If the list says that the document runs on, what the machine carried out is undone."""
    case = compared.case
    StatusConflict.objects.create(
        document=document,
        official=official,
        case=case,
        our_words=case.words if case else "",
        **_our_columns(compared),
    )
    if case and compared.ours.status == EffectStatus.EXPIRED and official.status != EffectStatus.EXPIRED:
        case_services.contest(case, note=_note(official))


def _our_columns(compared: Comparison) -> dict[str, str | datetime.date | None]:
    ours = compared.ours
    return {
        "our_status": ours.status or EffectStatus.UNKNOWN,
        "our_effective_on": ours.effective_on,
        "our_expires_on": ours.expires_on,
    }


def _replace_events(
    document: LegalDocument,
    official: OfficialStatus,
    superseded: Sequence[StatusEvent],
    new_events: Iterable[tuple[StatusEventKind, StatusEventScope, datetime.date | None]],
) -> None:
    """Enter the events of a list, in place of others, and record it in the change log. Nobody is notified."""
    StatusEvent.objects.filter(pk__in=[each.pk for each in superseded]).delete()
    entered = []
    for kind, scope, on in new_events:
        facts = {"stated_on": official.as_of, "cause": official.source}
        event, created = document.status_events.get_or_create(kind=kind, scope=scope, on=on, eids=[], defaults=facts)
        entered += [event] if created else []
    document.save(update_fields=["updated_at"])
    facts = change_log.status_event_facts(entered, when="entered")
    change_log.record_change(event_types.STATUS_ENTERED, document, event_types.LEGAL, facts=facts, notify=False)
    people.audit(
        event_types.STATUS_ENTERED,
        document.key,
        reason=_note(official),
        events=facts["events"],
        on=facts["on"],
        taken_back=[str(each) for each in superseded],
    )


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

    «Both» is for an end that begins later than the act was read: `on` is its day. Deciding twice is a no-op. Raises
    RuleBroken: "not_allowed", "reason_required", "no_day", "wrong_status" (no act says so, or an amendment does that
    must be withdrawn first), and what accepting or rejecting the case raises.
    """
    if not policy.may_decide_on_relations(by):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    if not reason.strip():
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    locks.hold(Lock.ENDINGS)
    known = queries.conflicts().get(pk=conflict.pk)
    _lock_for_decision(known)
    conflict = StatusConflict.objects.select_for_update(of=("self",), no_key=True).get(pk=conflict.pk)
    if conflict.state != StatusConflict.State.OPEN:
        return conflict
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


def _lock_for_decision(conflict: StatusConflict) -> None:
    ids = {conflict.document_id}
    if conflict.case:
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
    _replace_events(document, official, wrong, missing)


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
