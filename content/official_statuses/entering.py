"""Enters what the lines of official lists say: their rows, new events, and conflicts with what is stored.

Lines that change nothing but their own row, and those with new events, cost a few statements however many they are. A
line that settles or contests what an act says is entered alone.
"""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone, translation

from content import vietnam_time
from content.changes import event_types
from content.documents import change_log
from content.documents.effect import EffectStatus, StatusEventKind, StatusEventScope
from content.documents.models import LegalDocument, StatusEvent
from content.endings import case_services
from content.errors import RuleBroken
from content.official_statuses.comparison import Comparison, LineOutcome
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import OfficialStatus, StatusConflict
from content.people import services as people
from content.people.models import AuditRow

CHANGING = (LineOutcome.NEWS, LineOutcome.SETTLES, LineOutcome.CONFLICT)


@dataclass(frozen=True)
class StatusList:
    """Whose list it is, and the day for which it speaks."""

    source: str
    as_of: datetime.date

    def row_hash(self, line: StatusLine, document: LegalDocument) -> str:
        """SHA-256, hex, of what a line says about the document: the same line is stored once."""
        said = (document.pk, self.source, line.status, line.effective_on, line.expires_on, line.cause, self.as_of)
        return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()


@dataclass(frozen=True)
class LineReport:
    """What became of one line."""

    line: StatusLine
    outcome: LineOutcome
    document: LegalDocument | None = None
    compared: Comparison | None = None
    refusal: str = ""  # why what the line says could not be entered


@dataclass(frozen=True)
class ListedEvents:
    """Events that a line of a list gives a document, in place of others."""

    document: LegalDocument  # with its issuer
    official: OfficialStatus
    events: Sequence[tuple[StatusEventKind, StatusEventScope, datetime.date | None]]
    superseded: Sequence[StatusEvent] = field(default_factory=list)


def enter_reports(reports: Sequence[LineReport], status_list: StatusList) -> list[LineReport]:
    """Store the lines and enter what they say; each is about another document, and the caller has locked those.

    Returns the reports: what a rule refuses becomes a conflict. A line that contradicts itself is not stored.
    """
    rows = _store_lines(reports, status_list)
    news, conflicts, entered = [], [], []
    for report in reports:
        compared, document, official = report.compared, report.document, rows.get(report.line.line)
        if compared is None or document is None or official is None:
            entered.append(report)
            continue
        if compared.outcome is LineOutcome.NEWS:
            news.append(ListedEvents(document, official, compared.new_events, compared.superseded))
        elif compared.outcome is LineOutcome.SETTLES:
            report = _settle(report, compared, document, official)
        elif _contests(compared, official):
            report = replace(report, refusal=enter_conflict(document, official, compared))
        elif compared.outcome is LineOutcome.CONFLICT:
            conflicts.append(_conflict(document, official, compared))
        entered.append(report)
    enter_events(news)
    StatusConflict.objects.bulk_create(conflicts)
    return entered


def _store_lines(reports: Sequence[LineReport], status_list: StatusList) -> dict[int, OfficialStatus]:
    """{number of the line: its row}."""
    today = vietnam_time.today()
    rows = {
        report.line.line: OfficialStatus(
            document=report.document,
            source=status_list.source,
            status=report.line.status,
            effective_on=report.line.effective_on,
            expires_on=report.line.expires_on,
            cause=report.line.cause,
            as_of=status_list.as_of,
            stated_on=today,
            row_hash=status_list.row_hash(report.line, report.document),
        )
        for report in reports
        if report.document and report.compared and report.outcome is not LineOutcome.ODD
    }
    OfficialStatus.objects.bulk_create(rows.values())
    return rows


def _settle(report: LineReport, compared: Comparison, document: LegalDocument, official: OfficialStatus) -> LineReport:
    refusal = _settle_or_refuse(compared, document, official)
    return replace(report, outcome=LineOutcome.CONFLICT, refusal=refusal) if refusal else report


def _settle_or_refuse(compared: Comparison, document: LegalDocument, official: OfficialStatus) -> str:
    """Decide the open case as the list says. What a rule refuses becomes a conflict for people; returns why."""
    try:
        with transaction.atomic():
            if compared.case and compared.ends_on:
                case_services.settle_by_list(compared.case, on=compared.ends_on, note=_note(official))
            if compared.superseded or compared.new_events:
                enter_events([ListedEvents(document, official, compared.new_events, compared.superseded)])
    except RuleBroken as refusal:
        _conflict(document, official, compared).save()
        return str(refusal.message)
    return ""


def enter_statement(document: LegalDocument, official: OfficialStatus, compared: Comparison) -> None:
    """Enter what a line says that is stored already and was compared again; the caller has locked the document."""
    if compared.outcome is LineOutcome.CONFLICT:
        enter_conflict(document, official, compared)
    elif compared.outcome is LineOutcome.SETTLES:
        _settle_or_refuse(compared, document, official)
    else:
        enter_events([ListedEvents(document, official, compared.new_events, compared.superseded)])


def enter_conflict(document: LegalDocument, official: OfficialStatus, compared: Comparison) -> str:
    """Store the conflict. If the list says that the document runs on, what the machine carried out is undone.

    Returns why that cannot be undone, "" where it was or need not be.
    """
    _conflict(document, official, compared).save()
    if compared.case and _contests(compared, official):
        try:
            with transaction.atomic():
                case_services.contest(compared.case, note=_note(official))
        except RuleBroken as refusal:
            return str(refusal.message)
    return ""


def _contests(compared: Comparison, official: OfficialStatus) -> bool:
    """Whether the list says that a document runs on which an act ended."""
    is_ended = compared.ours.status == EffectStatus.EXPIRED and official.status != EffectStatus.EXPIRED
    return compared.outcome is LineOutcome.CONFLICT and compared.case is not None and is_ended


def _conflict(document: LegalDocument, official: OfficialStatus, compared: Comparison) -> StatusConflict:
    ours, case = compared.ours, compared.case
    return StatusConflict(
        document=document,
        official=official,
        case=case,
        our_words=case.words if case and compared.outcome is LineOutcome.CONFLICT else "",
        our_status=ours.status or EffectStatus.UNKNOWN,
        our_effective_on=ours.effective_on,
        our_expires_on=ours.expires_on,
    )


def _note(official: OfficialStatus) -> str:
    with translation.override("vi"):  # readers of a Vietnamese document read it
        return official.in_words[:300]


def enter_events(listed: Sequence[ListedEvents]) -> None:
    """Enter the events of lists, in place of others, and record them in the change log. Nobody is notified.

    Each is about another document, and the caller has locked those. An event that is stored already is left as it is.
    """
    ids = [each.document.pk for each in listed]
    if superseded := [event.pk for each in listed for event in each.superseded]:
        StatusEvent.objects.filter(pk__in=superseded).delete()
    stored = set(StatusEvent.objects.filter(document__in=ids, eids=[]).values_list("document", "kind", "scope", "on"))
    new: list[list[StatusEvent]] = [
        [
            StatusEvent(
                document=each.document,
                kind=kind,
                scope=scope,
                on=on,
                stated_on=each.official.as_of,
                cause=each.official.source,
            )
            for kind, scope, on in each.events
            if (each.document.pk, kind, scope, on) not in stored
        ]
        for each in listed
    ]
    StatusEvent.objects.bulk_create(event for events in new for event in events)
    for day in {each.official.as_of for each in listed}:
        stated = [each.document.pk for each in listed if each.official.as_of == day]
        LegalDocument.objects.filter(pk__in=stated).update(effect_stated_on=day, updated_at=timezone.now())
    facts = [change_log.status_event_facts(events, when="entered") for events in new]
    documents = [each.document for each in listed]
    change_log.record_changes(event_types.STATUS_ENTERED, documents, event_types.LEGAL, facts=facts, notify=False)
    people.audit_all(
        AuditRow(
            action=event_types.STATUS_ENTERED,
            subject=each.document.key,
            reason=_note(each.official),
            facts={
                "events": said["events"],
                "on": said["on"],
                "taken_back": [str(event) for event in each.superseded],
            },
        )
        for each, said in zip(listed, facts, strict=True)
    )
