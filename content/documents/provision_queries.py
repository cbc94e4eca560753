"""Provisions with their text on a day, and with the provisions around them."""

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.db.models import F, FilteredRelation, Max, Q, QuerySet

from content.diff import UnitText
from content.documents.models import Amendment, LegalDocument, Provision, ProvisionVersion
from content.law.doc_types import NORMATIVE_TYPES, NORMATIVE_TYPES_WITH_YEAR, DocType
from content.law.eids import eid_lineage
from content.law.units import KINDS_BELOW_ARTICLE

_TEXT_OF_VERSION = {
    "heading": F("version__heading"),
    "text": F("version__text"),
    "made_by_id": F("version__made_by"),
    "version_pk": F("version__pk"),
}
_UNIT_COLUMNS = (
    "pk", "parent_id", "eid", "kind", "number", "position", "codification_code", "heading", "made_by_id", "version_pk",
    "text",
)  # fmt: skip
REPEAL = "repeal"  # the action of an instruction, in Amendment.instructions


def public_articles() -> QuerySet[Provision]:
    """The articles of public documents: current, former and future ones."""
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    return Provision.objects.filter(document__in=public, kind="article").select_related("document")


def normative_articles(day: datetime.date, ids: range) -> QuerySet[Provision, tuple[str, str, datetime.datetime]]:
    """(key of the document, eid, last change of the document) of public articles that have a text on `day`.

    Only those whose primary key is in `ids`, and of documents that are normative by type and number.
    """
    with_year = Q(document__doc_type__in=NORMATIVE_TYPES_WITH_YEAR, document__number__regex="/[0-9]{4}/")
    articles = public_articles().filter(with_year | Q(document__doc_type__in=[DocType.CONSTITUTION, *NORMATIVE_TYPES]))
    shown = provisions_with_text_on(articles.filter(pk__gte=ids.start, pk__lt=ids.stop), day)
    return shown.order_by("pk").values_list("document__key", "eid", "document__updated_at")


def last_provision_id() -> int:
    """The largest primary key of a provision; 0 without any."""
    return Provision.objects.aggregate(last=Max("pk"))["last"] or 0


def provisions_on(document: LegalDocument, day: datetime.date) -> QuerySet[Provision]:
    """The document's provisions in order, each with its `heading` and `text` on `day`.

    A provision without a version on that day is left out.
    """
    return provisions_with_text_on(Provision.objects.filter(document=document), day).order_by("position")


def provisions_with_text_on(provisions: QuerySet[Provision], day: datetime.date) -> QuerySet[Provision]:
    """Narrow to provisions with a version on `day`, each with its `heading` and `text`."""
    on_the_day = Q(
        Q(versions__valid_from=None) | Q(versions__valid_from__lte=day),
        Q(versions__valid_until=None) | Q(versions__valid_until__gt=day),
    )
    return (
        provisions.annotate(
            version=FilteredRelation("versions", condition=on_the_day)
        )  # at most one: they never overlap
        .filter(version__isnull=False)
        .annotate(**_TEXT_OF_VERSION)
    )


@dataclass(slots=True)
class Unit:
    """A provision with a text on the day, as a Provision with `heading` and `text` is."""

    pk: int
    parent_id: int | None
    eid: str
    kind: str
    number: str
    position: int
    codification_code: str
    heading: str
    made_by_id: int | None = None
    version_pk: int | None = None
    text: str = ""


class AmendmentOfUnit(Protocol):
    """What is told of the amendment of a unit: an Amendment, or an AppliedAmendment."""

    @property
    def on(self) -> datetime.date: ...
    @property
    def act(self) -> Any: ...  # a LegalDocument, or what a link and a citation need of it


@dataclass(frozen=True)
class ShownUnit:
    """A provision as a reader sees it on one day; one that an act removed before stays as a heading without text.

    `provision` is a Unit, or a Provision with `heading` and `text`.
    """

    provision: Any
    amendment: AmendmentOfUnit | None  # the last one that gave it its text, or removed it: since `on`, by `act`
    is_removed: bool = False
    is_repealed: bool = False  # the act says so; else a new wording of the unit around it leaves it out


def units_of(provisions: QuerySet[Provision]) -> list[Unit]:
    """The rows of `provisions_with_text_on`, without model instances: a third of their time."""
    return [Unit(*row) for row in provisions.values_list(*_UNIT_COLUMNS)]


def units_of_documents(documents: Sequence[int], day: datetime.date) -> dict[int, list[Unit]]:
    """{primary key of a document: its units with text on `day`, in order}, of each of these. One query."""
    shown = provisions_with_text_on(Provision.objects.filter(document__in=documents), day)
    units: dict[int, list[Unit]] = {pk: [] for pk in documents}
    for document, *row in shown.order_by("document_id", "position").values_list("document_id", *_UNIT_COLUMNS):
        units[document].append(Unit(*row))
    return units


def units_shown_on(document: LegalDocument, day: datetime.date) -> list[ShownUnit]:
    """The document's provisions with text on `day`, and the outermost ones that acts removed until then, in order.

    Of what is below an article only what an act repeals by name is shown as removed: a new wording of the article tells
    of the rest.
    """
    return units_shown_in([document], day)[document.pk]


def units_shown_in(documents: Sequence[LegalDocument], day: datetime.date) -> dict[int, list[ShownUnit]]:
    """Map the primary key of each document to its units on `day`. Two queries, and one for each amended document."""
    ids = [each.pk for each in documents]
    units = units_of_documents(ids, day)
    amendments: dict[int, dict[int, Amendment]] = {pk: {} for pk in ids}
    for each in Amendment.objects.filter(document__in=ids, withdrawn_at=None).select_related("act"):
        amendments[each.document_id][each.pk] = each
    return {each.pk: _with_removed(each, day, units[each.pk], amendments[each.pk], None) for each in documents}


def with_removed_units(
    document: LegalDocument, day: datetime.date, with_text: list[Any], *, parent: Provision | None = None
) -> list[ShownUnit]:
    """`with_text` and the units that acts removed until `day`, in order.

    `with_text`: all units of the document, or those directly under `parent`. A part of them is answered with units that
    acts removed elsewhere, which the caller leaves out.
    """
    applied = document.amendments.filter(withdrawn_at=None).select_related("act")
    return _with_removed(document, day, with_text, {each.pk: each for each in applied}, parent)


def _with_removed(
    document: LegalDocument, day: datetime.date, with_text: list[Any], amendments: Mapping[int, Amendment], parent: Any
) -> list[ShownUnit]:
    shown = [ShownUnit(each, amendments.get(each.made_by_id)) for each in with_text]
    if not amendments:
        return shown
    ended = ProvisionVersion.objects.filter(provision__document=document, valid_until__lte=day, ended_by__in=amendments)
    here = {each.pk for each in with_text}
    if parent:
        ended, here = ended.filter(provision__parent=parent), here | {parent.pk}
    shown += _removed_units(ended, here, amendments)
    return sorted(shown, key=lambda each: each.provision.position)


def _removed_units(
    ended: QuerySet[ProvisionVersion], with_text: Collection[int], amendments: Mapping[int, Amendment]
) -> Iterator[ShownUnit]:
    ended = ended.exclude(provision__in=with_text).select_related("provision")
    for version in ended.order_by("provision_id", "-valid_until").distinct("provision_id"):
        provision: Any = version.provision
        provision.heading, provision.text = version.heading, ""
        amendment = amendments[cast(int, version.ended_by_id)]
        is_outermost = provision.parent_id is None or provision.parent_id in with_text
        is_repealed = any(
            order["action"] == REPEAL and order["eid"] in eid_lineage(provision.eid) for order in amendment.instructions
        )
        if is_outermost and (is_repealed or provision.kind not in KINDS_BELOW_ARTICLE):
            yield ShownUnit(provision, amendment, is_removed=True, is_repealed=is_repealed)


def imported_texts(document: LegalDocument) -> dict[str, str]:
    """{eid: own text} of the document as it was imported, in order; joined they are the whole text."""
    versions = ProvisionVersion.objects.filter(provision__document=document, valid_from=None)
    return dict(versions.order_by("provision__position").values_list("provision__eid", "text"))


def unit_texts_on(document: LegalDocument, day: datetime.date) -> list[UnitText]:
    """The document's text on `day` as a list of UnitText, in its order."""
    columns = ("pk", "parent", "eid", "kind", "number", "heading", "text")
    rows = list(provisions_on(document, day).values_list(*columns))
    eids: dict[int | None, str] = {pk: eid for pk, _parent, eid, *_rest in rows}
    return [
        UnitText(eid, kind, number, heading, text, eids.get(parent))
        for _pk, parent, eid, kind, number, heading, text in rows
    ]
