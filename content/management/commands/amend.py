"""amend ACT_KEY: list the instructions of an amending act, and apply the certain ones with --accept."""

import argparse
import datetime
from collections.abc import Collection
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content.amendments import queries, services
from content.amendments.instructions import AmendingInstruction
from content.amendments.queries import AmendmentPlan
from content.amendments.reasons import REASON_MESSAGES, Failure
from content.documents.models import LegalDocument
from content.errors import RuleBroken


class Command(BaseCommand):
    help = (
        "List how an act amends other documents, with a certainty for each instruction. --accept applies the certain."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("act", metavar="ACT_KEY", help="key of the amending act, as in its address")
        parser.add_argument("--accept", action="store_true", help="apply the certain instructions, all or none")
        parser.add_argument(
            "--on", type=parse_day, metavar="YYYY-MM-DD", help="apply from this day instead of the act's own first day"
        )
        parser.add_argument("--notify", action="store_true", help="notify followers; only with --accept")

    def handle(self, *, act: str, accept: bool, on: datetime.date | None, notify: bool, **options: Any) -> None:
        document = LegalDocument.objects.filter(key=act).first()
        if document is None:
            raise CommandError("No document has that key.")
        if notify and not accept:
            raise CommandError("--notify tells followers what was applied. Use it together with --accept.")
        try:
            with transaction.atomic():
                self._run(document, accept, on, notify)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None

    def _run(self, act: LegalDocument, accept: bool, on: datetime.date | None, notify: bool) -> None:
        instructions = queries.recognised_instructions(act)
        plans, failures = queries.amendment_plans(act, instructions, on=on)
        all_failures = [*failures, *(failure for plan in plans for failure in plan.failures)]
        failure_by_id = {id(each.instruction): each.failure for each in all_failures}
        for each in instructions:
            self.stdout.write(_instruction_line(each, failure_by_id.get(id(each))))
        certain = [each for each in instructions if each.is_certain and id(each) not in failure_by_id]
        certain_ids = {id(each) for each in certain}
        for plan in sorted(plans, key=lambda plan: (plan.document.key, plan.on)):
            self.stdout.write(_plan_line(plan, certain_ids))
        self.stdout.write(
            f"{len(instructions)} recognised, {len(certain)} certain and possible, "
            f"{len(instructions) - len(certain)} to check"
        )
        if accept:
            applied = services.apply_amendments(act, certain, on=on, notify=notify, reason="manage.py amend --accept")
            for amendment in applied:
                self.stdout.write(f"{amendment.document.key} from {amendment.on}: {len(amendment.eids)} provisions")
            self.stdout.write(f"{len(applied)} amendments")


def _plan_line(plan: AmendmentPlan, certain_ids: Collection[int]) -> str:
    """What it would do to one document from one day: «… from 2025-01-01: 3 changed, 5 added, 1 removed …»."""
    changes = plan.text_changes
    units = f"{len(changes.changed)} changed, {len(changes.added)} added, {len(changes.removed)} removed"
    certain = sum(id(each) in certain_ids for each in plan.instructions)
    number = plan.document.number or plan.document.title
    return (
        f"{plan.document.key} ({number}) from {plan.on}: {units} provisions; "
        f"{len(plan.instructions)} instructions, {certain} certain and possible, {len(plan.failures)} impossible"
    )


def _instruction_line(instruction: AmendingInstruction, failure: Failure | None) -> str:
    target = instruction.target
    name = "this act" if target.is_the_act else target.number or target.name
    part = f" {instruction.part}" if instruction.part else ""
    day = f" from {instruction.on}" if instruction.on else ""
    reasons = [REASON_MESSAGES[code] for code in (*instruction.doubts, *filter(None, [failure]))]
    return (
        f"{instruction.certainty:.1f} {instruction.source}: {instruction.action}{part}"
        f" {instruction.eid or 'all'} of {name}{day}" + (f" [{' '.join(reasons)}]" if reasons else "")
    )


def parse_day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"Not a date: {text}. Write it as YYYY-MM-DD.") from None
