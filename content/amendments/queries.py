"""The instructions of an act, and what documents would say after them. Nothing is written here."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from content import parsing
from content.amendments import consolidation
from content.amendments.consolidation import InstructionFailure
from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.reasons import Doubt, Failure
from content.amendments.recognition import amending_acts, effect_clauses
from content.diff import UnitText
from content.documents import provision_queries
from content.documents.effect import (
    EffectEvent,
    EventOfEffect,
    StatusEventKind,
    StatusEventScope,
    effect_on,
    event_covers,
    prepared_events,
    provision_effect_on,
)
from content.documents.models import Amendment, LegalDocument, Provision, ProvisionVersion
from content.documents.units_inside import with_units_inside
from content.law.eids import eid_lineage
from content.named_documents import act_targets
from content.parsing import Structure

EFFECT_ACTIONS = (  # change the effect of a document, not its text
    AmendingAction.TAKES_EFFECT,
    AmendingAction.EXPIRES,
    AmendingAction.SUSPENDS,
    AmendingAction.RESUMES,
)


@dataclass(frozen=True)
class TextChanges:
    """Eids that differ between two texts of a document, each list in the order of its text."""

    changed: list[str]
    added: list[str]
    removed: list[str]

    @property
    def eids(self) -> list[str]:
        """Changed, then added, then removed."""
        return [*self.changed, *self.added, *self.removed]


@dataclass(frozen=True)
class AmendmentPlan:
    """What instructions of an act would do to one document on one day.

    `before` and `after` are its text; both are empty where the instructions change its effect only.
    """

    act: LegalDocument
    document: LegalDocument
    on: datetime.date
    instructions: list[AmendingInstruction]
    before: list[UnitText]
    after: list[UnitText]
    failures: list[InstructionFailure] = field(default_factory=list)

    @property
    def applicable(self) -> list[AmendingInstruction]:
        """The instructions that can be carried out."""
        failed = {id(failure.instruction) for failure in self.failures}
        return [each for each in self.instructions if id(each) not in failed]

    @property
    def text_changes(self) -> TextChanges:
        """Which units of the text are changed, added and removed."""
        old, new = ({unit.eid: unit for unit in units} for units in (self.before, self.after))
        return TextChanges(
            changed=[eid for eid, unit in new.items() if eid in old and old[eid] != unit],
            added=[eid for eid in new if eid not in old],
            removed=[eid for eid in old if eid not in new],
        )


def units_by_change(plan: AmendmentPlan) -> dict[str, list[str]]:
    """{"repealed", "amended", "added": eids that the act names}. What a new wording leaves out is part of it."""
    changes, named = plan.text_changes, {each.eid for each in plan.instructions if each.eid}
    repealed, added = named.intersection(changes.removed), named.intersection(changes.added)
    lineages = {above for eid in changes.eids for above in eid_lineage(eid)}
    amended = (named & lineages) - repealed - added
    return {"repealed": sorted(repealed), "amended": sorted(amended), "added": sorted(added)}


def recognised_instructions(act: LegalDocument) -> list[AmendingInstruction]:
    """The instructions recognised in the act's own text as it was enacted."""
    text = "".join(
        ProvisionVersion.objects.filter(provision__document=act, valid_from=None)
        .order_by("provision__position")
        .values_list("text", flat=True)
    )
    return instructions_in(act, text, parsing.parse_text(text, warns=False))


def instructions_in(
    act: LegalDocument, text: str, structure: Structure, later: Sequence[tuple[datetime.date, str]] = ()
) -> list[AmendingInstruction]:
    """The instructions in a text of the act, each with the first day of its provision, where it has one of its own.

    `later`: [(day, the text from then on)] of amendments that may put off what has not begun yet.

    «Luật này có hiệu lực từ ngày 01/8/2024; Điều 248 có hiệu lực từ ngày 01/4/2024»: what Article 248 amends is amended
    from then on. Where that day is not fixed yet, or not read for certain, the instruction gets the doubt NO_DAY.
    """
    found = amending_acts.recognise_instructions(
        text, structure, title=act.title, number=act.number, issued_on=act.issued_on
    )
    return instructions_with_days(act, found, later)


def instructions_with_days(
    act: LegalDocument, instructions: Sequence[AmendingInstruction], later: Sequence[tuple[datetime.date, str]] = ()
) -> list[AmendingInstruction]:
    """The instructions that were recognised in a text of the act, each with its first day: see `instructions_in`."""
    for day, amended in later:
        begins = effect_clauses.recognise_effect_clauses(
            amended,
            parsing.parse_text(amended, warns=False),
            title=act.title,
            number=act.number,
            issued_on=act.issued_on,
        )
        instructions = _with_later_days(instructions, begins, day)
    own = [each for each in instructions if each.target.is_the_act and each.action is AmendingAction.TAKES_EFFECT]
    unclear = set(with_units_inside(act.pk, (each.eid for each in own if each.eid and not each.is_certain)))
    kind, part, stated_on = StatusEventKind.TAKES_EFFECT, StatusEventScope.PART, act.issued_on or datetime.date.min
    events: list[EventOfEffect] = [
        each for each in prepared_events(act.status_events.all()) if (each.kind, each.scope) == (kind, part)
    ]
    events += [
        EffectEvent(kind, part, each.on, stated_on, frozenset(with_units_inside(act.pk, [each.eid])), None)
        for each in own
        if each.eid and each.is_certain
    ]
    return [_with_own_day(each, events, unclear) for each in instructions]


def _with_later_days(
    instructions: Sequence[AmendingInstruction], begins: Sequence[AmendingInstruction], day: datetime.date
) -> list[AmendingInstruction]:
    """The instructions with the first days of parts as the text of `day` gives them, but for parts that had begun."""
    kept = [each for each in instructions if not _begins_later(each, day)]
    done = {each.eid for each in kept if each.action is AmendingAction.TAKES_EFFECT}
    return kept + [each for each in begins if _begins_later(each, day) and each.eid not in done]


def _begins_later(instruction: AmendingInstruction, day: datetime.date) -> bool:
    is_of_part = instruction.action is AmendingAction.TAKES_EFFECT and instruction.eid != ""
    return is_of_part and (instruction.on is None or instruction.on >= day)


def _with_own_day(
    instruction: AmendingInstruction, events: Sequence[EventOfEffect], unclear: Collection[str]
) -> AmendingInstruction:
    source = instruction.source
    if instruction.target.is_the_act or instruction.on:
        return instruction
    if any(f"{source}__".startswith(f"{eid}__") or eid.startswith(f"{source}__") for eid in unclear):
        return replace(instruction, doubts=(*instruction.doubts, Doubt.NO_DAY))
    if not any(event_covers(each, source) for each in events):
        return instruction
    first_day = provision_effect_on(events, source, datetime.date.max).effective_on
    if first_day is None:
        return replace(instruction, doubts=(*instruction.doubts, Doubt.NO_DAY))
    return replace(instruction, on=first_day)


def amendment_plans(
    act: LegalDocument, instructions: Sequence[AmendingInstruction], *, on: datetime.date | None = None
) -> tuple[list[AmendmentPlan], list[InstructionFailure]]:
    """(plans, failures): a plan for each document and day. An instruction without a document or a day is a failure.

    `on` is the day of instructions that give none; without it, the act's own first day in effect.
    """
    on = on or effect_on(act.status_events.all(), datetime.date.max).effective_on
    groups: dict[tuple[LegalDocument, datetime.date], list[AmendingInstruction]] = {}
    failures: list[InstructionFailure] = []
    found = act_targets.target_documents(act, (each.target for each in instructions))
    for each in instructions:
        document, day = found[each.target], each.on or on
        if document is None:
            failures.append(InstructionFailure(each, Failure.NO_SUCH_DOCUMENT))
        elif day is None:
            failures.append(InstructionFailure(each, Failure.NO_DAY))
        else:
            groups.setdefault((document, day), []).append(each)
    return [_plan(act, document, day, group) for (document, day), group in groups.items()], failures


def _plan(
    act: LegalDocument, document: LegalDocument, day: datetime.date, instructions: list[AmendingInstruction]
) -> AmendmentPlan:
    failures = _unknown_beginnings(document, day, instructions)
    if all(each.action in EFFECT_ACTIONS for each in instructions):  # nearly every act: «Luật này có hiệu lực từ …»
        return AmendmentPlan(act, document, day, instructions, [], [], failures)
    before = provision_queries.unit_texts_on(document, day)
    after, failed = consolidation.apply_instructions(before, instructions)
    failures = [*failed, *failures]
    plan = AmendmentPlan(act, document, day, instructions, before, after, failures)
    changes = plan.text_changes
    later = eids_amended_later(document, changes.eids, day)
    later |= eids_with_units_added_later(document, changes.removed, day)
    if not later:
        return plan
    late = [
        each for each in plan.applicable if each.eid in later or any(eid.startswith(f"{each.eid}__") for eid in later)
    ]
    able = [each for each in plan.applicable if each not in late]
    after, failures = consolidation.apply_instructions(before, able)
    failures = [*plan.failures, *failures, *(InstructionFailure(each, Failure.AMENDED_LATER) for each in late)]
    return AmendmentPlan(act, document, day, instructions, before, after, failures)


def _unknown_beginnings(
    document: LegalDocument, day: datetime.date, instructions: Iterable[AmendingInstruction]
) -> list[InstructionFailure]:
    """The failures of those that say when a unit begins that has no text on the day."""
    begin = [each for each in instructions if each.action is AmendingAction.TAKES_EFFECT and each.eid]
    named = document.provisions.filter(eid__in={each.eid for each in begin})
    known = set(provision_queries.provisions_with_text_on(named, day).values_list("eid", flat=True)) if begin else set()
    return [InstructionFailure(each, Failure.UNKNOWN_PROVISION) for each in begin if each.eid not in known]


def eids_amended_later(document: LegalDocument, eids: Collection[str], day: datetime.date) -> set[str]:
    """Those of the eids that have a version starting on that day or later, or ending after it."""
    versions = ProvisionVersion.objects.filter(
        Q(valid_from__gte=day) | Q(valid_until__gt=day), provision__document=document, provision__eid__in=eids
    )
    return set(versions.values_list("provision__eid", flat=True))


def eids_with_units_added_later(document: LegalDocument, eids: Collection[str], day: datetime.date) -> set[str]:
    """Those of the eids under which other units start on that day or later that are not among them."""
    under = ProvisionVersion.objects.filter(
        valid_from__gte=day, provision__document=document, provision__parent__eid__in=eids
    )
    return set(under.exclude(provision__eid__in=eids).values_list("provision__parent__eid", flat=True))


def amendments_built_on(amendment: Amendment) -> QuerySet[Amendment]:
    """The applied Amendments, in order, that would lose what they build on if this one were withdrawn.

    They changed or ended what it made, gave another wording to what it ended, or put units under those it added.
    """
    made, ended = amendment.versions_made.all(), amendment.versions_ended.all()
    if not (made.exists() or ended.exists()):
        return Amendment.objects.none()  # it changed the effect only
    others = ProvisionVersion.objects.filter(provision__document=amendment.document_id).exclude(made_by=amendment)
    later = others.filter(provision__versions__in=made | ended, valid_from__gte=amendment.on)
    added = Provision.objects.filter(versions__in=made).exclude(versions__in=ended)
    inside = others.filter(Q(valid_until=None) | Q(valid_until__gt=amendment.on), provision__parent__in=added)
    makers = later.values("made_by").union(inside.values("made_by"), made.values("ended_by"))
    ids = {each["made_by"] for each in makers} - {None}
    return Amendment.objects.filter(pk__in=ids).select_related("act").order_by("on", "pk")


def applied_amendments(document: LegalDocument) -> QuerySet[Amendment]:
    """Amendments of the document that were not withdrawn, in the order of their days."""
    return Amendment.objects.filter(document=document, withdrawn_at=None).select_related("act").order_by("on", "pk")
