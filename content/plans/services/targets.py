"""Enter and publish targets. A target is raised by another row; nothing is guessed."""

import dataclasses

from django.db import transaction
from django.utils.translation import gettext as _

from content import locks
from content.changes import event_types
from content.changes import services as changes
from content.errors import RuleBroken
from content.locks import Lock
from content.people import services as people
from content.people.models import User
from content.plans import policy
from content.plans.models import Indicator, Target
from content.plans.services.forms import TargetForm


@transaction.atomic
def enter_target(form: TargetForm, *, by: User | None = None) -> Target:
    """Enter a target; it is public when somebody else publishes it. The same once more returns the one that is there.

    Raises RuleBroken: "not_allowed", "reason_required" without a provision that was read and without a source,
    "out_of_range".
    """
    policy.require(by is None or policy.may_write(by))
    if not (form.provision.strip() and form.read_on) and not form.source.strip():
        message = _("Give the provision and the day on which you read it, or a source.")
        raise RuleBroken("reason_required", message, field="provision")
    if form.indicator.unit == Indicator.Unit.PERCENT and not 0 <= form.value <= 100:
        raise RuleBroken("out_of_range", _("A percentage is from 0 to 100."), field="value")
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, f"indicator:{form.indicator.code}")
    columns = {field.name: getattr(form, field.name) for field in dataclasses.fields(form)}
    identity = {name: columns[name] for name in ("indicator", "due_on", "area", "value", "provision", "source")}
    if same := Target.objects.filter(**identity).first():
        return same
    target = Target.objects.create(entered_by=by, **columns)
    people.audit("indicator.target_entered", form.indicator.code, by=by, target=target.pk)
    return target


@transaction.atomic
def publish_target(target: Target, *, by: User | None = None) -> Target:
    """Make a target public. Somebody else than who entered it does it. Twice is a no-op. Returns it.

    Raises RuleBroken: "not_allowed", "second_person_required".
    """
    target = Target.objects.select_for_update(no_key=True, of=("self",)).select_related("indicator").get(pk=target.pk)
    if target.is_public:
        return target
    policy.require(by is None or policy.may_publish(by))
    if by and target.entered_by_id == by.pk:
        raise RuleBroken("second_person_required", _("You entered this target. Somebody else must publish it."))
    target.is_public, target.published_by = True, by
    target.save(update_fields=["is_public", "published_by"])
    changes.record_change(
        event_types.INDICATOR_TARGET_PUBLISHED, target.indicator.code, nature=event_types.EDITORIAL, notify=False,
        facts={"title": target.indicator.name_vi, "province": None},
    )  # fmt: skip
    people.audit(event_types.INDICATOR_TARGET_PUBLISHED, target.indicator.code, by=by, target=target.pk)
    return target
