"""Which cases wait for people, in which order, and what their pages say of each."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from content import vietnam_time
from content.documents.effect import EffectStatus, StatusEventKind, StatusEventScope, effect_on
from content.documents.models import LegalDocument, StatusEvent
from content.effect_reviews.models import DecisionBatch
from content.endings.doubts import MESSAGES
from content.endings.models import EndingCase
from content.law.doc_types import DocType
from content.law.eids import eid_in_words
from content.people.models import User
from content.relations.models import Relation, RelationKind

UNDO_HOURS = 24
_NUMBER_KEY = re.compile(r"(\d+[a-z]?)-(\d{4})-(.+)")
TO_DECIDE = (EndingCase.State.OPEN, EndingCase.State.CONTESTED)
CAN_BE_CONFIRMED = Q(scope=EndingCase.Scope.WHOLE, target__isnull=False, on__isnull=False) & ~Q(
    kind=EndingCase.Kind.AMENDS
)


def cases_for_review() -> QuerySet[EndingCase]:
    """All cases with what the queue shows, the certain first, then those about documents that others rely on most.

    Certain: can be confirmed at once, with the fewest doubts. We count no readers, so relations of other documents
    stand for them: those to the document, then those to the act.
    """
    cases = EndingCase.objects.select_related("act", "target", "amendment", "decided_by")
    cases = cases.prefetch_related("target__status_events")
    return cases.annotate(
        can_be_confirmed=Case(When(CAN_BE_CONFIRMED, then=True), default=False, output_field=BooleanField()),
        doubt_count=Func(F("doubts"), function="cardinality", output_field=IntegerField()),
        relied_on=_relations_to("target"),
        act_relied_on=_relations_to("act"),
    ).order_by("-can_be_confirmed", "doubt_count", "-relied_on", "-act_relied_on", "pk")


def _relations_to(column: str) -> Coalesce:
    relations = Relation.objects.filter(target=OuterRef(column)).exclude(status=Relation.Status.REJECTED)
    counted = relations.order_by().values("target").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def undecided_cases() -> QuerySet[EndingCase]:
    return EndingCase.objects.filter(state__in=TO_DECIDE)


def samples_to_check() -> QuerySet[EndingCase]:
    """Cases that the machine carried out and nobody looked at, of those that go to a person."""
    return EndingCase.objects.filter(is_sample=True, found_right=None, state=EndingCase.State.CARRIED_OUT)


def batches_to_take_back(user: User) -> QuerySet[DecisionBatch]:
    """The batches that the person confirmed in the last hours and has not undone."""
    since = timezone.now() - datetime.timedelta(hours=UNDO_HOURS)
    batches = DecisionBatch.objects.filter(decided_by=user, decided_at__gt=since, taken_back_at=None)
    return batches.annotate(size=Count("decisions")).filter(size__gt=0).order_by("-pk")


# -- what a row says ----------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewRow:
    """A case as the queue shows it."""

    case: EndingCase
    target: str  # the document that the clause names
    before: str  # the clause, with the target marked
    marked: str
    after: str
    place: str  # of the clause in the act
    status_now: str | Promise
    change: str  # what confirming it would change, or why it cannot be confirmed here
    doubts: Sequence[str | Promise]
    can_be_confirmed: bool


def review_row(case: Any) -> ReviewRow:
    """What the queue says of a case of `cases_for_review`."""
    before, marked, after = marked_clause(case)
    return ReviewRow(
        case,
        str(case.target or _named_in_words(case)),
        before,
        marked,
        after,
        eid_in_words(case.source_eid) if case.source_eid else _("the title"),
        _status_now(case.target),
        _change_in_words(case),
        [MESSAGES[code] for code in case.doubts],
        case.can_be_confirmed and case.state in TO_DECIDE,
    )


def _named_in_words(case: EndingCase) -> str:
    """`target_text`, which begins with the code of the type where the clause gives one."""
    code, _space, named = case.target_text.partition(" ")
    return f"{DocType(code).label} {named}" if code in DocType.values else case.target_text


def marked_clause(case: EndingCase) -> tuple[str, str, str]:
    """(before, the words that name the document, after). The middle is empty if the clause does not name it so."""
    _type, _space, named = case.target_text.partition(" ")
    number = case.target.number if case.target else ""
    names = [named, number, *(word for word in named.split() if "/" in word), named.rpartition(" ")[0]]
    for name in names:
        pattern = r"\s+".join(map(re.escape, name.split()))
        found = re.search(pattern, case.words, re.IGNORECASE) if pattern else None
        if found:
            return case.words[: found.start()], found[0], case.words[found.end() :]
    return case.words, "", ""


def _status_now(document: LegalDocument | None) -> str | Promise:
    """The status by the days alone, without the doubt that the case raises."""
    if document is None:
        return ""
    status = effect_on(document.status_events.all(), vietnam_time.today()).status
    return EffectStatus(status).label if status else ""


def _missing_in_words(key: str) -> str:
    """A document that is not stored, from the key that a case waits for: «34/2024/QH15», «Luật dat dai 2013»."""
    if key.startswith("ten:"):
        _ten, doc_type, *name = key.split(":")
        return " ".join([str(DocType(doc_type).label), *name]).replace("-", " ").strip()
    number = _NUMBER_KEY.fullmatch(key)
    if number is None:
        return key
    series = re.sub(r"\A(N|Q)D-", r"\1Đ-", number[3].upper())
    return f"{number[1]}/{number[2]}/{series}"


def _change_in_words(case: Any) -> str:
    if case.state == EndingCase.State.WAITING:
        numbers = [key for key in case.waits_for if not key.startswith("ten:")]
        missing = ", ".join(_missing_in_words(key) for key in numbers or case.waits_for)
        return _("It waits for what is not stored: %s. Import it, and the case goes on by itself.") % missing
    if case.kind == EndingCase.Kind.AMENDS:
        return _("Its text is amended: check the instructions of the act.")
    if case.target is None:
        return _("Several documents fit. Say which one is meant with the amendment page.")
    if case.kind != EndingCase.Kind.ENDS and (case.scope != EndingCase.Scope.WHOLE or case.on is None):
        return _("Its effect is suspended, halted or resumed.")
    if case.kind == EndingCase.Kind.RESUMES:
        return _("The document has effect again from %s.") % f"{case.on:%d/%m/%Y}"
    if case.kind != EndingCase.Kind.ENDS and case.until is None:
        return _("The effect of the document is suspended from %s, with an open end.") % f"{case.on:%d/%m/%Y}"
    if case.kind != EndingCase.Kind.ENDS:
        days = {"on": f"{case.on:%d/%m/%Y}", "until": f"{case.until:%d/%m/%Y}"}
        return _("The effect of the document is suspended from %(on)s up to and with %(until)s.") % days
    if case.scope != EndingCase.Scope.WHOLE:
        units = "; ".join(eid_in_words(eid) for eid in case.eids)
        return _("A part ends: %s.") % units if units else _("A part ends that the clause does not name.")
    if case.on is None:
        return _("The document ends; the day is missing.")
    return _("The document is no longer in force from %s.") % f"{case.on:%d/%m/%Y}"


# -- what only amended what ended ------------------------------------------------------------


def left_behind(day: datetime.date) -> QuerySet[LegalDocument]:
    """Public acts that only amended documents which have all ended by `day`, and have no end themselves.

    Nothing ends by itself: the list is for people. An act counts if its title says that it amends.
    """
    ended = StatusEvent.objects.filter(kind=StatusEventKind.EXPIRES, scope=StatusEventScope.WHOLE, on__lte=day)
    amends = Relation.objects.filter(actor=OuterRef("pk"), kind=RelationKind.AMENDS)
    amends = amends.exclude(status=Relation.Status.REJECTED)
    alive = amends.exclude(Exists(ended.filter(document=OuterRef("target"))))
    acts = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED, is_sample=False)
    acts = acts.filter(search_key__contains="sua doi")
    acts = acts.filter(Exists(amends), ~Exists(alive), ~Exists(ended.filter(document=OuterRef("pk"))))
    return acts.order_by("-list_order")


def amended_by(acts: Iterable[LegalDocument]) -> dict[int, list[LegalDocument]]:
    """{id of the act: the documents that it amended}. One query."""
    found: dict[int, list[LegalDocument]] = {}
    relations = Relation.objects.filter(actor__in=list(acts), kind=RelationKind.AMENDS, target__isnull=False)
    for relation in relations.exclude(status=Relation.Status.REJECTED).select_related("target").order_by("pk"):
        documents = found.setdefault(relation.actor_id, [])
        if relation.target and relation.target not in documents:
            documents.append(relation.target)
    return found
