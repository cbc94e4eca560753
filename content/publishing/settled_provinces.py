"""Local documents that were stored before provinces were asked for: a proposal from their text, and its use."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from content.copies import refuse_copy
from content.documents import identity, provision_queries, queries
from content.documents.identity import Origin
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.law.official_numbers import LOCAL_NUMBERS
from content.people import services as people
from content.people.models import User
from content.publishing import origins, services
from content.publishing.document_writer import PublishedVersion, WriteResult


def documents_without_province() -> QuerySet[LegalDocument]:
    """Those with a number that every province uses and no province, in the order of import."""
    local = LegalDocument.objects.filter(number__regex=LOCAL_NUMBERS, province=None)
    return local.select_related("issuer").order_by("pk")


@transaction.atomic
def settle_province(document: LegalDocument, origin: Origin, *, by: User | None = None, reason: str = "") -> bool:
    """Say whose document it is. Its key stays; it gets an address with the province. Returns whether it lacked one.

    Nobody is notified; the change log records a correction of a public one. Raises RuleBroken("already_exists") where
    the province has that document already.
    """
    identity.lock_identity(origins.record_of(document))
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    refuse_copy(document)
    if document.province_id is not None or origin.province is None:
        return False
    same = LegalDocument.objects.filter(
        doc_type=document.doc_type, number_key=document.number_key, issued_on=document.issued_on,
        province=origin.province, commune_code=origin.commune_code,
    )  # fmt: skip
    if other := same.exclude(pk=document.pk).first():
        raise RuleBroken("already_exists", _("This document already exists: %s.") % other.key, field="province")
    before = PublishedVersion(queries.described_fields(document), provision_queries.imported_texts(document))
    document.issuer, document.province = origin.issuer, origin.province
    document.commune_code, document.commune_name = origin.commune_code, origin.commune_name
    document.lacks_province = False
    document.save()
    if document.is_published:
        written = WriteResult(True, [], document.content_hash, before)
        services.record_correction(document, written, by=by, reason=reason, notify=False)
    else:
        people.audit("document.province_settled", document.key, by=by, reason=reason, place=_place(document))
    return True


def _place(document: LegalDocument) -> str:
    return identity.origin_of(document).locality
