"""Which stored documents the lines of a list mean, and what is stored about their effect."""

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Max, QuerySet

from content.documents.models import LegalDocument, StatusEvent
from content.endings.models import EndingCase
from content.law.doc_types import DocType
from content.official_statuses.comparison import StoredEffect
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import OfficialStatus, StatusConflict
from content.text.vietnamese import fold

STATES_COMPARED = (
    EndingCase.State.OPEN,
    EndingCase.State.CONTESTED,
    EndingCase.State.CARRIED_OUT,
)


def documents_of_lines(lines: Sequence[StatusLine]) -> dict[int, list[LegalDocument]]:
    """{number of the line: the public documents that fit}. Two queries, however many lines. Samples are left out."""
    keys = {key for line in lines for key in line.keys}
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED, is_sample=False)
    public = public.exclude(doc_type=DocType.CONSOLIDATED_TEXT).select_related("issuer")
    by_key: dict[str, dict[int, LegalDocument]] = {}
    several = public.exclude(other_number_keys=[]).filter(other_number_keys__overlap=list(keys))
    for document in [*public.filter(number_key__in=keys), *several]:
        for key in (document.number_key, *document.other_number_keys):
            by_key.setdefault(key, {})[document.pk] = document
    return {line.line: _fitting(line, by_key) for line in lines}


def _fitting(line: StatusLine, by_key: dict[str, dict[int, LegalDocument]]) -> list[LegalDocument]:
    found = {pk: document for key in line.keys for pk, document in by_key.get(key, {}).items()}
    fitting = [each for each in found.values() if _fits(line, each)]
    if len(fitting) > 1 and line.issuer:
        fitting = [each for each in fitting if each.issuer and _folded(each.issuer.name) == line.issuer] or fitting
    return fitting


def _fits(line: StatusLine, document: LegalDocument) -> bool:
    """Whether type and day agree, as far as the line and the document give them."""
    if line.doc_type and line.doc_type != document.doc_type:
        return False
    return not (line.issued_on and document.issued_on and line.issued_on != document.issued_on)


def _folded(name: str) -> str:
    return " ".join(fold(name).split())


def stored_effects(ids: Collection[int], source: str) -> dict[int, StoredEffect]:
    """{id of the document: StoredEffect}. Three queries."""
    events: dict[int, list[StatusEvent]] = {pk: [] for pk in ids}
    for event in StatusEvent.objects.filter(document__in=ids):
        events[event.document_id].append(event)
    cases: dict[int, list[EndingCase]] = {pk: [] for pk in ids}
    whole = EndingCase.objects.filter(kind=EndingCase.Kind.ENDS, scope=EndingCase.Scope.WHOLE, target__in=ids)
    for case in whole.filter(state__in=STATES_COMPARED).select_related("act").order_by("pk"):
        cases[int(case.target_id or 0)].append(case)
    newest = newest_lists(ids, source)
    return {pk: StoredEffect(events[pk], cases[pk], newest.get(pk)) for pk in ids}


def newest_lists(ids: Iterable[int], source: str) -> dict[int, datetime.date]:
    """{id of the document: day of the newest list of that source about it}."""
    of_source = OfficialStatus.objects.filter(document__in=ids, source=source).order_by()
    return dict(of_source.values_list("document").annotate(Max("as_of")))


def newest_statements(document: LegalDocument) -> list[OfficialStatus]:
    """What the newest list of each source says of the document, but for lines with a conflict, open or decided."""
    rows = list(document.official_statuses.order_by("source", "as_of", "pk").prefetch_related("conflicts"))
    newest = {row.source: row.as_of for row in rows}
    return [row for row in rows if row.as_of == newest[row.source] and not row.conflicts.all()]


def known_hashes(hashes: Collection[str]) -> set[str]:
    return set(OfficialStatus.objects.filter(row_hash__in=hashes).values_list("row_hash", flat=True))


def conflicts() -> QuerySet[StatusConflict]:
    """All conflicts with what their pages show, the oldest first."""
    rows = StatusConflict.objects.select_related("document", "official", "case__act", "case__target", "decided_by")
    return rows.order_by("pk")


def open_conflicts() -> QuerySet[StatusConflict]:
    return conflicts().filter(state=StatusConflict.State.OPEN)
