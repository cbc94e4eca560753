"""What open cases make doubtful, and the change log's lines of that."""

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from content import vietnam_time
from content.amendments import services as amendments
from content.changes import event_types
from content.documents import change_log, span_writer
from content.documents.models import Amendment, EffectDoubt, LegalDocument
from content.documents.units_inside import with_units_inside
from content.endings.models import EndingCase
from content.relations.models import Relation

UNDECIDED = (EndingCase.State.OPEN, EndingCase.State.CONTESTED, EndingCase.State.WAITING)

Said = tuple[object, ...]  # what a doubt says of a document, its kind first


def doubts_raised_by(act: LegalDocument) -> list[EffectDoubt]:
    """What we say that the act makes doubtful now: of effect, and of texts. For a copied act, only of our documents."""
    return list(EffectDoubt.objects.filter(said_by_us(), act=act))


def said_by_us() -> Q:
    """Doubts that our reading raised: about our documents, and about copies because of undecided cases of our acts.

    What a home says of its laws, also because of an act of ours, comes with their records, at any moment, and with
    lines of the home. It ends when a record of the law does not say it.
    """
    cases = EndingCase.objects.filter(act=OuterRef("act"), source_eid=OuterRef("source_eid"), scope=OuterRef("scope"))
    cases = cases.filter(Q(target=None) | Q(target=OuterRef("document")), state__in=UNDECIDED)
    of_topics = Q(until_on__isnull=False)  # see `doubt_topics_with_own_day`: they have no case
    return Q(document__home="") | (Q(act__home="") & (of_topics | Q(Exists(cases))))


def record_doubt_changes(act: LegalDocument, before: Sequence[EffectDoubt]) -> None:
    """Record of which documents the act's doubts are others than `before`, and touch them, so that caches learn of it.

    One line for each document: its effect is doubtful, or no longer; else its text is, or no longer. Nobody is
    notified. A doubt that is the same as before keeps the moment since when it is known.
    """
    after = doubts_raised_by(act)
    _keep_since(before, after)
    span_writer.write_own_spans()
    was, now = _said_of_documents(before), _said_of_documents(after)
    changed = {pk for pk in was.keys() | now.keys() if was.get(pk) != now.get(pk)}
    LegalDocument.objects.filter(pk__in=changed).update(updated_at=timezone.now())
    types = {pk: _event_type(was.get(pk, set()), now.get(pk, set())) for pk in changed}
    for document in LegalDocument.objects.filter(pk__in=changed, status=LegalDocument.Status.PUBLISHED).order_by("pk"):
        facts = {"act": amendments.act_facts(act)}
        change_log.record_change(types[document.pk], document, event_types.EDITORIAL, facts=facts, notify=False)


def _event_type(was: set[Said], now: set[Said]) -> event_types.EventType:
    """Which line tells that an act says something else of a document now."""
    effect_was, effect_now = ({each for each in said if each[0] != EffectDoubt.Kind.AMENDS} for said in (was, now))
    if effect_was != effect_now:
        return event_types.EFFECT_DOUBTED if effect_now else event_types.DOUBT_SETTLED
    return event_types.TEXT_DOUBTED if len(now) > len(effect_now) else event_types.TEXT_DOUBT_SETTLED


def _keep_since(before: Iterable[EffectDoubt], after: Iterable[EffectDoubt]) -> None:
    since = {(each.document_id, _place_and_days(each)): each.since for each in before}
    for each in after:
        known = since.get((each.document_id, _place_and_days(each)), each.since)
        if known != each.since:
            EffectDoubt.objects.filter(pk=each.pk).update(since=known)


def _said_of_documents(doubts: Iterable[EffectDoubt]) -> dict[int, set[Said]]:
    """{id of the document: what the doubts say of it}."""
    said: dict[int, set[Said]] = {}
    for each in doubts:
        said.setdefault(each.document_id, set()).add(_said(each))
    return said


def _said(doubt: EffectDoubt) -> Said:
    return *_place_and_days(doubt), doubt.words


def _place_and_days(doubt: EffectDoubt) -> tuple[object, ...]:
    place = (doubt.kind, doubt.scope, doubt.source_eid, tuple(doubt.eids))
    return *place, doubt.from_on, doubt.on, doubt.until_on


def record_doubts_from(day: datetime.date) -> int:
    """Record in the change log whose effect is doubtful from that day on. Returns how many. Nobody is notified.

    What was read earlier was recorded then, but is shown only now.
    """
    doubts = EffectDoubt.objects.filter(from_on=day, document__status=LegalDocument.Status.PUBLISHED)
    doubts = doubts.exclude(kind=EffectDoubt.Kind.AMENDS).select_related("document", "act")
    first = {doubt.document_id: doubt for doubt in doubts.order_by("document", "-pk")}
    for doubt in first.values():
        facts = {"act": amendments.act_facts(doubt.act)}
        change_log.record_change(
            event_types.EFFECT_DOUBTED, doubt.document, event_types.EDITORIAL, facts=facts, notify=False
        )
    return len(first)


def record_doubts_until(day: datetime.date) -> int:
    """Record in the change log whose effect was doubtful until that day, and no longer is. Returns how many.

    Documents whose text or effect is shown otherwise from then on are touched. Nobody is notified.
    """
    ended = EffectDoubt.objects.filter(until_on=day, document__status=LegalDocument.Status.PUBLISHED)
    LegalDocument.objects.filter(pk__in=ended.values("document")).update(updated_at=timezone.now())
    of_effect = EffectDoubt.objects.exclude(kind=EffectDoubt.Kind.AMENDS)
    others = of_effect.filter(from_on__lte=day).exclude(until_on__lte=day)
    settled = ended.exclude(kind=EffectDoubt.Kind.AMENDS).exclude(document__in=others.values("document"))
    last = {doubt.document_id: doubt for doubt in settled.select_related("document", "act").order_by("document", "-pk")}
    for doubt in last.values():
        facts = {"act": amendments.act_facts(doubt.act)}
        change_log.record_change(
            event_types.DOUBT_SETTLED, doubt.document, event_types.EDITORIAL, facts=facts, notify=False
        )
    return len(last)


def raise_doubts(
    case: EndingCase, documents: Iterable[LegalDocument], *, kind: str = "", eids: Sequence[str] | None = None
) -> None:
    """Write what the open case says about these documents, so that they are not shown as in force.

    `eids`: the units that are doubtful, none: the whole document; None: those of the case.
    """
    if case.state not in UNDECIDED:
        return
    kind, named = kind or case.kind, case.eids if eids is None else eids
    for document in documents:
        if document.home and case.act.home:  # its home says what is doubtful; what acts of ours say it does not know
            continue
        # «Sửa đổi tên Chương III» leaves its articles as they are
        eids = list(named) if kind == EndingCase.Kind.AMENDS else with_units_inside(document.pk, named)
        from_on = case.on or case.act.issued_on or vietnam_time.today()
        doubt, made = EffectDoubt.objects.get_or_create(
            document=document,
            act=case.act,
            source_eid=case.source_eid,
            kind=kind,
            scope=case.scope,
            defaults={
                "eids": sorted(eids),
                "from_on": from_on,
                "on": case.on,
                "words": f"{case.words} {case.official_note}".strip(),
                "reasons": case.doubts,
            },
        )
        if not made:
            whole = not doubt.eids or not eids
            doubt.eids = [] if whole else sorted({*doubt.eids, *eids})
            doubt.from_on = min(doubt.from_on, from_on)
            doubt.on = doubt.on if doubt.on == case.on else None
            doubt.save()


def settle_doubts(case: EndingCase) -> None:
    """Delete what the case made doubtful, if no other open case says it too."""
    place = {"act": case.act, "source_eid": case.source_eid, "kind": case.kind, "scope": case.scope}
    doubts = EffectDoubt.objects.filter(**place)
    if case.kind == EndingCase.Kind.AMENDS:  # an order to repeal units also makes their effect doubtful
        doubts |= EffectDoubt.objects.filter(**place | {"kind": EndingCase.Kind.ENDS})
    if case.target_id:
        doubts = doubts.filter(document=case.target_id)
    others = EndingCase.objects.filter(**place, state__in=UNDECIDED).exclude(pk=case.pk)
    if others.filter(target=None, state=EndingCase.State.CONTESTED).exists():  # which documents it means is not stored
        doubts = doubts.none()
    doubts = doubts.exclude(document__in=others.filter(target__isnull=False).values("target"))
    if case.kind == EndingCase.Kind.AMENDS and case.target_id == case.act_id:  # each first day has its own clause
        doubts |= EffectDoubt.objects.filter(act=case.act, document=case.act, kind=EffectDoubt.Kind.BEGINS)
    before = [*doubts_raised_by(case.act), *doubts]  # of copies too, though the case is decided by now
    doubts.delete()
    record_doubt_changes(case.act, before)


def lock_affected(act: LegalDocument, also: Iterable[LegalDocument] = ()) -> None:
    """Lock the documents that the act ends, amends or makes doubtful; the caller has locked the act.

    By key, as everybody locks documents, and before the first line of the change log: no deadlock.
    """
    ids = {document.pk for document in also} | affected_ids([act.pk])
    list(LegalDocument.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def affected_ids(acts: Collection[int]) -> set[int]:
    """The ids of the documents that these acts end, amend or make doubtful."""
    ids = set(Relation.objects.filter(actor__in=acts, target__isnull=False).values_list("target", flat=True))
    ids |= set(EffectDoubt.objects.filter(act__in=acts).values_list("document", flat=True))
    ids |= set(Amendment.objects.filter(act__in=acts).values_list("document", flat=True))
    return {pk for pk in ids if pk is not None}
