"""Applies the instructions of an amending act, and withdraws amendments. Each service is one transaction."""

import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import sql, vietnam_time
from content.amendments import amending_relations, queries
from content.amendments.consolidation import InstructionFailure
from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.queries import AmendmentPlan
from content.amendments.reasons import REASON_MESSAGES
from content.changes import event_types
from content.copies import refuse_copy
from content.documents import change_log, provision_order, provision_queries, provisions
from content.documents.citations import cite_document
from content.documents.models import Amendment, LegalDocument, Provision, ProvisionVersion, StatusEvent
from content.documents.units_inside import with_units_inside
from content.errors import RuleBroken
from content.law.eids import eid_in_words
from content.law.named_documents import TargetDocument
from content.mentions import services as mentions
from content.named_documents import act_targets
from content.people import services as people
from content.people.models import User

WHOLE_EFFECTS = {  # what becomes of a whole document
    AmendingAction.EXPIRES: StatusEvent.Kind.EXPIRES,
    AmendingAction.SUSPENDS: StatusEvent.Kind.SUSPENDED,
    AmendingAction.RESUMES: StatusEvent.Kind.RESUMED,
}


@transaction.atomic
def apply_amendments(
    act: LegalDocument,
    instructions: Sequence[AmendingInstruction],
    *,
    on: datetime.date | None = None,
    by: User | None = None,
    reason: str = "",
    notify: bool = True,
) -> list[Amendment]:
    """Apply these instructions of an act. Returns the Amendments, one for each document and day.

    Versions, status events, changes and an audit row for each instruction are written together, or none. `on` is the
    day of instructions that give none; without it, the act's own first day in effect. On a repeat an insertion is
    refused ("cannot_be_applied"), and a text that already reads so gives no Amendment. Raises RuleBroken: "not_public"
    (the act is a draft), "cannot_be_applied" (names the instructions and why).
    """
    act = LegalDocument.objects.select_for_update(no_key=True).get(pk=act.pk)  # locked first, as in withdraw_document
    if not act.is_published:
        raise RuleBroken("not_public", _("The amending act is not public. Publish it first."))
    targets = act_targets.target_documents(act, (each.target for each in instructions))
    ids = {document.pk for document in targets.values() if document}
    list(
        LegalDocument.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    )  # always in this order: no deadlock
    first, failures = queries.amendment_plans(act, instructions, on=on)
    _refuse_failures(failures + [failure for plan in first for failure in plan.failures])
    made: list[Amendment] = []
    for plan in sorted(first, key=lambda plan: plan.on):
        if any(each.document_id == plan.document.pk for each in made):  # its text is another by now
            (plan,), _none = queries.amendment_plans(act, plan.instructions, on=on)
            _refuse_failures(plan.failures)
        amendment = _apply_plan(plan, by=by, reason=reason, notify=notify)
        made += [amendment] if amendment else []
    return made


def _refuse_failures(failures: Sequence[InstructionFailure]) -> None:
    if failures:
        words = "; ".join(
            f"{eid_in_words(each.instruction.eid)}: {REASON_MESSAGES[each.failure]}" for each in failures[:5]
        )
        raise RuleBroken(
            "cannot_be_applied",
            _("These instructions cannot be carried out: %s. Leave them out or correct the text first.") % words,
        )


@transaction.atomic
def end_document(
    act: LegalDocument,
    document: LegalDocument,
    *,
    on: datetime.date,
    source: str,
    by: User | None = None,
    reason: str = "",
    notify: bool = True,
) -> Amendment | None:
    """Record that the act's provision `source` ends the whole document: it is not in force from `on`.

    Returns the Amendment; None if that end is stored already. The relation is confirmed, and withdrawing the amendment
    takes everything back. Raises RuleBroken("not_public") if one of the two is not public.
    """
    days = {AmendingAction.EXPIRES: on}
    return _change_effect(act, document, days, source=source, by=by, reason=reason, notify=notify)


@transaction.atomic
def suspend_document(
    act: LegalDocument,
    document: LegalDocument,
    *,
    on: datetime.date,
    until: datetime.date | None,
    source: str,
    by: User | None = None,
    reason: str = "",
    notify: bool = True,
) -> Amendment | None:
    """Record that the act's provision `source` suspends the whole document from `on`, up to and with `until`.

    It has effect again on the day after `until`; None: until something resumes it. Returns and raises as
    `end_document`.
    """
    days = {AmendingAction.SUSPENDS: on}
    if until is not None:
        days[AmendingAction.RESUMES] = until + datetime.timedelta(days=1)
    return _change_effect(act, document, days, source=source, by=by, reason=reason, notify=notify)


@transaction.atomic
def resume_document(
    act: LegalDocument,
    document: LegalDocument,
    *,
    on: datetime.date,
    source: str,
    by: User | None = None,
    reason: str = "",
    notify: bool = True,
) -> Amendment | None:
    """Record that the suspended document has effect again from `on`. Returns and raises as `end_document`."""
    days = {AmendingAction.RESUMES: on}
    return _change_effect(act, document, days, source=source, by=by, reason=reason, notify=notify)


def _change_effect(
    act: LegalDocument,
    document: LegalDocument,
    days: Mapping[AmendingAction, datetime.date],
    *,
    source: str,
    by: User | None,
    reason: str,
    notify: bool,
) -> Amendment | None:
    act = LegalDocument.objects.select_for_update(no_key=True).get(pk=act.pk)  # locked first, as in withdraw_document
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    if not (act.is_published and document.is_published):
        raise RuleBroken("not_public", _("The amending act is not public. Publish it first."))
    target = TargetDocument(document.number)
    orders = [AmendingInstruction(source, target, action, "", on=on) for action, on in days.items()]
    plan = AmendmentPlan(act, document, min(days.values()), orders, [], [])
    return _apply_plan(plan, by=by, reason=reason, notify=notify)


@transaction.atomic
def withdraw_amendment(
    amendment: Amendment,
    *,
    by: User | None = None,
    reason: str = "",
    notify: bool = True,
    may_be_made_again: bool = False,
) -> Amendment:
    """Withdraw an amendment that was applied by mistake: text and effect of every day are as if it never existed.

    Units it had added keep their rows, and so their addresses and followers, but have no text on any day. Reading the
    act again makes it again only where it `may_be_made_again`: a person did not say that it is wrong. Withdrawing twice
    is a no-op. Raises RuleBroken("amended_since") if a later amendment builds on it; the message names it, and it
    must be withdrawn first.
    """
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=amendment.document_id)
    amendment = Amendment.objects.select_for_update(no_key=True).get(pk=amendment.pk)
    refuse_copy(document)
    if amendment.withdrawn_at:
        return amendment
    _refuse_if_built_upon(amendment)
    before = _text_hash_on(document, amendment.on)
    amendment.versions_made.all().delete()
    amendment.versions_ended.update(valid_until=None, ended_by=None)
    mentions.refresh_texts(document)
    amendment.status_events.all().delete()
    is_reopened = amending_relations.reopen_amending_relations(amendment)
    amendment.withdrawn_at, amendment.is_refused = timezone.now(), not may_be_made_again
    amendment.save(update_fields=["withdrawn_at", "is_refused"])
    document.save(update_fields=["updated_at"])
    facts = {"on": str(amendment.on), "act": act_facts(amendment.act)}
    hashes = {"hash_before": before, "hash_after": _text_hash_on(document, amendment.on)}
    if document.is_published:  # a withdrawn document has no public text
        columns = {"notify": notify, "eids": amendment.eids, **hashes}
        change_log.record_change(
            event_types.AMENDMENT_WITHDRAWN, document, event_types.WITHDRAWAL, facts=facts, **columns
        )
    elif is_reopened and amendment.act.is_published:  # else no line says that the act does not amend it any more
        change_log.record_change(event_types.DOCUMENT_CORRECTED, amendment.act, event_types.EDITORIAL, notify=False)
    people.audit(
        event_types.AMENDMENT_WITHDRAWN, document.key, by=by, reason=reason, act=amendment.act.key, on=str(amendment.on)
    )
    return amendment


def withdraw_amendments_by(
    act: LegalDocument, *, by: User | None = None, reason: str = "", notify: bool = True
) -> list[Amendment]:
    """Withdraw all amendments that an act made to other documents, the last first, in the caller's transaction.

    The caller has locked the act's row. Returns the Amendments. Changes are recorded as by `withdraw_amendment`. Raises
    RuleBroken("amended_since") if another act's later amendment builds on one of them; then nothing is withdrawn.
    """
    made = Amendment.objects.filter(act=act, withdrawn_at=None).exclude(document=act)
    ids = set(made.values_list("document", flat=True))
    list(
        LegalDocument.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    )  # always in this order: no deadlock
    return [
        withdraw_amendment(amendment, by=by, reason=reason, notify=notify, may_be_made_again=True)
        for amendment in made.order_by("document", "-on", "-pk")
    ]


def instruction_facts(instruction: AmendingInstruction) -> dict[str, Any]:
    """An instruction as JSON, for the row of the amendment and for the audit."""
    columns = asdict(instruction)
    return columns | {"on": instruction.on and str(instruction.on), "certainty": instruction.certainty}


def stored_facts(instruction: AmendingInstruction) -> dict[str, Any]:
    """The facts as `Amendment.instructions` gives them back: a tuple is a list there."""
    facts: dict[str, Any] = json.loads(json.dumps(instruction_facts(instruction)))
    return facts


def act_facts(act: LegalDocument) -> dict[str, str]:
    """The act as changes name it."""
    return {"key": act.key, "number": act.number, "title": act.title, "citation": cite_document(act)}


def _refuse_if_built_upon(amendment: Amendment) -> None:
    later = [f"{cite_document(each.act)} ({each.on:%d/%m/%Y})" for each in queries.amendments_built_on(amendment)]
    if later:
        message = _("Later amendments of %(document)s build on this one. Withdraw them first: %(later)s.")
        words = {"document": cite_document(amendment.document), "later": "; ".join(later)}
        raise RuleBroken("amended_since", message % words)


def _apply_plan(plan: AmendmentPlan, *, by: User | None, reason: str, notify: bool) -> Amendment | None:
    refuse_copy(plan.document)
    changes = plan.text_changes
    events = _new_status_events(plan)
    if not (changes.eids or events):
        return None
    amendment = Amendment.objects.create(
        act=plan.act,
        document=plan.document,
        on=plan.on,
        instructions=[instruction_facts(each) for each in plan.instructions],
        eids=changes.eids or sorted({eid for event in events for eid in event.eids}),
        applied_by=by,
    )
    hash_before = ""
    if changes.eids:  # what changes the effect only reads no text: it may be one of thousands
        hash_before = provisions.text_sha256("".join(unit.text for unit in plan.before))
        _write_text(plan, amendment)
        mentions.refresh_texts(plan.document)
    for event in events:
        event.amendment = amendment
        event.save()
    plan.document.save(update_fields=["updated_at"])
    whole = {event.kind for event in events if event.scope == StatusEvent.Scope.WHOLE}
    amending_relations.confirm_amending_relation(amendment, whole, by=by, reason=reason)
    _record_change(plan, amendment, hash_before, notify=notify)
    for each in plan.instructions:
        people.audit(event_types.DOCUMENT_AMENDED, plan.document.key, by=by, reason=reason, act=plan.act.key,
                     on=str(plan.on), instruction=instruction_facts(each))  # fmt: skip
    return amendment


def _record_change(plan: AmendmentPlan, amendment: Amendment, hash_before: str, *, notify: bool) -> None:
    """Record which units were changed, by which act and from when."""
    events = list(amendment.status_events.all())
    facts = {"act": act_facts(plan.act), **change_log.status_event_facts(events, when="entered"), "on": str(plan.on)}
    columns = {"notify": notify, "eids": amendment.eids}
    if not plan.text_changes.eids:
        change_log.record_change(event_types.STATUS_ENTERED, plan.document, event_types.LEGAL, facts=facts, **columns)
        return
    facts["units"] = queries.units_by_change(plan)
    hashes = {"hash_before": hash_before, "hash_after": _text_hash_on(plan.document, plan.on)}
    change_log.record_change(
        event_types.DOCUMENT_AMENDED, plan.document, event_types.LEGAL, facts=facts, **columns, **hashes
    )


def _text_hash_on(document: LegalDocument, day: datetime.date) -> str:
    return provisions.text_sha256("".join(unit.text for unit in provision_queries.unit_texts_on(document, day)))


def _new_status_events(plan: AmendmentPlan) -> list[StatusEvent]:
    """The status events that follow from the plan, unsaved, without those that are stored already."""
    changes = plan.text_changes
    named = {each.eid for each in plan.instructions if each.eid}
    repealed = sorted(eid for eid in changes.removed if _outermost(eid, changes.removed))
    rewritten = [*changes.changed, *changes.added]
    amended = sorted(
        eid for eid in named if eid not in repealed and any(_is_at_or_under(each, eid) for each in rewritten)
    )
    part, whole = StatusEvent.Scope.PART, StatusEvent.Scope.WHOLE
    takes_effect, expires = StatusEvent.Kind.TAKES_EFFECT, StatusEvent.Kind.EXPIRES
    events = []
    if amended or (changes.removed and not repealed):
        events.append(StatusEvent(kind=StatusEvent.Kind.AMENDED, scope=part, on=plan.on, eids=amended))
    if repealed:
        events.append(StatusEvent(kind=expires, scope=part, on=plan.on, eids=repealed))
    stored = plan.document.status_events
    for each in plan.instructions:
        if each.action is AmendingAction.TAKES_EFFECT and each.eid:
            events.append(
                StatusEvent(
                    kind=takes_effect, scope=part, on=each.on, eids=with_units_inside(plan.document.pk, [each.eid])
                )
            )
        elif each.action is AmendingAction.TAKES_EFFECT and not stored.filter(kind=takes_effect, scope=whole):
            events.append(StatusEvent(kind=takes_effect, scope=whole, on=each.on, eids=[]))
        elif each.action in WHOLE_EFFECTS:
            events.append(StatusEvent(kind=WHOLE_EFFECTS[each.action], scope=whole, on=each.on or plan.on, eids=[]))
    new = [
        each
        for each in events
        if not stored.filter(kind=each.kind, scope=each.scope, on=each.on, eids=each.eids).exists()
    ]
    for event in new:
        event.document, event.stated_on = plan.document, vietnam_time.today()
        event.cause = cite_document(plan.act)[:300]
    return new


def _outermost(eid: str, eids: Collection[str]) -> bool:
    return not any(eid.startswith(f"{other}__") for other in eids)


def _is_at_or_under(eid: str, above: str) -> bool:
    return eid == above or eid.startswith(f"{above}__")


def _write_text(plan: AmendmentPlan, amendment: Amendment) -> None:
    """End the versions that no longer apply, start the new ones, and give new units their place."""
    changes = plan.text_changes
    _place_new_units(plan, changes.added)
    ending = ProvisionVersion.objects.filter(
        provision__document=plan.document, provision__eid__in=[*changes.changed, *changes.removed], valid_until=None
    )
    ending.update(valid_until=plan.on, ended_by=amendment)
    after = {unit.eid: unit for unit in plan.after}
    rows = {row.eid: row for row in plan.document.provisions.filter(eid__in=[*changes.changed, *changes.added])}
    ProvisionVersion.objects.bulk_create(
        ProvisionVersion(
            provision=rows[eid],
            heading=after[eid].heading,
            text=after[eid].text,
            text_hash=provisions.text_sha256(after[eid].text),
            valid_from=plan.on,
            made_by=amendment,
        )
        for eid in [*changes.changed, *changes.added]
    )


def _place_new_units(plan: AmendmentPlan, added: Collection[str]) -> None:
    """Write rows for new units, each after the unit before it. A row without text on any day gets its place anew."""
    if not added:
        return
    rows = list(plan.document.provisions.order_by("position"))
    known = {row.eid: row for row in rows}
    again = plan.document.provisions.filter(eid__in=added, versions__isnull=False)
    with_text = set(again.values_list("eid", flat=True))
    placed = [(at, unit) for at, unit in enumerate(plan.after) if unit.eid in added and unit.eid not in with_text]
    new = {unit.eid: Provision(document=plan.document, eid=unit.eid) for _, unit in placed if unit.eid not in known}
    sql.give_keys(list(new.values()))
    former: list[Provision] = []
    for place, unit in placed:
        row = new.get(unit.eid) or known[unit.eid]
        row.kind, row.number = unit.kind, unit.number
        row.parent = known.get(unit.parent) if unit.parent else None
        if unit.eid in known:
            rows.remove(row)
            former.append(row)
        previous = known[plan.after[place - 1].eid] if place else None
        rows.insert(provision_order.index_of_row(row, previous, rows), row)
        known[unit.eid] = row
    for position, row in enumerate(rows):
        if row.eid in new:
            row.position = position
    sql.copy_rows(list(new.values()))
    Provision.objects.bulk_update(former, ["kind", "number", "parent"])
    provisions.store_positions(rows)
