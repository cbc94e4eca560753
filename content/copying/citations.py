"""What an answer or a material cites, as data and put from data. Whether a cited document is here does not matter."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from content.basis.models import Basis, Citation
from content.copying import fields
from content.copying.fields import Data, RecordRefused
from content.documents.models import LegalDocument

SHA256 = re.compile(r"[0-9a-f]{64}")


def citations_data(basis: Basis) -> list[dict[str, str]]:
    """The citations in a fixed order."""
    rows = sorted(basis.citations.all(), key=lambda row: (row.document_key, row.eid))
    return [
        {"document": each.document_key, "eid": each.eid, "words": each.words, "hash": each.text_hash} for each in rows
    ]


def put_citations(basis: Basis, rows: Sequence[Data]) -> None:
    """Make the citations those of the record. Raises RecordRefused."""
    keys = {fields.text(row, "document", most=160) for row in rows}
    documents = {each.key: each for each in LegalDocument.objects.filter(key__in=keys)}
    basis.citations.all().delete()
    for row in rows:
        digest = fields.text(row, "hash", most=64)
        if not SHA256.fullmatch(digest):
            raise RecordRefused(_("A citation of the record has no hash of the text it cites."))
        Citation.objects.create(
            basis=basis, document=documents.get(row["document"]), document_key=row["document"],
            eid=fields.text(row, "eid", most=120), words=fields.text(row, "words"), text_hash=digest,
        )  # fmt: skip
