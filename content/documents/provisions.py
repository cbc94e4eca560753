"""Stores a parsed text as provisions: an eid stays in its row, and an import gives each row one version."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from content import sql
from content.documents import provision_order
from content.documents.models import LegalDocument, Provision, ProvisionVersion
from content.law.units import UnitKind


class ParsedUnit(Protocol):
    """A unit of a parsed text; `parent` is an index into the units. parsing.Unit is one."""

    @property
    def kind(self) -> UnitKind: ...
    @property
    def eid(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def parent(self) -> int | None: ...


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def store_provisions(
    document: LegalDocument, text: str, units: Sequence[ParsedUnit], codes: Mapping[str, str]
) -> list[str]:
    """Make the document's provisions those of `units`. Returns the eids that were added, changed or removed.

    `codes`: {eid: code of the codification}; a provision without an entry keeps its code.

    A provision whose eid stays keeps its row, whatever its text: eids are permanent, others link to them. Once the
    document was public, the rows of removed units stay too, without a version.
    """
    former = list(document.provisions.order_by("position"))
    by_eid = {provision.eid: provision for provision in former}
    gone = by_eid.keys() - {unit.eid for unit in units}
    for unit in units:
        if unit.eid not in by_eid:
            by_eid[unit.eid] = Provision(document=document, eid=unit.eid)
        by_eid[unit.eid].codification_code = codes.get(unit.eid, by_eid[unit.eid].codification_code)
    rows = _store_rows(units, by_eid)
    emptied = _delete_versions(document, gone)
    if document.published_at and gone:
        store_positions(provision_order.with_former_rows(rows, former))
    else:
        document.provisions.filter(eid__in=gone).delete()  # last: no row that stays is under them any more
    stored = ProvisionVersion.objects.filter(provision__document=document, valid_from=None) if former else ()
    return sorted(emptied | _store_versions(rows, units, text, {each.provision_id: each for each in stored}))


def _delete_versions(document: LegalDocument, eids: Iterable[str]) -> set[str]:
    """Delete the versions of these units; returns the eids that had any."""
    versions = ProvisionVersion.objects.filter(provision__document=document, provision__eid__in=eids)
    emptied = set(versions.values_list("provision__eid", flat=True))
    versions.delete()
    return emptied


def store_positions(rows: Sequence[Provision]) -> None:
    """Store the positions of the rows in the list; uniqueness is checked when the transaction ends."""
    moved = [row for position, row in enumerate(rows) if row.position != position]
    for position, row in enumerate(rows):
        row.position = position
    sql.store_numbers(moved, "position")


def store_codification_codes(document: LegalDocument, codes: Mapping[str, str]) -> list[str]:
    """Store {eid: code of the codification} of the document's provisions. Returns the eids whose code changed."""
    rows = document.provisions.filter(eid__in=codes)
    changed = [row for row in rows if row.codification_code != codes[row.eid]]
    for row in changed:
        row.codification_code = codes[row.eid]
    Provision.objects.bulk_update(changed, ["codification_code"], batch_size=500)
    return sorted(row.eid for row in changed)


def _store_rows(units: Sequence[ParsedUnit], by_eid: Mapping[str, Provision]) -> list[Provision]:
    """The provisions of `units`, in order. New ones get their ids level by level."""
    rows: list[Provision] = []
    depths: list[int] = []
    for position, unit in enumerate(units):
        row = by_eid[unit.eid]
        row.kind, row.number, row.position = unit.kind.value, unit.number, position
        rows.append(row)
        depths.append(0 if unit.parent is None else depths[unit.parent] + 1)
    old = [row for row in rows if row.pk]
    new = [rows[index] for depth in sorted(set(depths)) for index, own in enumerate(depths) if own == depth]
    new = [row for row in new if row.pk is None]
    sql.give_keys(new)
    for row, unit in zip(rows, units, strict=True):
        row.parent = None if unit.parent is None else rows[unit.parent]
    sql.copy_rows(new)
    Provision.objects.bulk_update(old, ["kind", "number", "position", "parent", "codification_code"], batch_size=500)
    return rows


def _store_versions(
    rows: Sequence[Provision], units: Sequence[ParsedUnit], text: str, versions: Mapping[int, ProvisionVersion]
) -> set[str]:
    """Give each row the text of its unit; returns the eids whose version is new or changed."""
    new: list[ProvisionVersion] = []
    changed: list[ProvisionVersion] = []
    eids: set[str] = set()
    for row, unit in zip(rows, units, strict=True):
        own = text[unit.start : unit.end]
        version = versions.get(row.pk) or ProvisionVersion(provision=row)
        if (version.heading, version.text) == (unit.heading, own) and version.pk:
            continue
        (changed if version.pk else new).append(version)
        version.heading, version.text, version.text_hash = unit.heading, own, text_sha256(own)
        eids.add(row.eid)
    sql.copy_rows(new)
    ProvisionVersion.objects.bulk_update(changed, ["heading", "text", "text_hash"], batch_size=500)
    return eids
