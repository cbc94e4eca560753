"""amend ACT_KEY: list the instructions of an amending act, and apply the certain ones with --accept."""

import argparse
import datetime
from collections.abc import Collection
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from content.amendments import queries, services
from content.amendments.admin.previews import ACTION_LABELS
from content.amendments.instructions import AmendingInstruction
from content.amendments.queries import AmendmentPlan
from content.amendments.reasons import REASON_MESSAGES, Failure
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS


class Command(BaseCommand):
    """Prints its report in Vietnamese, as the reasons of the instructions are."""

    requires_system_checks = CHECKS_OF_SETTINGS
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
            raise CommandError(
                _("No document has the key «%(key)s». Take it from the address of the act.") % {"key": act}
            )
        if notify and not accept:
            raise CommandError(_("--notify tells followers what was applied. Use it together with --accept."))
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
        counts = {"all": len(instructions), "certain": len(certain), "rest": len(instructions) - len(certain)}
        words = _("%(all)d recognised, %(certain)d certain and possible, %(rest)d to check")
        self.stdout.write(words % counts)
        if accept:
            applied = services.apply_amendments(act, certain, on=on, notify=notify, reason="manage.py amend --accept")
            words = _("%(key)s from %(day)s: %(count)d provisions")
            for amendment in applied:
                day = shown_day(amendment.on)
                self.stdout.write(words % {"key": amendment.document.key, "day": day, "count": len(amendment.eids)})
            self.stdout.write(_("Amendments applied: %(count)d") % {"count": len(applied)})


def _plan_line(plan: AmendmentPlan, certain_ids: Collection[int]) -> str:
    """What it would do to one document from one day: «… từ 01/01/2025: sửa 3, thêm 5, bỏ 1 đơn vị …»."""
    changes = plan.text_changes
    words = _(
        "%(key)s (%(number)s) from %(day)s: %(changed)d changed, %(added)d added, %(removed)d removed provisions; "
        "%(all)d instructions, %(certain)d certain and possible, %(failed)d impossible"
    )
    return words % {
        "key": plan.document.key,
        "number": plan.document.number or plan.document.title,
        "day": shown_day(plan.on),
        "changed": len(changes.changed),
        "added": len(changes.added),
        "removed": len(changes.removed),
        "all": len(plan.instructions),
        "certain": sum(id(each) in certain_ids for each in plan.instructions),
        "failed": len(plan.failures),
    }


def _instruction_line(instruction: AmendingInstruction, failure: Failure | None) -> str:
    target = instruction.target
    part = f" {instruction.part}" if instruction.part else ""
    reasons = [REASON_MESSAGES[code] for code in (*instruction.doubts, *filter(None, [failure]))]
    words = _("%(certainty).1f %(source)s: %(action)s, %(unit)s of %(document)s") % {
        "certainty": instruction.certainty,
        "source": instruction.source,
        "action": f"{ACTION_LABELS[instruction.action]}{part}",
        "unit": instruction.eid or _("the whole"),
        "document": _("this act") if target.is_the_act else target.number or target.name,
    }
    day = " " + _("from %(day)s") % {"day": shown_day(instruction.on)} if instruction.on else ""
    return words + day + (f" [{' '.join(reasons)}]" if reasons else "")


def shown_day(day: datetime.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "—"


def parse_day(text: str) -> datetime.date:
    """Raises ArgumentTypeError: the parser makes one line of it, of any other error a traceback."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        words = _("«%(text)s» is no date. Write it as YYYY-MM-DD.") % {"text": text}
        raise argparse.ArgumentTypeError(words) from None
