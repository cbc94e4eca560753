"""Confirms cases together, and takes a batch back."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.effect_reviews import policy
from content.effect_reviews.models import BatchedDecision, DecisionBatch
from content.effect_reviews.queries import TO_DECIDE, UNDO_HOURS
from content.endings import case_services
from content.endings.doubts import StoredDoubt
from content.endings.models import EndingCase, MachineSwitch, ReadAct
from content.endings.queries import AUTOMATIC_ENDINGS
from content.errors import RuleBroken
from content.people import services as people
from content.people.models import User

MAX_AT_ONCE = 50


@dataclass
class BatchResult:
    """What became of the cases of a batch. A case with an error is as it was before."""

    batch: DecisionBatch
    done: list[EndingCase] = field(default_factory=list)
    refused: list[tuple[EndingCase, str]] = field(default_factory=list)  # (case, why)


def accept_together(cases: Sequence[EndingCase], *, by: User) -> BatchResult:
    """Confirm up to `MAX_AT_ONCE` cases, each in a transaction of its own. Returns a BatchResult.

    What is refused leaves the others. A case that somebody decided meanwhile is refused. Raises RuleBroken:
    "not_allowed" (more than one case needs a publisher), "wrong_status" (too many).
    """
    if not policy.may_decide(by) or (len(cases) > 1 and not policy.may_decide_many(by)):
        raise RuleBroken("not_allowed", _("Only a publisher confirms several at once. Confirm one at a time."))
    if len(cases) > MAX_AT_ONCE:
        raise RuleBroken("wrong_status", _("Confirm at most %d at once.") % MAX_AT_ONCE)
    result = BatchResult(DecisionBatch.objects.create(decided_by=by))
    for case in cases:
        try:
            with transaction.atomic():
                _accept_in(result.batch, case, by)
            result.done.append(case)
        except RuleBroken as refusal:
            result.refused.append((case, str(refusal.message)))
    if not result.done:
        result.batch.delete()
    return result


def _accept_in(batch: DecisionBatch, case: EndingCase, by: User) -> None:
    case_services.hold_cases()
    if not EndingCase.objects.filter(pk=case.pk, state__in=TO_DECIDE).exists():
        raise RuleBroken("wrong_status", _("Somebody decided this meanwhile."))
    case_services.accept(case, by=by)
    BatchedDecision.objects.create(batch=batch, case=case)


def take_back(batch: DecisionBatch, *, by: User) -> BatchResult:
    """Take back what one person confirmed together: each case is open again. Returns a BatchResult.

    Each case is a transaction of its own: what cannot be undone leaves the others, and the batch can be undone
    again. Raises RuleBroken: "not_allowed" (another person's batch needs a publisher), "wrong_status" (too late).
    """
    if not policy.may_decide(by) or (batch.decided_by_id != by.pk and not policy.may_decide_many(by)):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    if timezone.now() - batch.decided_at > datetime.timedelta(hours=UNDO_HOURS):
        raise RuleBroken(
            "wrong_status", _("A batch can be undone for %d hours. Reject its rows one by one.") % UNDO_HOURS
        )
    result = BatchResult(batch)
    for decision in batch.decisions.filter(is_taken_back=False).select_related("case__act").order_by("-pk"):
        try:
            with transaction.atomic():
                case = case_services.reopen(decision.case, by=by, reason=_("batch undone"))
                decision.is_taken_back = True
                decision.save(update_fields=["is_taken_back"])
            if case.state in TO_DECIDE:
                result.done.append(decision.case)
            else:
                result.refused.append((decision.case, _("Somebody decided this meanwhile.")))
        except RuleBroken as refusal:
            result.refused.append((decision.case, str(refusal.message)))
    _close(batch, by, result)
    return result


@transaction.atomic
def _close(batch: DecisionBatch, by: User, result: BatchResult) -> None:
    """Record in the audit what was undone; a batch of which nothing is left is closed."""
    if not batch.decisions.filter(is_taken_back=False).exists() and batch.taken_back_at is None:
        batch.taken_back_at, batch.taken_back_by = timezone.now(), by
        batch.save(update_fields=["taken_back_at", "taken_back_by"])
    if result.done:
        acts = sorted({case.act.key for case in result.done})
        people.audit("ending.batch_taken_back", f"batch:{batch.pk}", by=by, count=len(result.done), acts=acts)


@transaction.atomic
def switch_on(*, by: User) -> None:
    """Let the machine carry out again what is certain, after somebody looked at what was wrong.

    What waited meanwhile is read again with `manage.py read_endings`, or with the next change of its documents. If it
    is on, this is a no-op. Raises RuleBroken("not_allowed") unless `by` is a publisher.
    """
    if not policy.may_decide_many(by):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    is_off = MachineSwitch.objects.select_for_update(no_key=True).filter(name=AUTOMATIC_ENDINGS, is_on=False).first()
    if is_off is None:
        return
    is_off.is_on, is_off.changed_by, is_off.reason = True, by, ""
    is_off.save()
    held_back = EndingCase.objects.filter(state__in=TO_DECIDE, doubts__contains=[StoredDoubt.SWITCHED_OFF])
    ReadAct.objects.filter(act__in=held_back.values("act")).update(reader_version=0)
    people.audit("endings.switched_on", AUTOMATIC_ENDINGS, by=by)
