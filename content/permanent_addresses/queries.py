"""What a permanent address means, and which one a document has now."""

import datetime
import re
from collections.abc import Iterable

from django.db.models import Q

from content.documents.models import LegalDocument
from content.law.official_numbers import number_key
from content.organisations.models import Organisation, OrganisationLevel, Province
from content.organisations.queries import valid_on
from content.permanent_addresses.models import Address
from content.permanent_addresses.paths import ReadAddress, Scheme

MOST_ALIKE = 50  # documents of one number and year that are looked at
PUBLIC_ONCE = (LegalDocument.Status.PUBLISHED, LegalDocument.Status.WITHDRAWN)
_LOCAL_BODY = re.compile(r"(?:Ủy ban|Uỷ ban|Hội đồng) nhân dân (tỉnh|thành phố) (.+)", re.IGNORECASE)


def current_paths(documents: Iterable[int], scheme: Scheme = Scheme.AKN) -> dict[int, str]:
    """{primary key of a document: its present path}; without those that have none. One query."""
    rows = Address.objects.filter(document__in=set(documents), scheme=scheme).order_by("pk")
    return dict(rows.values_list("document", "path"))


def document_at(path: str) -> LegalDocument | None:
    """The document with this stored path, published or withdrawn, or None."""
    address = Address.objects.filter(path=path).select_related("document").first()
    return address.document if address else None


def documents_meant(address: ReadAddress) -> list[LegalDocument]:
    """The documents that an address means: the one that has it; else those of its type, number, date and province.

    A path that nobody has may say less than a document's own («…/2025/766-qd-ttg» where two have the full date) or more
    («…/2025-04-15/…» where the year is enough). Documents that were withdrawn are among them; drafts never are.
    """
    if found := document_at(address.work):
        return [found]
    alike = LegalDocument.objects.filter(
        _issued(address.date), doc_type=address.doc_type, number_key=number_key(address.number), status__in=PUBLIC_ONCE
    )
    if address.place:
        code, _, commune = address.place.partition("-")
        of_place = Q(province__code=code, commune_code=commune)
        alike = alike.filter(of_place if commune else of_place | Q(province=None))
    documents = alike.select_related("issuer", "province").order_by("-list_order")[:MOST_ALIKE]
    return [each for each in documents if not address.place or place_of(each) == address.place]


def _issued(date: str) -> Q:
    if len(date) > len("2025"):
        try:
            return Q(issued_on=datetime.date.fromisoformat(date))
        except ValueError:
            return Q(pk=None)
    year = int(date)
    return Q(issued_on__year=year) | Q(issued_on=None) if year >= datetime.MINYEAR else Q(pk=None)


def place_of(document: LegalDocument) -> str:
    """The place of the body that issued it, as addresses have it: «48», of a commune «48-20194»; "" of none.

    A document that lacks its province has it by the name of its issuer, where that says one.
    """
    if document.province:
        return "-".join(filter(None, [document.province.code, document.commune_code]))
    issuer: Organisation | None = document.issuer
    if issuer is None or issuer.level != OrganisationLevel.LOCAL:
        return ""
    found = _LOCAL_BODY.fullmatch(issuer.name)
    if found is None:
        return ""
    provinces = Province.objects.filter(name=f"{found[1].capitalize()} {found[2]}")
    if document.issued_on:
        provinces = valid_on(provinces, document.issued_on)
    codes = set(provinces.values_list("code", flat=True))
    return codes.pop() if len(codes) == 1 else ""
