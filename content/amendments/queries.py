"""What an act orders, of which documents, and what those would say: nothing is written here."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Length

from content import parsing
from content.amendments import consolidation
from content.amendments.consolidation import InstructionFailure
from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.recognition import amending_acts
from content.documents import provision_queries, queries
from content.documents.diff import UnitText
from content.documents.effect import effect_on
from content.documents.models import Amendment, LegalDocument, Provision, ProvisionVersion
from content.law.official_numbers import number_key
from content.text.vietnamese import fold

EFFECT_ACTIONS = (AmendingAction.TAKES_EFFECT, AmendingAction.EXPIRES)  # these move its effect, not its text
PLAN_FAILURE_MESSAGES = {  # why an order cannot be carried out on the tables, beside applying.FAILURES
    "no_such_document": "Không có văn bản này, hoặc có hơn một văn bản như vậy.",
    "no_day": "Không rõ có hiệu lực từ ngày nào.",
    "amended_later": "Đơn vị này đã có sửa đổi từ ngày đó hoặc sau đó.",
}


@dataclass(frozen=True)
class AmendmentPlan:
    """What instructions of an act would do to one document on one day."""

    act: LegalDocument
    document: LegalDocument
    on: datetime.date
    instructions: list[AmendingInstruction]
    before: list[UnitText]
    after: list[UnitText]
    failures: list[InstructionFailure] = field(default_factory=list)

    @property
    def done(self):
        """The instructions that can be carried out."""
        failed = {id(failure.instruction) for failure in self.failures}
        return [each for each in self.instructions if id(each) not in failed]

    @property
    def touched(self):
        """(eids changed, added, removed) of the text, in the order of the document."""
        old, new = ({stand.eid: stand for stand in stands} for stands in (self.before, self.after))
        changed = [eid for eid, stand in new.items() if eid in old and old[eid] != stand]
        return changed, [eid for eid in new if eid not in old], [eid for eid in old if eid not in new]


def recognised_instructions(act):
    """The Instructions recognised in the act's own text, as it was enacted."""
    text = "".join(
        ProvisionVersion.objects.filter(provision__document=act, valid_from=None)
        .order_by("provision__position")
        .values_list("text", flat=True)
    )
    return amending_acts.recognise_instructions(text, parsing.parse_text(text), title=act.title)


def amendment_plans(act, instructions, *, on=None):
    """([Plan], [Failure]): one Plan for each document and day; what has no document or no day is a Failure.

    `on` is the day of those that name none of their own; without it the act's own first day.
    """
    on = on or effect_on(act.status_events.all(), datetime.date.max).effective_on
    groups, failures, found = {}, [], {}
    for each in instructions:
        if each.target not in found:
            found[each.target] = act if each.target.is_the_act else target_document(each.target, act)
        document, day = found[each.target], each.on or on
        if document is None:
            failures.append(InstructionFailure(each, "no_such_document"))
        elif day is None:
            failures.append(InstructionFailure(each, "no_day"))
        else:
            groups.setdefault((document, day), []).append(each)
    return [_plan(act, document, day, group) for (document, day), group in groups.items()], failures


def _plan(act, document, day, instructions):
    before = provision_queries.unit_texts_on(document, day)
    fixed = {stand.eid for stand in before} if any(each.action in EFFECT_ACTIONS for each in instructions) else set()
    after, failures = consolidation.apply_instructions(before, instructions)
    lost = [
        each
        for each in instructions
        if each.action is AmendingAction.TAKES_EFFECT and each.eid and each.eid not in fixed
    ]
    failures += [InstructionFailure(each, "unknown_provision") for each in lost]
    plan = AmendmentPlan(act, document, day, instructions, before, after, failures)
    changed, added, removed = plan.touched
    later = eids_amended_later(document, [*changed, *added, *removed], day) | eids_with_units_added_later(
        document, removed, day
    )
    if not later:
        return plan
    late = [each for each in plan.done if each.eid in later or any(eid.startswith(f"{each.eid}__") for eid in later)]
    able = [each for each in plan.done if each not in late]
    after, failures = consolidation.apply_instructions(before, able)
    failures = [*plan.failures, *failures, *(InstructionFailure(each, "amended_later") for each in late)]
    return AmendmentPlan(act, document, day, instructions, before, after, failures)


def eids_amended_later(document, eids, day):
    """Those of the eids that have a version which begins on that day or later, or an end after it, entered already."""
    versions = ProvisionVersion.objects.filter(
        Q(valid_from__gte=day) | Q(valid_until__gt=day), provision__document=document, provision__eid__in=eids
    )
    return set(versions.values_list("provision__eid", flat=True))


def eids_with_units_added_later(document, eids, day):
    """Those of the eids under which units stand from that day on, or later, that are not among them."""
    under = ProvisionVersion.objects.filter(
        valid_from__gte=day, provision__document=document, provision__parent__eid__in=eids
    )
    return set(under.exclude(provision__eid__in=eids).values_list("provision__parent__eid", flat=True))


def amendments_built_on(amendment):
    """The standing Amendments, in order, that would lose what they build on if this one were taken back.

    They changed or ended what it made, gave another wording to what it ended, or put units under those it added.
    """
    made, ended = amendment.versions_made.all(), amendment.versions_ended.all()
    others = ProvisionVersion.objects.exclude(made_by=amendment)
    later = others.filter(provision__versions__in=made | ended, valid_from__gte=amendment.on)
    added = Provision.objects.filter(versions__in=made).exclude(versions__in=ended)
    inside = others.filter(Q(valid_until=None) | Q(valid_until__gt=amendment.on), provision__parent__in=added)
    makers = later.values("made_by").union(inside.values("made_by"), made.values("ended_by"))
    ids = {each["made_by"] for each in makers} - {None}
    return Amendment.objects.filter(pk__in=ids).select_related("act").order_by("on", "pk")


def target_document(target, act):
    """The public document an act names by number, or by name: the one nearest before the act. None where unsure."""
    others = queries.public_documents().exclude(pk=act.pk)
    if act.issued_on:
        others = others.filter(Q(issued_on=None) | Q(issued_on__lte=act.issued_on))
    if target.number:
        found = list(others.filter(number_key=number_key(target.number))[:2])
        return found[0] if len(found) == 1 else None
    name = " ".join(fold(target.name).split())
    if len(name) < 6:
        return None
    named = others.filter(search_key__contains=f" {name}").exclude(search_key__contains="sua doi")
    named = named.annotate(length=Length("search_key")).order_by("length", "-issued_on")
    found = [each for each in named[:5] if _has_name(each, name)]
    return found[0] if len(found) == 1 else None


def _has_name(document, name):
    """Whether a title is that name, with a year or the issuing body behind it: «Luật Cảnh vệ 2017»."""
    title = " ".join(fold(document.title).split())
    rest = title.removeprefix(name).strip(" ,")
    return title.startswith(name) and (not rest or rest.split()[0] in ("nam", "so", "cua") or rest[0].isdigit())


def applied_amendments(document):
    """Amendments of that document which have not been withdrawn, in order of their day."""
    return Amendment.objects.filter(document=document, withdrawn_at=None).select_related("act").order_by("on", "pk")
