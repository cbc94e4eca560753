"""Enter, publish, correct and withdraw plans. Nobody is notified about them."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.changes import event_types
from content.changes import services as changes
from content.copies import refuse_copy
from content.errors import RuleBroken
from content.law import official_numbers
from content.locks import Lock
from content.people import services as people
from content.people.models import User
from content.people.text_input import require_reason
from content.plans import policy
from content.plans.models import Plan, PlanFile
from content.plans.services import plan_rules as rules
from content.plans.services.forms import FileBytes, PlanForm, Unsaid
from content.text.removed_words import removes_words
from content.text.vietnamese import nfc, slug

Facts = dict[str, Any]
KEPT_FOR = datetime.timedelta(days=1)  # a file whose plan is not entered yet


@transaction.atomic
def write_plan(form: PlanForm, *, plan: Plan | None = None, by: User | None = None) -> Plan:
    """Enter a plan as a draft, or replace a draft. Returns it. The same once more returns the one that is there.

    Who changes a draft is its writer from then on: somebody else publishes it.

    Raises RuleBroken: "title_required", "blank", "too_long" and "invalid_character" for the title, "period_reversed",
    "adopted_before_programme", "file_not_usable", "wrong_status" for one that is public, "already_exists",
    "replaces_itself", "replaces_unrelated", "not_public" for a plan to replace that readers cannot see.
    """
    policy.require(by is None or policy.may_write(by))
    rules.refuse_unusable_plan(form)
    _hold_identity(form)
    same = _same_plan(form)
    if same and (plan is None or plan.pk != same.pk):
        if plan is None and _columns(form).items() <= vars_of(same).items():
            return same
        raise RuleBroken("already_exists", _("This plan already exists: %s.") % same.key, field="number")
    if plan is not None:
        plan = _locked(plan)
        refuse_copy(plan)
        if plan.status != Plan.Status.DRAFT:
            raise RuleBroken("wrong_status", _("The plan is public. Correct it instead."))
    rules.refuse_wrong_replaced_plan(plan, form)
    stored = plan or Plan(key=_unused_key(form))
    stored.written_by = by or stored.written_by
    _set(stored, form)
    stored.save()
    people.audit("plan.drafted", stored.key, by=by)
    return stored


@transaction.atomic
def keep_file(file: FileBytes, *, by: User | None = None) -> PlanFile:
    """Keep a file whose plan is entered next. The same bytes are stored once. Returns its row.

    Raises RuleBroken: "not_allowed", "file_not_usable". `delete_unused_files` deletes it if no plan takes it.
    """
    policy.require(by is None or policy.may_write(by))
    rules.refuse_unusable_file(file)
    return _stored_file(file)


def delete_unused_files(now: datetime.datetime | None = None) -> int:
    """Delete the files that no plan took within a day. Returns how many."""
    before = (now or timezone.now()) - KEPT_FOR
    return PlanFile.objects.filter(plans=None, kept_at__lt=before).delete()[0]


@transaction.atomic
def publish_plan(plan: Plan, *, seen: datetime.datetime | None = None, by: User | None = None) -> Plan:
    """Make a plan public. Somebody else than who wrote it last does it. Twice is a no-op. Returns the plan.

    `seen`: `updated_at` of the draft that the person read. Raises RuleBroken: "not_allowed", "second_person_required",
    "wrong_status", "changed_meanwhile", "file_required", "not_public" for a document that readers cannot see.
    """
    plan = _locked(plan)
    refuse_copy(plan)
    if plan.status == Plan.Status.PUBLISHED:
        return plan
    policy.require(by is None or policy.may_publish(by))
    if plan.status != Plan.Status.DRAFT:
        raise RuleBroken("wrong_status", _("The plan was withdrawn. Enter it again."))
    if by and plan.written_by_id == by.pk:
        raise RuleBroken("second_person_required", _("You entered this plan. Somebody else must publish it."))
    if seen and seen != plan.updated_at:
        raise RuleBroken("changed_meanwhile", _("This changed while you were reading. Read it again."))
    rules.refuse_unreadable_plan(plan)
    plan.status, plan.published_by, plan.published_at = Plan.Status.PUBLISHED, by, timezone.now()
    plan.save()
    _record(event_types.PLAN_ADOPTED, plan, event_types.EDITORIAL, by=by)
    return plan


@transaction.atomic
def correct_plan(plan: Plan, form: PlanForm, *, reason: str, by: User | None = None) -> Plan:
    """Improve what is said of a public plan. Its key stays. Returns the plan.

    Two people published it, and one corrects it: what says which plan it is stays, see `refuse_another_plan`. `reason`
    is in the audit, `plan.corrected` in the change log. Raises as `write_plan`, and RuleBroken: "not_allowed",
    "reason_required", "wrong_status", "no_change", "another_plan", "second_person_required", "file_required",
    "not_public".
    """
    reason = require_reason(reason)
    policy.require(by is None or policy.may_publish(by))
    rules.refuse_unusable_plan(form)
    _hold_identity(form)
    plan = _locked(plan)
    refuse_copy(plan)
    if plan.status != Plan.Status.PUBLISHED:
        raise RuleBroken("wrong_status", _("The plan is not public."))
    rules.refuse_another_plan(plan, form)
    rules.refuse_own_document(plan, form, by=by)
    rules.refuse_wrong_replaced_plan(plan, form)
    same = _same_plan(form)
    if same and same.pk != plan.pk:
        raise RuleBroken("already_exists", _("This plan already exists: %s.") % same.key, field="number")
    before = vars_of(plan)
    _set(plan, form)
    fields = sorted(name for name, value in vars_of(plan).items() if before[name] != value)
    if not fields:
        raise RuleBroken("no_change", _("The correction changes nothing. Change a field first."))
    if before["document_id"] is None or plan.document_id != before["document_id"]:
        rules.refuse_unreadable_plan(plan)  # a document that was withdrawn since stays, or is taken out
    plan.corrected_at = timezone.now()
    plan.save()
    said = {"removes_words": removes_words(_texts_of(before), _texts_of(vars_of(plan)))}
    _record(event_types.PLAN_CORRECTED, plan, event_types.EDITORIAL, by=by, reason=reason, said=said, fields=fields)
    return plan


@transaction.atomic
def withdraw_plan(plan: Plan, *, reason: str, by: User | None = None) -> Plan:
    """Withdraw a public plan: it counts for no day any more. `reason` is public. Twice is a no-op. Returns the plan.

    Raises RuleBroken: "not_allowed", "reason_required", "wrong_status" for a draft.
    """
    reason = require_reason(reason)
    plan = _locked(plan)
    refuse_copy(plan)
    if plan.status == Plan.Status.WITHDRAWN:
        return plan
    policy.require(by is None or policy.may_publish(by))
    if plan.status != Plan.Status.PUBLISHED:
        raise RuleBroken("wrong_status", _("The plan is not public."))
    plan.status, plan.withdrawn_at, plan.withdrawal_reason = Plan.Status.WITHDRAWN, timezone.now(), reason
    plan.save()
    said = {"reason": reason, "removes_words": True}
    _record(event_types.PLAN_WITHDRAWN, plan, event_types.WITHDRAWAL, by=by, reason=reason, said=said)
    return plan


def vars_of(plan: Plan) -> dict[str, Any]:
    """What a plan says, to compare with `_columns` of a form."""
    return {name: getattr(plan, name) for name in PLAN_COLUMNS}


PLAN_COLUMNS = (
    "programme_id", "adopter_id", "year", "number", "number_key", "adopted_on", "period_from", "period_until", "title",
    "document_id", "file_id", "source_url", "replaces_id",
)  # fmt: skip


def _texts_of(said: Facts) -> list[str]:
    return [said[name] for name in ("number", "title", "source_url")]


def _columns(form: PlanForm) -> dict[str, Any]:
    """The columns that the form says. Without a file it says nothing of one."""
    number = official_numbers.clean_number(form.number)
    file = {"file_id": _stored_file(form.file).pk} if form.file else {}
    replaces = {} if isinstance(form.replaces, Unsaid) else {"replaces_id": form.replaces and form.replaces.pk}
    return file | replaces | {
        "programme_id": form.programme.pk, "adopter_id": form.adopter.pk, "year": form.year, "number": number,
        "number_key": official_numbers.number_key(number), "adopted_on": form.adopted_on,
        "period_from": form.period_from, "period_until": form.period_until,
        "title": rules.clean_title(form.title), "document_id": form.document and form.document.pk,
        "source_url": nfc(form.source_url),
    }  # fmt: skip


def _set(plan: Plan, form: PlanForm) -> None:
    for name, value in _columns(form).items():
        setattr(plan, name, value)


def _same_plan(form: PlanForm) -> Plan | None:
    key = official_numbers.number_key(form.number)
    same = Plan.objects.filter(
        programme=form.programme, adopter=form.adopter, year=form.year, number_key=key, adopted_on=form.adopted_on
    )
    return same.exclude(status=Plan.Status.WITHDRAWN).first()  # one that was withdrawn may be entered again


def _stored_file(file: FileBytes) -> PlanFile:
    """The row of these bytes. The same bytes are stored once."""
    sha256 = rules.sha256_of(file)
    kept = {"kept_at": timezone.now()}
    columns = {"name": file.name[:255], "media_type": file.media_type, "size": len(file.content)} | kept
    return PlanFile.objects.update_or_create(
        sha256=sha256, defaults=kept, create_defaults=columns | {"content": file.content}
    )[0]


def _unused_key(form: PlanForm) -> str:
    year = form.year or (form.adopted_on.year if form.adopted_on else None)
    parts = ["kh", form.programme.key, form.adopter.key, year and str(year), slug(form.number)]
    key = "-".join(part for part in parts if part)[:180]
    if form.adopted_on and Plan.objects.filter(key=key).exists():
        key = f"{key}-{form.adopted_on}"
    count = Plan.objects.filter(key__startswith=key).count()
    return f"{key}-{count + 1}" if Plan.objects.filter(key=key).exists() else key


def _hold_identity(form: PlanForm) -> None:
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, f"plan:{form.programme.key}:{form.adopter.key}")


def _locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)


def _record(
    event_type: str, plan: Plan, nature: str, *, by: User | None, reason: str = "", said: Facts | None = None,
    **facts: Any,
) -> None:  # fmt: skip
    """Write the line and the audit. `said`: facts of the line; `reason` and the other facts are for the audit."""
    public = {"number": plan.number, "title": plan.title, "kind": plan.programme.key} | (said or {})
    changes.record_change(
        event_type, plan.key, nature=nature, notify=False, organisation=plan.adopter.key, facts=public
    )
    people.audit(event_type, plan.key, by=by, reason=reason, **facts)
