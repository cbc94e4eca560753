"""Writing a parsed text into provisions: eids keep their rows, each with the one version an import makes."""

import hashlib

from content.documents import provision_order
from content.documents.models import Provision, ProvisionVersion


def text_sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def store_provisions(document, text, units, codes):
    """Make the document's provisions those of `units`. Returns the eids that were added, changed or removed.

    `codes`: {eid: code of the codification}; a provision that is not in it keeps the code it has.

    A provision whose eid stays keeps its row, whatever it now says: eids are permanent, others link to them. Once the
    document was public the rows of units that are gone stay too, saying nothing on any day.
    """
    former = list(document.provisions.order_by("position"))
    standing = {provision.eid: provision for provision in former}
    gone = standing.keys() - {unit.eid for unit in units}
    for unit in units:
        if unit.eid not in standing:
            standing[unit.eid] = Provision(document=document, eid=unit.eid)
        standing[unit.eid].codification_code = codes.get(unit.eid, standing[unit.eid].codification_code)
    rows = _store_rows(units, standing)
    silenced = _delete_versions(document, gone)
    if document.published_at and gone:
        store_positions(provision_order.with_former_rows(rows, former))
    else:
        document.provisions.filter(eid__in=gone).delete()  # last: nothing that stays hangs under them any more
    return sorted(silenced | _store_versions(rows, units, text))


def _delete_versions(document, eids):
    """Let these units say nothing on any day; returns those that said something."""
    versions = ProvisionVersion.objects.filter(provision__document=document, provision__eid__in=eids)
    silenced = set(versions.values_list("provision__eid", flat=True))
    versions.delete()
    return silenced


def store_positions(rows):
    """Number the rows as they stand in the list; the order is checked when the transaction ends."""
    moved = [row for position, row in enumerate(rows) if row.position != position]
    for position, row in enumerate(rows):
        row.position = position
    Provision.objects.bulk_update(moved, ["position"], batch_size=500)


def store_codification_codes(document, codes):
    """Note {eid: code of the codification} at those of the document's provisions. Returns the eids that were new."""
    rows = document.provisions.filter(eid__in=codes)
    changed = [row for row in rows if row.codification_code != codes[row.eid]]
    for row in changed:
        row.codification_code = codes[row.eid]
    Provision.objects.bulk_update(changed, ["codification_code"], batch_size=500)
    return sorted(row.eid for row in changed)


def _store_rows(units, standing):
    """The provisions of `units`, in order; new ones made a level at a time, since a child needs its parent's id."""
    rows, depths = [], []
    for position, unit in enumerate(units):
        row = standing[unit.eid]
        row.kind, row.number, row.position = unit.kind.value, unit.number, position
        rows.append(row)
        depths.append(0 if unit.parent is None else depths[unit.parent] + 1)
    old = [row for row in rows if row.pk]
    for depth in sorted(set(depths)):
        level = [index for index, own in enumerate(depths) if own == depth]
        for index in level:
            parent = units[index].parent
            rows[index].parent = None if parent is None else rows[parent]
        Provision.objects.bulk_create([rows[index] for index in level if rows[index].pk is None])
    Provision.objects.bulk_update(old, ["kind", "number", "position", "parent", "codification_code"], batch_size=500)
    return rows


def _store_versions(rows, units, text):
    """Give each row the text of its unit; returns the eids whose version is new or now says something else."""
    versions = {v.provision_id: v for v in ProvisionVersion.objects.filter(provision__in=rows, valid_from=None)}
    new, changed, eids = [], [], set()
    for row, unit in zip(rows, units, strict=True):
        own = text[unit.start : unit.end]
        version = versions.get(row.pk) or ProvisionVersion(provision=row)
        if (version.heading, version.text) == (unit.heading, own) and version.pk:
            continue
        (changed if version.pk else new).append(version)
        version.heading, version.text, version.text_hash = unit.heading, own, text_sha256(own)
        eids.add(row.eid)
    ProvisionVersion.objects.bulk_create(new)
    ProvisionVersion.objects.bulk_update(changed, ["heading", "text", "text_hash"], batch_size=500)
    return eids
