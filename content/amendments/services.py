"""Carrying out what an amending act orders, and taking an amendment back. Each is one transaction."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.amendments import amending_relations, queries
from content.amendments.consolidation import APPLICATION_FAILURE_MESSAGES
from content.amendments.instructions import AmendingAction
from content.changes import event_types
from content.documents import change_log, effect, provision_order, provisions
from content.documents.citations import cite_document, eid_in_words
from content.documents.models import Amendment, LegalDocument, Provision, ProvisionVersion, StatusEvent
from content.documents.passages import services as passages
from content.errors import RuleBroken
from content.people import services as people

TEMPORARY_POSITION = 2_000_000_000  # behind every position a document has
FAILURE_MESSAGES = (
    APPLICATION_FAILURE_MESSAGES | queries.PLAN_FAILURE_MESSAGES
)  # why an order cannot be carried out, in words


@transaction.atomic
def apply_amendments(act, instructions, *, on=None, by=None, reason="", notify=True):
    """Carry out these instructions of an act; returns the Amendments, one for each document and day.

    Versions, status events, the lines of the day-book and an audit row for each instruction are written together, or
    none. `on` is the day of instructions that name none; without it the act's own first day. Carried out again, an
    insertion is refused ("cannot_be_applied") and what already reads so makes nothing. Raises RuleBroken:
    "not_public" (act or document is a draft), "cannot_be_applied" (names the orders and why).
    """
    act = LegalDocument.objects.select_for_update().get(pk=act.pk)  # first, as whoever withdraws it
    if not act.is_published:
        raise RuleBroken("not_public", _("Publish the amending act first."))
    first, failures = queries.amendment_plans(act, instructions, on=on)
    ids = sorted({plan.document.pk for plan in first})
    list(LegalDocument.objects.select_for_update().filter(pk__in=ids).order_by("pk"))  # in one order: no deadlock
    plans, failures = queries.amendment_plans(act, instructions, on=on)
    failures = failures + [failure for plan in plans for failure in plan.failures]
    if failures:
        words = "; ".join(
            f"{eid_in_words(each.instruction.eid)}: {FAILURE_MESSAGES[each.code]}" for each in failures[:5]
        )
        raise RuleBroken("cannot_be_applied", _("These orders cannot be carried out: %s.") % words)
    return [made for plan in plans if (made := _apply_plan(plan, by=by, reason=reason, notify=notify))]


@transaction.atomic
def withdraw_amendment(amendment, *, by=None, reason="", notify=True):
    """Take an amendment back that was entered wrongly: text and effect of every day are as if it had never been.

    Units it had added keep their rows, and so their addresses and followers, but say nothing on any day. Withdrawing
    twice is a no-op. Raises RuleBroken("amended_since") where a later amendment builds on it, which it names: withdraw
    that first.
    """
    document = LegalDocument.objects.select_for_update().get(pk=amendment.document_id)
    amendment = Amendment.objects.select_for_update().get(pk=amendment.pk)
    if amendment.withdrawn_at:
        return amendment
    _refuse_if_built_upon(amendment)
    before = _text_hash_on(document, amendment.on)
    amendment.versions_made.all().delete()
    amendment.versions_ended.update(valid_until=None, ended_by=None)
    passages.refresh_passages(document)
    amendment.status_events.all().delete()
    amending_relations.reopen_amending_relations(amendment)
    amendment.withdrawn_at = timezone.now()
    amendment.save(update_fields=["withdrawn_at"])
    document.save(update_fields=["updated_at"])
    facts = {"on": str(amendment.on), "act": act_facts(amendment.act)}
    hashes = {"hash_before": before, "hash_after": _text_hash_on(document, amendment.on)}
    if document.is_published:  # of what was withdrawn itself nobody reads anything
        columns = {"notify": notify, "eids": amendment.eids, **hashes}
        change_log.record_change(
            event_types.AMENDMENT_WITHDRAWN, document, event_types.WITHDRAWAL, facts=facts, **columns
        )
    people.audit(
        event_types.AMENDMENT_WITHDRAWN, document.key, by=by, reason=reason, act=amendment.act.key, on=str(amendment.on)
    )
    return amendment


def withdraw_amendments_by(act, *, by=None, reason="", notify=True):
    """Take back all that an act (its row locked) did to other documents, the last first, in the caller's transaction.

    Returns the Amendments. Each is told as by `withdraw_amendment`. Raises RuleBroken("amended_since") where another
    act's later amendment builds on one of them; then nothing is taken back.
    """
    made = Amendment.objects.filter(act=act, withdrawn_at=None).exclude(document=act)
    ids = set(made.values_list("document", flat=True))
    list(LegalDocument.objects.select_for_update().filter(pk__in=ids).order_by("pk"))  # in one order: no deadlock
    return [
        withdraw_amendment(amendment, by=by, reason=reason, notify=notify)
        for amendment in made.order_by("document", "-on", "-pk")
    ]


def instruction_facts(instruction):
    """An instruction as JSON: for the row of the amendment and for the audit."""
    columns = asdict(instruction)
    return columns | {"on": instruction.on and str(instruction.on), "certainty": instruction.certainty}


def act_facts(act):
    return {"key": act.key, "number": act.number, "title": act.title, "citation": cite_document(act)}


def _refuse_if_built_upon(amendment):
    later = [f"{cite_document(each.act)} ({each.on:%d/%m/%Y})" for each in queries.amendments_built_on(amendment)]
    if later:
        message = _("Later amendments of %(document)s build on this one; withdraw them first: %(later)s.")
        words = {"document": cite_document(amendment.document), "later": "; ".join(later)}
        raise RuleBroken("amended_since", message % words)


def _apply_plan(plan, *, by, reason, notify):
    changed, added, removed = plan.touched
    events = _new_status_events(plan, changed, added, removed)
    if not (changed or added or removed or events):
        return None
    amendment = Amendment.objects.create(
        act=plan.act,
        document=plan.document,
        on=plan.on,
        instructions=[instruction_facts(each) for each in plan.instructions],
        eids=[*changed, *added, *removed] or sorted({eid for event in events for eid in event.eids}),
        applied_by=by,
    )
    before = _text_hash_on(plan.document, plan.on)
    _write_text(plan, amendment, changed, added, removed)
    passages.refresh_passages(plan.document)
    for event in events:
        event.amendment = amendment
        event.save()
    plan.document.save(update_fields=["updated_at"])
    whole = any(event.kind == "expires" and event.scope == "whole" for event in events)
    amending_relations.confirm_amending_relation(amendment, ends_the_whole=whole, by=by, reason=reason)
    _record_change(plan, amendment, before, notify=notify)
    for each in plan.instructions:
        people.audit(event_types.DOCUMENT_AMENDED, plan.document.key, by=by, reason=reason, act=plan.act.key,
                     on=str(plan.on), order=instruction_facts(each))  # fmt: skip
    return amendment


def _record_change(plan, amendment, before, *, notify):
    """The line of the day-book: which units, by which act, from when."""
    events = list(amendment.status_events.all())
    facts = {"act": act_facts(plan.act), **change_log.status_event_facts(events, when="entered"), "on": str(plan.on)}
    columns = {"notify": notify, "eids": amendment.eids}
    if not any(plan.touched):
        change_log.record_change(event_types.STATUS_ENTERED, plan.document, event_types.LEGAL, facts=facts, **columns)
        return
    hashes = {"hash_before": before, "hash_after": _text_hash_on(plan.document, plan.on)}
    change_log.record_change(
        event_types.DOCUMENT_AMENDED, plan.document, event_types.LEGAL, facts=facts, **columns, **hashes
    )


def _text_hash_on(document, day):
    return provisions.text_sha256("".join(stand.text for stand in queries.unit_texts_on(document, day)))


def _new_status_events(plan, changed, added, removed):
    """The status events that follow, unsaved; those that stand already are left out."""
    ordered = {each.eid for each in plan.instructions if each.eid}
    repealed = sorted(eid for eid in removed if _outermost(eid, removed))
    amended = sorted(
        eid for eid in ordered if eid not in repealed and any(_is_at_or_under(each, eid) for each in [*changed, *added])
    )
    wanted = []
    if amended or (removed and not repealed):
        wanted.append((StatusEvent.Kind.AMENDED, StatusEvent.Scope.PART, plan.on, amended))
    if repealed:
        wanted.append((StatusEvent.Kind.EXPIRES, StatusEvent.Scope.PART, plan.on, repealed))
    for each in plan.instructions:
        if each.action is AmendingAction.TAKES_EFFECT and each.eid:
            wanted.append((StatusEvent.Kind.TAKES_EFFECT, StatusEvent.Scope.PART, each.on, [each.eid]))
        elif each.action is AmendingAction.TAKES_EFFECT and not plan.document.status_events.filter(
            kind=StatusEvent.Kind.TAKES_EFFECT, scope=StatusEvent.Scope.WHOLE
        ):
            wanted.append((StatusEvent.Kind.TAKES_EFFECT, StatusEvent.Scope.WHOLE, each.on, []))
        elif each.action is AmendingAction.EXPIRES:
            wanted.append((StatusEvent.Kind.EXPIRES, StatusEvent.Scope.WHOLE, plan.on, []))
    return [
        StatusEvent(document=plan.document, kind=kind, scope=scope, on=on, eids=eids, stated_on=effect.today(),
                    cause=cite_document(plan.act)[:300])
        for kind, scope, on, eids in wanted
        if not plan.document.status_events.filter(kind=kind, scope=scope, on=on, eids=eids).exists()
    ]  # fmt: skip


def _outermost(eid, eids):
    return not any(eid.startswith(f"{other}__") for other in eids)


def _is_at_or_under(eid, above):
    return eid == above or eid.startswith(f"{above}__")


def _write_text(plan, amendment, changed, added, removed):
    """End the versions that no longer hold, begin those that do, and give new units their place."""
    _place_new_units(plan, added)
    ending = ProvisionVersion.objects.filter(
        provision__document=plan.document, provision__eid__in=[*changed, *removed], valid_until=None
    )
    ending.update(valid_until=plan.on, ended_by=amendment)
    after = {stand.eid: stand for stand in plan.after}
    rows = {row.eid: row for row in plan.document.provisions.filter(eid__in=[*changed, *added])}
    ProvisionVersion.objects.bulk_create(
        ProvisionVersion(
            provision=rows[eid],
            heading=after[eid].heading,
            text=after[eid].text,
            text_hash=provisions.text_sha256(after[eid].text),
            valid_from=plan.on,
            made_by=amendment,
        )
        for eid in [*changed, *added]
    )


def _place_new_units(plan, added):
    """Rows for new units, each behind the unit before it; one that says nothing on any day takes its place anew."""
    rows = list(plan.document.provisions.order_by("position"))
    known = {row.eid: row for row in rows}
    speaking = set(ProvisionVersion.objects.filter(provision__in=rows).values_list("provision__eid", flat=True))
    for place, stand in enumerate(plan.after):
        if stand.eid not in added or stand.eid in speaking:
            continue
        row = known.get(stand.eid) or Provision(document=plan.document, eid=stand.eid)
        row.kind, row.number, row.parent = stand.kind, stand.number, known.get(stand.parent)
        if row.pk:
            rows.remove(row)
        previous = known[plan.after[place - 1].eid] if place else None
        rows.insert(provision_order.index_of_row(row, previous, rows), row)
        known[stand.eid] = row
        row.position = TEMPORARY_POSITION - place  # out of the way until all have their places
        row.save()
    provisions.store_positions(rows)
