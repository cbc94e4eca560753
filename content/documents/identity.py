"""Which document is it, and at what address does it stand? Addresses are permanent and never depend on the language."""

import hashlib

from django.db.models import Q

from content import locks
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.law import official_numbers
from content.law.doc_types import TYPE_SLUGS
from content.locks import Lock
from content.text.vietnamese import fold, slug


def identity_key(number, title):
    """What documents are told apart by: the number's key, or the whole title where there is no number."""
    return official_numbers.number_key(number) or f"khong-so:{slug(title, limit=60)}:{title_hash(title)}"


def is_local_number(number):
    """Whether every province gives this number: «15/2024/QĐ-UBND»."""
    return any(body in number for body in ("UBND", "HĐND"))


def title_hash(title):
    return hashlib.sha256(" ".join(fold(title).split()).encode()).hexdigest()[:10]


def lock_identity(record):
    """One at a time until the caller commits: two imports at once must not both find that a document is new."""
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, f"{record.doc_type}:{identity_key(record.number, record.title)}")


def matching_document(record, issuer):
    """The document that this record describes, if we have it: same type, number, day of issue and issuing body.

    The number alone never decides: numbers are not unique. A partial copy may not know the day or the body: what it
    does not know contradicts nothing, where the number carries its year and only one document can be meant.
    """
    alike = LegalDocument.objects.filter(
        doc_type=record.doc_type, number_key=identity_key(record.number, record.title)
    ).order_by("pk")
    exact = alike.filter(issued_on=record.issued_on, issuer=issuer).first()
    if exact or not official_numbers.year_of_number(record.number):
        return exact
    if not record.is_partial:
        alike = alike.filter(completeness=LegalDocument.Completeness.PARTIAL)
    if record.issued_on:
        alike = alike.filter(Q(issued_on=None) | Q(issued_on=record.issued_on))
    if issuer:
        alike = alike.filter(Q(issuer=None) | Q(issuer=issuer))
    meant = list(alike[:2])
    return meant[0] if len(meant) == 1 else None


def unused_key(record, issuer, *, own=None):
    """A readable address nobody has: «luat-2024-31-2024-qh15», then with the full date, then with the issuing body.

    What document number `own` (a primary key) holds counts as free. Where there is no number the last resort is the
    title's hash. Raises RuleBroken("no_free_key") when all are taken.
    """
    kind, name = TYPE_SLUGS[record.doc_type], official_numbers.number_slug(record.number) or slug(record.title)
    issued_on = record.issued_on
    year = issued_on.year if issued_on else official_numbers.year_of_number(record.number)
    candidates = [f"{kind}-{year}-{name}" if year else f"{kind}-{name}"]
    if issued_on:
        candidates.append(f"{kind}-{issued_on}-{name}")
    if issuer:
        candidates.append(f"{candidates[-1]}-{slug(issuer.code)}")
    if not record.number:
        candidates.append(f"{candidates[0]}-{title_hash(record.title)}")
    taken = set(LegalDocument.objects.filter(key__in=candidates).exclude(pk=own).values_list("key", flat=True))
    for key in candidates:
        if key not in taken:
            return key
    raise RuleBroken(
        "no_free_key", f"Every address for this document is taken: {', '.join(candidates)}.", field="number"
    )
