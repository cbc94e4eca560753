"""Which acts are to be read, in which order, and the text that is read."""

import datetime
from collections.abc import Iterable

from django.db.models import Max

from content.documents import provision_queries
from content.documents.effect import EffectDoubtKind, StatusEventKind, StatusEventScope, effect_on
from content.documents.models import LegalDocument, ProvisionVersion
from content.documents.provisions import text_sha256
from content.endings import queries
from content.endings.doubts import StoredDoubt
from content.endings.models import EndingCase, ReadAct
from content.law import document_references
from content.relations import queries as relation_queries

READER_VERSION = 14  # raise it when the reader changes: acts are read again


def acts_to_read(
    document: LegalDocument, *, is_new: bool = False, is_corrected: bool = False, is_only_doubted: bool = False
) -> list[LegalDocument]:
    """The acts to read after a change of a document, in the order of their first days.

    It, unless its text and first day are those that were read, and what became of its effect concerns nothing that it
    ends. If it `is_new` here, those that waited for it, or took its number or name to mean others; if it `is_corrected`
    also those that were taken to mean it; else those that say something undecided about it. What makes it doubtful
    changes nothing of what others say about it (`is_only_doubted`), only what it may end itself.
    """
    others = []
    if is_new or is_corrected:
        others += queries.acts_waiting_for(keys_of(document)) + queries.acts_that_name(document, keys_of(document))
    if not (is_new or is_only_doubted):
        others += queries.acts_about(document, also_carried_out=is_corrected)
    acts = {act.pk: act for act in others}
    says_something = document.is_published and document.ending_cases.exists()
    if not is_read(document) or (says_something and (is_corrected or _may_no_longer_end(document))):
        acts[document.pk] = document
    return sorted(acts.values(), key=order_of_act)


def order_of_act(act: LegalDocument) -> tuple[datetime.date, datetime.date, int]:
    last = datetime.date.max
    first_day = effect_on(act.status_events.all(), last).effective_on
    return first_day or last, act.issued_on or last, act.pk


def keys_of(document: LegalDocument) -> set[str]:
    """The keys by which acts that were read before may wait for this document."""
    name = document_references.bare_name(document.doc_type, document.title)
    without_year = document_references.name_key(document.doc_type, name, None)
    return {*relation_queries.target_keys_of(document), *document.other_number_keys, document.number_key, without_year}


def is_read(act: LegalDocument) -> bool:
    """Whether the act was read with its present text and first day by the present reader."""
    if not act.is_published:
        return True
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    same = ReadAct.objects.filter(act=act, first_day=first_day, reader_version=READER_VERSION)
    return same.filter(content_hash=hash_of_text(act, first_day)).exists()


def _may_no_longer_end(act: LegalDocument) -> bool:
    """Whether something that happens to the act, or may happen, comes before the day of an ending that it states."""
    stated = act.ending_cases.exclude(kind=EndingCase.Kind.AMENDS).exclude(state=EndingCase.State.REJECTED)
    stated = stated.filter(decided_by=None, target__isnull=False).exclude(target=act)
    if stated.filter(doubts__contains=[StoredDoubt.NOT_IN_FORCE]).exists():
        return True
    last = stated.aggregate(last=Max("on"))["last"]
    if last is None:
        return False
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    days = [event.on for event in act.status_events.all() if event.on and event.on != first_day]
    doubted = [doubt.from_on for doubt in act.effect_doubts.all() if doubt.kind != EffectDoubtKind.BEGINS]
    return any(day <= last for day in [*days, *doubted])


def is_text_read(act: LegalDocument) -> bool:
    """Whether the act was read with its present text."""
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    return ReadAct.objects.filter(act=act, content_hash=hash_of_text(act, first_day)).exists()


def text_to_read(act: LegalDocument, first_day: datetime.date | None) -> str:
    """The act's text on its first day: an amendment before that day may change what it ends, and when."""
    if _is_amended_early(act, first_day):
        return "".join(unit.text for unit in provision_queries.unit_texts_on(act, first_day or datetime.date.max))
    as_enacted = ProvisionVersion.objects.filter(provision__document=act, valid_from=None)
    return "".join(as_enacted.order_by("provision__position").values_list("text", flat=True))


def texts_before_own_days(act: LegalDocument, first_day: datetime.date | None) -> list[tuple[datetime.date, str]]:
    """[(day, text)] of the amendments of the act after its first day, up to the last first day of a part of it.

    Until that day another act may put it off.
    """
    own = act.status_events.filter(kind=StatusEventKind.TAKES_EFFECT, scope=StatusEventScope.PART)
    last = own.aggregate(last=Max("on"))["last"]
    if last is None or first_day is None:
        return []
    made = act.amendments.filter(withdrawn_at=None, versions_made__isnull=False, on__gt=first_day, on__lte=last)
    days = made.order_by("on").values_list("on", flat=True).distinct()
    return [(day, "".join(unit.text for unit in provision_queries.unit_texts_on(act, day))) for day in days]


def hash_of_text(act: LegalDocument, first_day: datetime.date | None) -> str:
    """As ReadAct.content_hash has it."""
    later = texts_before_own_days(act, first_day)
    if later or _is_amended_early(act, first_day):
        return hash_of_texts(text_to_read(act, first_day), later)
    return act.content_hash


def hash_of_texts(text: str, later: Iterable[tuple[datetime.date, str]]) -> str:
    return text_sha256("".join([text, *(text for _day, text in later)]))


def _is_amended_early(act: LegalDocument, first_day: datetime.date | None) -> bool:
    texts = act.amendments.filter(withdrawn_at=None, versions_made__isnull=False)
    return first_day is not None and texts.filter(on__lte=first_day).exists()
