"""What a person or an official list decides about a case.

Each verb is one transaction. Decisions are made one after another (`Lock.ENDINGS`).
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.amendments import services as amendments
from content.documents.effect import EffectStatus, effect_on
from content.documents.models import LegalDocument
from content.endings import decisions
from content.endings.acts import is_text_read
from content.endings.doubts import StoredDoubt
from content.endings.effect_doubts import (
    doubts_raised_by,
    lock_affected,
    raise_doubts,
    record_doubt_changes,
    settle_doubts,
)
from content.endings.ending_cases import carry_out_ending, mark_carried_out
from content.endings.models import EndingCase
from content.errors import RuleBroken
from content.locks import Lock
from content.people import services as people
from content.people.models import User
from content.relations import policy


@transaction.atomic
def accept(case: EndingCase, *, by: User, reason: str = "", on: datetime.date | None = None) -> EndingCase:
    """Carry out an open case as a person decided; `on` corrects its day. Returns the EndingCase.

    Accepting twice is a no-op. Raises RuleBroken: "not_allowed", "wrong_status" (a part, an amendment, or waiting; the
    document is said to have effect again and is not suspended), "no_day", "changed_meanwhile" (the act was corrected
    and not read again yet).
    """
    case = _lock_case(case, by)
    if case.state == EndingCase.State.CARRIED_OUT:
        return case
    if not is_text_read(case.act):
        raise RuleBroken("changed_meanwhile", _("The document changed while you were reading. Read it again."))
    if case.kind == EndingCase.Kind.AMENDS or case.scope != EndingCase.Scope.WHOLE or case.target is None:
        raise RuleBroken("wrong_status", _("Only what becomes of a whole, stored document can be confirmed here."))
    case.on = on or case.on
    if case.on is None:
        raise RuleBroken("no_day", _("Enter the day from which this counts."), field="on")
    if case.until is not None and case.until < case.on:
        raise RuleBroken(
            "no_day", _("The suspension would begin after its last day. Enter an earlier day."), field="on"
        )
    if case.kind == EndingCase.Kind.RESUMES and not _is_suspended_before(case.target, case.on):
        message = _("The document is not suspended on that day. Withdraw the amendment that ended it, or reject this.")
        raise RuleBroken("wrong_status", message)
    carry_out_ending(case, notify=True, by=by, reason=reason)
    if case.state == EndingCase.State.READ:
        mark_carried_out(case, None, by)
        case.save()
    settle_doubts(case)
    people.audit("ending.accepted", case.target.key, by=by, reason=reason, act=case.act.key, on=str(case.on))
    return case


@transaction.atomic
def reject(case: EndingCase, *, by: User, reason: str) -> EndingCase:
    """Decide that the act does not say so: the document is shown as before. Returns the EndingCase.

    What the machine carried out is withdrawn. Rejecting twice is a no-op. Raises RuleBroken("not_allowed").
    """
    case = _lock_case(case, by)
    if case.state == EndingCase.State.REJECTED:
        return case
    was_automatic = case.state == EndingCase.State.CARRIED_OUT and case.decided_by_id is None and not case.official_note
    was_carried_out = case.state == EndingCase.State.CARRIED_OUT  # an open case is about what was not carried out
    if was_carried_out and case.amendment and not case.amendment.withdrawn_at:
        amendments.withdraw_amendment(case.amendment, by=by, reason=reason)
    case.state, case.decided_by, case.decided_at = EndingCase.State.REJECTED, by, timezone.now()
    case.found_right = False if was_automatic else case.found_right
    case.save()
    settle_doubts(case)
    people.audit("ending.rejected", case.act.key, by=by, reason=reason, target=case.target_text)
    if was_automatic:
        decisions.switch_off_if_often_wrong()
    return case


@transaction.atomic
def confirm_sample(case: EndingCase, *, by: User) -> EndingCase:
    """Record that a person looked at what the machine carried out and found it right. Returns the EndingCase.

    A case that somebody rejected meanwhile stays as it is.
    """
    case = _lock_case(case, by)
    if case.state != EndingCase.State.CARRIED_OUT:
        return case
    case.found_right = True
    case.save(update_fields=["found_right"])
    people.audit("ending.found_right", case.act.key, by=by, target=case.target_text)
    return case


@transaction.atomic
def reopen(case: EndingCase, *, by: User, reason: str) -> EndingCase:
    """Take back that a person confirmed the case: it is open again, and doubtful as before. Returns the EndingCase.

    Reopening an open case is a no-op. Raises RuleBroken: "not_allowed", "amended_since".
    """
    case = _lock_case(case, by)
    if case.state != EndingCase.State.CARRIED_OUT:
        return case
    _take_back(case, by=by, reason=reason, state=EndingCase.State.OPEN)
    people.audit("ending.reopened", case.act.key, by=by, reason=reason, target=case.target_text)
    return case


@transaction.atomic
def contest(case: EndingCase, *, note: str) -> EndingCase:
    """Take back what the machine carried out, because an official list says otherwise. Returns the EndingCase.

    The document is `unknown` until a person accepts or rejects the case. `note` says what the list states. Contesting
    twice, or a case that a person decided, is a no-op. Raises RuleBroken("amended_since").
    """
    case = _lock_case(case, None)
    if case.state != EndingCase.State.CARRIED_OUT or case.decided_by_id is not None:
        return case
    case.official_note, case.doubts = note, list(dict.fromkeys([*case.doubts, StoredDoubt.OFFICIAL]))
    _take_back(case, by=None, reason=note, state=EndingCase.State.CONTESTED)
    people.audit("ending.contested", case.act.key, reason=note, target=case.target_text)
    return case


@transaction.atomic
def settle_by_list(case: EndingCase, *, on: datetime.date, note: str) -> EndingCase:
    """Carry out an open case because an official list says that the document ended. Returns the EndingCase.

    Nobody is notified. `note` says what the list states. A decided case, and one of a part, are left as they are.
    """
    case = _lock_case(case, None)
    is_open = case.state in (EndingCase.State.OPEN, EndingCase.State.CONTESTED, EndingCase.State.WAITING)
    is_whole_end = case.kind == EndingCase.Kind.ENDS and case.scope == EndingCase.Scope.WHOLE
    if not (is_open and is_whole_end and case.target):
        return case
    case.on, case.official_note = on, note
    carry_out_ending(case, notify=False, reason=note)
    if case.state == EndingCase.State.READ:
        mark_carried_out(case, None, None)
    case.is_sample = False  # a list decided, not the machine
    case.save()
    settle_doubts(case)
    people.audit("ending.settled_by_list", case.target.key, reason=note, act=case.act.key, on=str(on))
    return case


@transaction.atomic
def record_withdrawn_amendments(document: LegalDocument) -> int:
    """Reject the cases whose amendment a person withdrew, those with orders left too. Returns how many.

    Where an act amended the document on several days and one of these amendments remains, the case remains decided; the
    machine was wrong all the same. What the machine takes back itself is no longer the amendment of a case. The caller
    holds `Lock.ENDINGS`.
    """
    LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)  # before its cases, as everywhere
    withdrawn = EndingCase.objects.filter(target=document, amendment__withdrawn_at__isnull=False)
    cases = withdrawn.select_for_update(of=("self",), no_key=True).exclude(state=EndingCase.State.REJECTED)
    count = wrong = 0
    for case in cases:
        automatic = case.decided_by_id is None
        case.state, case.found_right = EndingCase.State.REJECTED, False if automatic else case.found_right
        case.decided_at = case.decided_at or timezone.now()
        case.save()
        settle_doubts(case)
        count, wrong = count + 1, wrong + automatic
    refused = document.amendments.filter(is_refused=True, applied_by=None)
    partly = EndingCase.objects.filter(target=document, kind=EndingCase.Kind.AMENDS, act__in=refused.values("act"))
    partly = partly.filter(state=EndingCase.State.CARRIED_OUT, decided_by=None).exclude(found_right=False)
    if wrong + partly.update(found_right=False):
        decisions.switch_off_if_often_wrong()
    return count


def _is_suspended_before(document: LegalDocument, on: datetime.date) -> bool:
    """Whether the document, or a part of it, is suspended on the day before `on`. One that ended does not come back."""
    before = effect_on(document.status_events.all(), on - datetime.timedelta(days=1))
    return before.status in (EffectStatus.SUSPENDED, EffectStatus.PARTLY_SUSPENDED)


def hold_cases() -> None:
    """Hold the lock under which cases are decided, until the caller's transaction ends."""
    locks.hold(Lock.ENDINGS)


def _lock_case(case: EndingCase, by: User | None) -> EndingCase:
    """Lock the case and the documents it is about. `by` None: an official list decides."""
    if by is not None and not policy.may_decide_on_relations(by):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    locks.hold(Lock.ENDINGS)
    case = EndingCase.objects.select_related("act", "target", "amendment").get(pk=case.pk)
    act = LegalDocument.objects.select_for_update(no_key=True).get(pk=case.act_id)
    lock_affected(act, [case.target] if case.target else [])
    return (
        EndingCase.objects.select_for_update(of=("self",), no_key=True)
        .select_related("act", "target", "amendment")
        .get(pk=case.pk)
    )


def _take_back(case: EndingCase, *, by: User | None, reason: str, state: EndingCase.State) -> None:
    """Withdraw the amendment of the case, which gets `state` and makes its document doubtful again."""
    before, amendment = doubts_raised_by(case.act), case.amendment
    case.state, case.amendment = state, None
    case.decided_by = case.decided_at = None
    case.is_sample = False
    case.save()
    if amendment and not amendment.withdrawn_at:
        amendments.withdraw_amendment(amendment, by=by, reason=reason, notify=False, may_be_made_again=True)
    raise_doubts(case, [case.target] if case.target else [])
    record_doubt_changes(case.act, before)
