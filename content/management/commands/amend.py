import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content.amendments import queries, services
from content.amendments.consolidation import APPLICATION_FAILURE_MESSAGES
from content.amendments.instructions import DOUBT_MESSAGES
from content.documents.models import LegalDocument
from content.errors import RuleBroken

REASONS = DOUBT_MESSAGES | APPLICATION_FAILURE_MESSAGES | queries.PLAN_FAILURE_MESSAGES


class Command(BaseCommand):
    help = "List what an act orders of other documents, with a certainty for each; --accept carries out the certain."

    def add_arguments(self, parser):
        parser.add_argument("act", metavar="ACT_KEY", help="key of the amending act, as in its address")
        parser.add_argument("--accept", action="store_true", help="carry out the certain ones, all or none")
        parser.add_argument(
            "--on", type=parse_day, metavar="YYYY-MM-DD", help="the day, where the act's own is not meant"
        )
        parser.add_argument("--notify", action="store_true", help="tell the followers; only with --accept")

    def handle(self, *, act, accept, on, notify, **options):
        act = LegalDocument.objects.filter(key=act).first()
        if act is None:
            raise CommandError("No document has that key.")
        if notify and not accept:
            raise CommandError("--notify tells followers of what was carried out: it needs --accept.")
        try:
            with transaction.atomic():
                self._run(act, accept, on, notify)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None

    def _run(self, act, accept, on, notify):
        orders = queries.recognised_instructions(act)
        plans, failures = queries.amendment_plans(act, orders, on=on)
        why = {id(failure.instruction): failure.code for failure in failures}
        for plan in plans:
            why |= {id(failure.instruction): failure.code for failure in plan.failures}
        for each in orders:
            self.stdout.write(_order_line(each, why.get(id(each))))
        certain = [each for each in orders if each.is_certain and id(each) not in why]
        sure = {id(each) for each in certain}
        for plan in sorted(plans, key=lambda plan: (plan.document.key, plan.on)):
            self.stdout.write(_plan_summary(plan, sure))
        counts = (
            f"{len(orders)} recognised, {len(certain)} certain and possible, {len(orders) - len(certain)} for people"
        )
        self.stdout.write(counts)
        if accept:
            made = services.apply_amendments(act, certain, on=on, notify=notify, reason="manage.py amend --accept")
            for amendment in made:
                self.stdout.write(f"{amendment.document.key} from {amendment.on}: {len(amendment.eids)} provisions")
            self.stdout.write(f"{len(made)} amendments")


def _plan_summary(plan, sure):
    """What it would do to one document from one day on: «… from 2025-01-01: 3 changed, 5 added, 1 removed …»."""
    counts = zip(plan.touched, ("changed", "added", "removed"), strict=True)
    units = ", ".join(f"{len(eids)} {what}" for eids, what in counts)
    certain = sum(id(each) in sure for each in plan.instructions)
    number = plan.document.number or plan.document.title
    return (
        f"{plan.document.key} ({number}) from {plan.on}: {units} provisions; "
        f"{len(plan.instructions)} orders, {certain} certain and possible, {len(plan.failures)} impossible"
    )


def _order_line(each, failure):
    target = "this act" if each.target.is_the_act else each.target.number or each.target.name
    what = f"{each.certainty:.1f} {each.source}: {each.action}{' ' + each.part if each.part else ''}"
    where = f" {each.eid or 'all'} of {target}{f' from {each.on}' if each.on else ''}"
    reasons = [REASONS.get(code, code) for code in (*each.doubts, *filter(None, [failure]))]
    return what + where + (f" [{' '.join(reasons)}]" if reasons else "")


def parse_day(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"Not a day: {text}") from None
