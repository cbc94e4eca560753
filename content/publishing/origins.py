"""Who issued the document of a record: the body and, for local acts, the province and the commune.

A number of a local body is used in every province. The record says the province, or its issuer does, or the head of the
text («ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ»); they must agree.
"""

import datetime
import re

from django.utils.translation import gettext as _

from content.documents import identity, provision_queries
from content.documents.identity import Origin, is_local_number
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.errors import RuleBroken
from content.law import official_numbers
from content.organisations import queries as organisations
from content.organisations.models import Organisation, OrganisationLevel, Province, ProvinceType
from content.organisations.names import BODY_NAMES, COMMITTEE, COUNCIL, LocalBody, local_body
from content.publishing import heads
from content.text.vietnamese import nfc

RecordIdentity = tuple[str, str, datetime.date | None, str, str]  # type, identity key, date of issue, issuer, place
FIRST_CLEAR_DAY = datetime.date(2008, 8, 1)  # names of provinces recur before: «Hà Nam», «Quảng Nam - Đà Nẵng»
_COMMUNE_CODE = re.compile(r"\d{5}")


def origin_of_record(record: DocumentRecord) -> Origin:
    """The origin of a record, its province as far as something says it.

    Raises RuleBroken: "unknown_issuer", "unknown_province", "province_contradicts" where two sources name two,
    "commune_code_needed", "commune_of_another_province".
    """
    day, body = _day_of(record), local_body(record.issuer) if record.issuer else None
    issuer = _issuer_named(record, body, day)
    province = _province_given(record, day) or _province_of_issuer(issuer, body, day)
    is_local = is_local_number(official_numbers.clean_number(record.number))
    _refuse_contradiction(record, province, issuer, body)
    head = heads.place_in_head(record.text) if is_local else None
    is_body_known = bool((issuer and issuer.province) or (body and not body.commune))
    if head:
        province = _checked_with_head(head, province, day, is_known=is_body_known or bool(record.commune_code))
    commune = record.commune_name or (body.commune if body else "")
    if head and head.is_of_commune and not (commune or is_body_known):
        read = local_body(f"{BODY_NAMES[COMMITTEE]} {head.words}")
        commune = read.commune if read else ""
    if commune or record.commune_code:
        return _origin_of_commune(record, province, commune)
    return Origin(_body_of_province(record, issuer, body, province), province)


def identity_of_record(record: DocumentRecord) -> RecordIdentity:
    """What the record describes: two of one run with the same identity are one document. Raises as above."""
    key = identity.identity_key(record.number, record.title)
    if not identity.is_local_number(record.number):
        return record.doc_type, key, record.issued_on, record.issuer, ""
    return record.doc_type, key, record.issued_on, "", origin_of_record(record).locality


def refuse_without_province(number: str, province: Province | None) -> None:
    """Raise RuleBroken("province_needed") for a number that every province uses, where no province is known."""
    if province is None and is_local_number(number):
        message = _("Each province has a document %s. Say which province issued this one.")
        raise RuleBroken("province_needed", message % number, field="province")


def proposed_origin(document: LegalDocument) -> Origin | None:
    """What the issuer and the head of the stored text say, None where that is no province or not clear."""
    try:
        origin = origin_of_record(record_of(document))
    except RuleBroken:
        return None
    return origin if origin.province else None


def record_of(document: LegalDocument) -> DocumentRecord:
    """What is stored of it, as far as it says whose it is."""
    return DocumentRecord(
        doc_type=document.doc_type,
        number=document.number,
        title=document.title,
        text="".join(provision_queries.imported_texts(document).values()),
        issuer=document.issuer.name if document.issuer else "",
        issued_on=document.issued_on,
    )


def stored_before_provinces(record: DocumentRecord, origin: Origin) -> LegalDocument | None:
    """The one document of the record's number and day without a province, if its own text says this very origin."""
    if origin.province is None or not is_local_number(record.number):
        return None
    key = identity.identity_key(record.number, record.title)
    alike = LegalDocument.objects.filter(doc_type=record.doc_type, number_key=key, issued_on=record.issued_on)
    found = list(alike.filter(province=None).select_related("issuer")[:2])
    return found[0] if len(found) == 1 and proposed_origin(found[0]) == origin else None


def _day_of(record: DocumentRecord) -> datetime.date | None:
    """The day of issue, else one in the year of the number; None in 2025, when the provinces were redrawn."""
    year = official_numbers.year_of_number(record.number)
    if record.issued_on or year is None or year == 2025:
        return record.issued_on
    return datetime.date(year, 6, 30)


def _issuer_named(record: DocumentRecord, body: LocalBody | None, day: datetime.date | None) -> Organisation | None:
    issuer = organisations.organisation_by_name(record.issuer, day) if record.issuer else None
    if record.issuer and issuer is None and body is None:
        raise _unknown_issuer(record.issuer)
    return issuer


def _province_given(record: DocumentRecord, day: datetime.date | None) -> Province | None:
    if not record.province.strip():
        return None
    province = organisations.province_named(record.province, day)
    if province is None:
        message = _("«%s» is no province of the day of issue. Give its key, its code or its name.")
        raise RuleBroken("unknown_province", message % record.province, field="province")
    _refuse_outside_its_days(province, day, "province")
    return province


def _refuse_outside_its_days(province: Province, day: datetime.date | None, field: str) -> None:
    if day is None:
        return
    began = province.valid_from is None or province.valid_from <= day
    if not began or (province.valid_until and province.valid_until <= day):
        message = _("%(province)s did not exist on %(day)s. Choose the province of the day of issue.")
        raise RuleBroken("unknown_province", message % {"province": province.name, "day": day}, field=field)


def _province_of_issuer(
    issuer: Organisation | None, body: LocalBody | None, day: datetime.date | None
) -> Province | None:
    """The province of the body; None where its name is that of several and no day is known."""
    if issuer and issuer.province:
        _refuse_outside_its_days(issuer.province, day, "issuer")
        return issuer.province
    if body is None or not body.province:
        return None
    found = organisations.province_named(body.province, day)
    if found is None:
        for each in organisations.provinces_called(body.province):
            _refuse_outside_its_days(each, day, "issuer")
    return found


def _refuse_contradiction(
    record: DocumentRecord, province: Province | None, issuer: Organisation | None, body: LocalBody | None
) -> None:
    """The province must be the issuer's; a central body has none; a city of a province is no body of ours."""
    if issuer is None and body and body.province and not organisations.provinces_called(body.province).exists():
        raise _unknown_issuer(record.issuer)
    is_central = issuer is not None and issuer.level == OrganisationLevel.CENTRAL
    is_other = issuer is not None and issuer.province is not None and issuer.province != province
    is_called_otherwise = (
        issuer is None
        and body is not None
        and bool(body.province)
        and province is not None
        and not organisations.is_called(province, body.province)
    )
    if province and (is_central or is_other or is_called_otherwise):
        raise _contradiction(province)


def _contradiction(province: Province) -> RuleBroken:
    message = _("The issuing body is not one of %s. Correct the body or the province.")
    return RuleBroken("province_contradicts", message % province.name, field="province")


def _unknown_issuer(name: str) -> RuleBroken:
    message = _("The issuing body «%s» is unknown. Choose one from the list.")
    return RuleBroken("unknown_issuer", message % name, field="issuer")


def _checked_with_head(
    head: heads.HeadPlace, province: Province | None, day: datetime.date | None, *, is_known: bool
) -> Province | None:
    """The province, from the head where nothing else says it. Raises where the head clearly names another body.

    `is_known`: whether the record says the very body. A district's act is not that of its province.
    """
    named = organisations.provinces_called(head.words) if head.may_be_province else Province.objects.none()
    if province is None:
        is_clear = day is None or day >= FIRST_CLEAR_DAY
        found = organisations.province_named(head.words, day) if is_clear and named else None
        if not named:
            _refuse_district(head, found, is_known=is_known)
        return found
    if named and province not in named:
        raise _contradiction(province)
    _refuse_district(head, province, is_known=is_known)
    return province


def _refuse_district(head: heads.HeadPlace, province: Province | None, *, is_known: bool) -> None:
    """Raise RuleBroken("unknown_issuer") for «HUYỆN ANH SƠN», and «THÀNH PHỐ VINH» of a province that is no city."""
    is_city = head.may_be_province and head.kind != "tinh"
    is_another_kind = is_city and (province is None or province.type != ProvinceType.CITY)
    is_district = not head.is_of_commune and not head.may_be_province
    if not is_known and (is_district or is_another_kind):
        raise _unknown_issuer(head.words)


def _body_of_province(
    record: DocumentRecord, issuer: Organisation | None, body: LocalBody | None, province: Province | None
) -> Organisation | None:
    """The body itself where only its kind and its province are known."""
    number = official_numbers.clean_number(record.number)
    if is_local_number(number):
        if province and (issuer is None or issuer.code in (COMMITTEE, COUNCIL)):
            code = COUNCIL if re.search("H[ĐD]ND", number) else COMMITTEE
            return organisations.organisation_by_code(code, province) or issuer
        return issuer
    if issuer is None and body:
        if province is None:
            raise _unknown_issuer(record.issuer)
        return organisations.organisation_by_code(body.code, province)
    return issuer


def _origin_of_commune(record: DocumentRecord, province: Province | None, commune: str) -> Origin:
    code = record.commune_code.strip()
    if not (_COMMUNE_CODE.fullmatch(code) and commune.strip() and province):
        message = _("A commune issued this document. Give its name, its code of five digits and its province.")
        raise RuleBroken("commune_code_needed", message, field="commune_code")
    others = LegalDocument.objects.filter(commune_code=code).exclude(province=province).select_related("province")
    for other in others[:1]:
        if other.province and not organisations.are_of_one_territory(other.province, province):
            message = _("The code %(code)s is that of a commune of %(province)s. Correct the code or the province.")
            values = {"code": code, "province": other.province.name}
            raise RuleBroken("commune_of_another_province", message % values, field="commune_code")
    return Origin(None, province, code, nfc(" ".join(commune.split())))
