"""The identity of a document and its key in addresses. Keys are permanent and the same in every language."""

import hashlib
from dataclasses import dataclass

from django.db.models import Q

from content import locks
from content.documents.models import LegalDocument
from content.documents.provisions import text_sha256
from content.documents.records import DocumentRecord
from content.errors import RuleBroken
from content.law import official_numbers
from content.law.doc_types import TYPE_SLUGS
from content.locks import Lock
from content.organisations.models import Organisation, Province
from content.personal_data import find_personal_data
from content.personal_data.names import speaks_of_a_person
from content.text.vietnamese import fold, nfc, slug


@dataclass(frozen=True)
class Origin:
    """Who issued a document: the body and its place. A commune's body has no row: its code and name are here."""

    issuer: Organisation | None = None
    province: Province | None = None  # None: a central document, or not known
    commune_code: str = ""
    commune_name: str = ""

    @property
    def locality(self) -> str:
        """The place in keys and addresses, as ISO 3166-2 writes it: «vn-48», of a commune «vn-48-20194»; "" of none."""
        if self.province is None:
            return ""
        return "-".join(filter(None, ["vn", self.province.code, self.commune_code]))


def origin_of(document: LegalDocument) -> Origin:
    """The origin that is stored of a document."""
    return Origin(document.issuer, document.province, document.commune_code, document.commune_name)


def identity_key(number: str, title: str) -> str:
    """The key that tells documents apart: that of the number, or the whole title where there is no number."""
    return official_numbers.number_key(number) or f"khong-so:{slug(title, limit=60)}:{title_hash(title)}"


def is_local_number(number: str) -> bool:
    """Whether each province issues documents of this number: «15/2024/QĐ-UBND»."""
    return official_numbers.is_local(number)


def words_in_address(number: str, title: str) -> str:
    """What a key or a permanent address calls a document: its number, else its title.

    A title that tells who somebody is gives its hash: an address never changes, so no correction takes a name out.
    """
    if number := official_numbers.number_slug(number):
        return number
    return title_hash(title) if find_personal_data(title) or speaks_of_a_person(title) else slug(title)


def title_hash(title: str) -> str:
    return hashlib.sha256(" ".join(fold(title).split()).encode()).hexdigest()[:10]


def lock_identity(record: DocumentRecord) -> None:
    """Lock the identity until the caller commits, so that two imports do not both create the document."""
    lock_identity_key(record.doc_type, identity_key(record.number, record.title))


def lock_identity_key(doc_type: str, key: str) -> None:
    """The same, of a document whose type and identity key are known."""
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, f"{doc_type}:{key}")


def matching_document(record: DocumentRecord, origin: Origin) -> LegalDocument | None:
    """The stored document that this record describes, or None: same type, number, day of issue, body and place.

    The number alone never decides: numbers are not unique. A partial copy may lack the day or the body; it matches if
    the number carries its year and only one document fits what it has, of a local number one of its place. A stored
    document of a local number without a province is the same only where its text is.
    """
    alike = LegalDocument.objects.filter(
        doc_type=record.doc_type, number_key=identity_key(record.number, record.title)
    ).order_by("pk")
    of_day = alike.filter(issued_on=record.issued_on)
    exact = of_day.filter(issuer=origin.issuer, province=origin.province, commune_code=origin.commune_code).first()
    if exact or not official_numbers.year_of_number(record.number):
        return exact or _twin_without_province(record, origin, list(of_day))
    if is_local_number(record.number):
        alike = alike.filter(province=origin.province, commune_code=origin.commune_code)
        if exact := alike.filter(issued_on=record.issued_on).first() or _twin_without_province(
            record, origin, list(of_day)
        ):
            return exact
    elif origin.issuer:
        alike = alike.filter(Q(issuer=None) | Q(issuer=origin.issuer))
    if not record.is_partial:
        alike = alike.filter(completeness=LegalDocument.Completeness.PARTIAL)
    if record.issued_on:
        alike = alike.filter(Q(issued_on=None) | Q(issued_on=record.issued_on))
    meant = list(alike[:2])
    return meant[0] if len(meant) == 1 else None


def _twin_without_province(record: DocumentRecord, origin: Origin, of_day: list[LegalDocument]) -> LegalDocument | None:
    """The document that was stored before provinces were asked for, and has the same text; None without one."""
    if origin.province is None or not is_local_number(record.number):
        return None
    same = text_sha256(nfc(record.text))
    return next((each for each in of_day if each.province_id is None and each.content_hash == same), None)


def unused_key(record: DocumentRecord, origin: Origin, *, own: int | None = None) -> str:
    """A readable key that no document has: «luat-2024-31-2024-qh15», else with the full date, else with the body.

    That of a local document begins with its place: «vn-48-quyet-dinh-2024-15-2024-qd-ubnd».
    The key of the document with primary key `own` counts as free. Without a number the last candidate has the title's
    hash. Raises RuleBroken("no_free_key") when all are taken.
    """
    issuer = origin.issuer
    kind, name = (
        "-".join(filter(None, [origin.locality, TYPE_SLUGS[record.doc_type]])),
        words_in_address(record.number, record.title),
    )
    issued_on = record.issued_on
    year = issued_on.year if issued_on else official_numbers.year_of_number(record.number)
    candidates = [f"{kind}-{year}-{name}" if year else f"{kind}-{name}"]
    if issued_on:
        candidates.append(f"{kind}-{issued_on}-{name}")
    if issuer:
        candidates.append(f"{candidates[-1]}-{slug(issuer.code)}")
    if not record.number:
        candidates.append(f"{candidates[0]}-{title_hash(record.title)}")
    others = LegalDocument.objects.exclude(pk=own) if own else LegalDocument.objects.all()
    taken = set(others.filter(key__in=candidates).values_list("key", flat=True))
    for key in candidates:
        if key not in taken:
            return key
    raise RuleBroken(
        "no_free_key", f"Every address for this document is taken: {', '.join(candidates)}.", field="number"
    )
