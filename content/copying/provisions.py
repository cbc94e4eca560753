"""The amendments of a document, its provisions and all their versions, as data and put from data."""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from content import sql
from content.documents.models import Amendment, LegalDocument, Provision, ProvisionVersion
from content.documents.provisions import text_sha256
from content.law.units import UnitKind
from content.record_fields import fields
from content.record_fields.eids import refuse_unknown_eids
from content.record_fields.fields import Data, RecordRefused, RecordWaits

AmendmentsByRef = Sequence[Amendment]
Refs = Mapping[int, int]  # {primary key of an amendment: its place in the record}
UNIT_KINDS = [each.value for each in UnitKind]


def amendments_data(amendments: Sequence[Data]) -> list[dict[str, Any]]:
    """Applied amendments in the order of their days; versions and events name them by their place here."""
    return [{name: each[name] for name in ("act", "on", "eids", "instructions")} for each in amendments]


def put_amendments(document: LegalDocument, rows: Sequence[Data]) -> AmendmentsByRef:
    """The document's amendments by their place in the record. Those it does not name are withdrawn.

    Raises RecordWaits where an act is not here.
    """
    acts = _acts_of(document, rows)
    stored = list(document.amendments.filter(withdrawn_at=None).order_by("on", "pk"))
    free = [(each, _amendment_identity(each.act_id, each.on, each.eids, each.instructions)) for each in stored]
    found: list[Amendment] = []
    for row in rows:
        on, eids = fields.day(row, "on"), fields.texts(row, "eids", most=120)
        instructions = row.get("instructions", [])
        if on is None or not _are_instructions(instructions):
            raise RecordRefused(_("An amendment of the record has no day or no instructions."))
        refuse_unknown_eids(eids)
        act = acts[fields.text(row, "act")]
        wanted = _amendment_identity(act.pk, on, eids, instructions)
        match = next((pair for pair in free if pair[1] == wanted), None)
        if match:
            free.remove(match)
            found.append(match[0])
        else:
            columns = {"on": on, "eids": eids, "instructions": instructions}
            found.append(Amendment.objects.create(document=document, act=act, **columns))
    for amendment, _identity in free:
        _withdraw(amendment)
    return found


def _are_instructions(value: Any) -> bool:
    """Whether reading the law can use them: each with the texts by which pages find units."""
    names = ("action", "eid", "source")
    rows = value if isinstance(value, list) and len(value) <= fields.MAX_ITEMS else [None]
    return all(isinstance(row, dict) and all(isinstance(row.get(name), str) for name in names) for row in rows)


def _acts_of(document: LegalDocument, rows: Sequence[Data]) -> dict[str, LegalDocument]:
    keys = {fields.text(row, "act") for row in rows}
    acts = {act.key: act for act in LegalDocument.objects.filter(key__in=keys)} | {document.key: document}
    if missing := sorted(keys - acts.keys()):
        raise RecordWaits(_("The act %s, which amends the document, is not here yet.") % missing[0])
    return acts


def _amendment_identity(act: int, on: datetime.date, eids: Sequence[str], instructions: Any) -> tuple[object, ...]:
    return act, on, tuple(eids), json.dumps(instructions, sort_keys=True)


def _withdraw(amendment: Amendment) -> None:
    amendment.versions_made.update(made_by=None)
    amendment.versions_ended.update(ended_by=None)
    amendment.status_events.all().delete()
    amendment.withdrawn_at = timezone.now()
    amendment.save(update_fields=["withdrawn_at"])


def provisions_data(rows: Sequence[Data], stored: Sequence[Data], refs: Refs) -> list[dict[str, Any]]:
    """The document's units in their order, each with its versions from the oldest on."""
    versions: dict[int, list[dict[str, Any]]] = {}
    for each in stored:
        version = {name: each[name] for name in ("heading", "text", "text_hash", "valid_from", "valid_until")}
        version |= {name: refs.get(each[name] or 0) for name in ("made_by", "ended_by")}
        versions.setdefault(each["of"], []).append(version)
    eids = {row["id"]: row["eid"] for row in rows}
    return [
        {
            "eid": row["eid"], "kind": row["kind"], "number": row["number"], "parent": eids.get(row["parent"] or 0, ""),
            "codification_code": row["codification_code"], "versions": versions.get(row["id"], []),
        }
        for row in rows
    ]  # fmt: skip


def put_provisions(document: LegalDocument, rows: Sequence[Data], amendments: AmendmentsByRef) -> None:
    """Make units and versions those of the record. A unit whose eid stays keeps its row, so whoever follows it does."""
    refuse_bad_units(rows)
    stored = {row.eid: row for row in document.provisions.all()}
    _put_units(document, rows, stored)
    _put_versions(document, rows, stored, amendments)
    gone = stored.keys() - {row["eid"] for row in rows}
    document.provisions.filter(eid__in=gone).delete()


def refuse_bad_units(rows: Sequence[Data]) -> None:
    """Raise RecordRefused for units that are none, or are there twice, or under none."""
    eids = [fields.text(row, "eid", most=120) for row in rows]
    refuse_unknown_eids(eids)
    if len(set(eids)) != len(eids):
        raise RecordRefused(_("The record names a unit twice."))
    known: set[str] = set()
    for row, eid in zip(rows, eids, strict=True):
        fields.choice(row, "kind", UNIT_KINDS)
        known.add(eid)
    if wrong := [eid for row, eid in zip(rows, eids, strict=True) if row.get("parent") and row["parent"] not in known]:
        raise RecordRefused(_("The unit %s is under one that the record does not have.") % wrong[0])


def _put_units(document: LegalDocument, rows: Sequence[Data], stored: dict[str, Provision]) -> None:
    refuse_circles(rows)
    known = set(stored)
    for position, row in enumerate(rows):
        unit = stored.setdefault(row["eid"], Provision(document=document, eid=row["eid"]))
        unit.kind, unit.position = row["kind"], position
        unit.number = fields.text(row, "number", most=60)
        unit.codification_code = fields.text(row, "codification_code", most=40)
    new = [stored[row["eid"]] for row in rows if row["eid"] not in known]
    sql.give_keys(new)
    for row in rows:
        stored[row["eid"]].parent = stored[row["parent"]] if row.get("parent") else None
    sql.copy_rows(new)
    columns = ["kind", "number", "position", "parent", "codification_code"]
    changed = [stored[row["eid"]] for row in rows if row["eid"] in known]
    Provision.objects.bulk_update(changed, columns, batch_size=500)


def refuse_circles(rows: Sequence[Data]) -> None:
    """Raise RecordRefused where units are under each other."""
    parents = {row["eid"]: row.get("parent") or "" for row in rows}
    right = {""}
    for eid in parents:
        above: set[str] = set()
        while eid not in right and eid not in above:
            above.add(eid)
            eid = parents[eid]
        if eid in above:
            raise RecordRefused(_("Units of the record are under each other."))
        right |= above


def _put_versions(
    document: LegalDocument, rows: Sequence[Data], stored: Mapping[str, Provision], amendments: AmendmentsByRef
) -> None:
    wanted: dict[tuple[int, datetime.date | None], ProvisionVersion] = {}
    for row in rows:
        for each in fields.items(row, "versions"):
            version = version_from(stored[row["eid"]], each, amendments)
            if (version.provision_id, version.valid_from) in wanted:
                raise RecordRefused(_("Two versions of %s begin on one day.") % row["eid"])
            wanted[version.provision_id, version.valid_from] = version
    former = {
        (each.provision_id, each.valid_from): each
        for each in ProvisionVersion.objects.filter(provision__document=document)
    }
    same = {key for key, each in former.items() if key in wanted and _facts(each) == _facts(wanted[key])}
    ProvisionVersion.objects.filter(pk__in=[each.pk for key, each in former.items() if key not in same]).delete()
    sql.copy_rows([each for key, each in wanted.items() if key not in same])


def version_from(unit: Provision, row: Data, amendments: AmendmentsByRef) -> ProvisionVersion:
    """The version of a unit that a row says. Raises RecordRefused."""
    own = fields.text(row, "text")
    digest = text_sha256(own)
    if fields.text(row, "text_hash") != digest:
        raise RecordRefused(_("The text of %s does not have the hash that the record gives.") % unit.eid)
    valid_from, valid_until = fields.day(row, "valid_from"), fields.day(row, "valid_until")
    if valid_from and valid_until and valid_until <= valid_from:
        raise RecordRefused(_("A version of %s ends before it begins.") % unit.eid)
    acts = {name: act for name in ("made_by", "ended_by") if (act := amendment_at(row, name, amendments))}
    return ProvisionVersion(
        provision=unit, heading=fields.text(row, "heading"), text=own, text_hash=digest, valid_from=valid_from,
        valid_until=valid_until, **acts,
    )  # fmt: skip


def amendment_at(row: Data, name: str, amendments: AmendmentsByRef) -> Amendment | None:
    """The amendment that a row names by its place. Raises RecordRefused."""
    ref = fields.number(row, name)
    if ref is not None and ref >= len(amendments):
        raise RecordRefused(_("The record names an amendment that it does not have."))
    return None if ref is None else amendments[ref]


def _facts(version: ProvisionVersion) -> tuple[object, ...]:
    words = (version.heading, version.text, version.valid_until)
    return *words, version.made_by_id, version.ended_by_id
