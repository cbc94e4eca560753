"""Which acts are to be read, in which order, and the text that is read."""

import datetime

from content.documents import provision_queries
from content.documents.effect import effect_on
from content.documents.models import LegalDocument, ProvisionVersion
from content.documents.provisions import text_sha256
from content.endings import queries
from content.endings.models import ReadAct
from content.law import document_references
from content.relations import queries as relation_queries

READER_VERSION = 2  # raise it when the reader changes: acts are read again


def acts_to_read(document: LegalDocument, *, is_new: bool) -> list[LegalDocument]:
    """The acts to read after a change of a document, in the order of their first days.

    It, unless its text and first day are those that were read. If it `is_new` here, those that waited for it; else
    those that say something undecided about it.
    """
    others = queries.acts_waiting_for(keys_of(document)) if is_new else queries.acts_undecided_about(document)
    acts = {act.pk: act for act in others}
    if not is_read(document):
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
    return same.filter(content_hash=_hash_of_text(act, first_day)).exists()


def text_to_read(act: LegalDocument, first_day: datetime.date | None) -> str:
    """The act's text on its first day: an amendment before that day may change what it ends, and when."""
    if _is_amended_early(act, first_day):
        return "".join(unit.text for unit in provision_queries.unit_texts_on(act, first_day or datetime.date.max))
    as_enacted = ProvisionVersion.objects.filter(provision__document=act, valid_from=None)
    return "".join(as_enacted.order_by("provision__position").values_list("text", flat=True))


def _hash_of_text(act: LegalDocument, first_day: datetime.date | None) -> str:
    """As ReadAct.content_hash has it."""
    return text_sha256(text_to_read(act, first_day)) if _is_amended_early(act, first_day) else act.content_hash


def _is_amended_early(act: LegalDocument, first_day: datetime.date | None) -> bool:
    texts = act.amendments.filter(withdrawn_at=None, versions_made__isnull=False)
    return first_day is not None and texts.filter(on__lte=first_day).exists()
