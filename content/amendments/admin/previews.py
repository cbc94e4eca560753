"""What the amendment pages show: recognised instructions as rows of a table, and the difference they would make."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.amendments import queries
from content.amendments.consolidation import InstructionFailure
from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.queries import AmendmentPlan
from content.amendments.reasons import REASON_MESSAGES
from content.diff import DiffKind, UnitDiff, unit_diffs
from content.documents.models import LegalDocument
from content.law.eids import eid_in_words
from content.law.units import UnitPart

ACTION_LABELS = {
    AmendingAction.REPLACE: _lazy("new wording"),
    AmendingAction.INSERT: _lazy("is added"),
    AmendingAction.REPEAL: _lazy("is repealed"),
    AmendingAction.REPLACE_PHRASE: _lazy("a phrase is replaced"),
    AmendingAction.INSERT_PHRASE: _lazy("a phrase is added"),
    AmendingAction.DROP_PHRASE: _lazy("a phrase is dropped"),
    AmendingAction.TAKES_EFFECT: _lazy("takes effect on a day of its own"),
    AmendingAction.EXPIRES: _lazy("loses effect"),
    AmendingAction.SUSPENDS: _lazy("its effect is suspended"),
    AmendingAction.RESUMES: _lazy("has effect again"),
}
CHANGE_LABELS = {
    DiffKind.ADDED: _lazy("added"),
    DiffKind.REMOVED: _lazy("removed"),
    DiffKind.CHANGED: _lazy("changed"),
    DiffKind.MOVED: _lazy("moved"),
}
PART_LABELS = {
    UnitPart.WHOLE: "%s",
    UnitPart.HEADING: _lazy("the heading of %s"),
    UnitPart.OPENING: _lazy("the opening of %s"),
}


@dataclass(frozen=True)
class InstructionRow:
    """One recognised instruction as the table shows it. `index` identifies it in the submitted form."""

    index: int
    instruction: AmendingInstruction
    action: Promise
    certainty: str
    source: str
    unit: str
    reasons: list[str]
    is_possible: bool
    is_ticked: bool


@dataclass(frozen=True)
class LabelledDiff:
    """A difference of one unit, with what happens to it and its name."""

    label: Promise
    unit: str
    diff: UnitDiff


@dataclass(frozen=True)
class PlanPreview:
    """What ticked instructions would do to one document on one day, and why some cannot be applied."""

    document: LegalDocument
    on: datetime.date
    diffs: list[LabelledDiff]
    reasons: list[str]


def instruction_rows(
    instructions: Sequence[AmendingInstruction],
    plans: Sequence[AmendmentPlan],
    failures: Sequence[InstructionFailure],
    ticked: Sequence[AmendingInstruction] | None,
) -> list[InstructionRow]:
    """The rows of the table. `ticked` None: nothing was submitted yet, so what is certain and possible is ticked."""
    all_failures = [*failures, *(failure for plan in plans for failure in plan.failures)]
    failure_by_id = {id(each.instruction): each.failure for each in all_failures}
    ticked_ids = None if ticked is None else {id(each) for each in ticked}
    rows = []
    for index, each in enumerate(instructions):
        failure = failure_by_id.get(id(each))
        codes = dict.fromkeys([*each.doubts, *([failure] if failure else [])])
        rows.append(
            InstructionRow(
                index=index,
                instruction=each,
                action=ACTION_LABELS[each.action],
                certainty=_("cannot be applied") if failure else _certainty_label(each),
                source=eid_in_words(each.source),
                unit=str(PART_LABELS[each.part]) % eid_in_words(each.eid) if each.eid else _("the whole document"),
                reasons=list(dict.fromkeys(REASON_MESSAGES[code] for code in codes)),
                is_possible=failure is None,
                is_ticked=(each.is_certain and not failure) if ticked_ids is None else id(each) in ticked_ids,
            )
        )
    return rows


def _certainty_label(instruction: AmendingInstruction) -> str:
    """Whether a person should check the instruction."""
    if instruction.is_certain:
        return _("certain")
    return _("please check") if len(instruction.doubts) == 1 else _("very doubtful")


def plan_previews(
    act: LegalDocument, instructions: Sequence[AmendingInstruction], on: datetime.date | None
) -> list[PlanPreview]:
    """What the instructions would do, one preview for each document and day."""
    plans, _failures = queries.amendment_plans(act, instructions, on=on)
    return [
        PlanPreview(
            document=plan.document,
            on=plan.on,
            diffs=labelled_diffs(unit_diffs(plan.before, plan.after)),
            reasons=[REASON_MESSAGES[each.failure] for each in plan.failures],
        )
        for plan in plans
    ]


def labelled_diffs(diffs: Iterable[UnitDiff]) -> list[LabelledDiff]:
    """The differences with labels for a person."""
    return [LabelledDiff(CHANGE_LABELS[each.what], eid_in_words(each.eid), each) for each in diffs]
