"""Who issued the document of a record: the body and, for local acts, the province and the commune.

A number of a local body is used in every province. The record says the province, or its issuer does, or the head of the
text («ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ»); they must agree.
"""

import datetime
import re

from django.utils.translation import gettext as _

from content.documents import identity
from content.documents.identity import Origin, is_local_number
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.errors import RuleBroken
from content.law import official_numbers
from content.organisations import queries as organisations
from content.organisations.models import Organisation, OrganisationLevel, Province
from content.organisations.names import COMMITTEE, COUNCIL, LocalBody, local_body
from content.text.vietnamese import fold, nfc

RecordIdentity = tuple[str, str, datetime.date | None, str, str]  # type, identity key, date of issue, issuer, place
HEAD_LENGTH = 1_500  # characters of a text that may be its head
_HEAD_BODY = re.compile(r"(?:uy ban|hoi dong) nhan dan\s+")
_HEAD_COMMUNE = re.compile(r"(?:uy ban|hoi dong) nhan dan\s+((?:xa|phuong|dac khu) [^\n]{1,80})")
_COMMUNE_CODE = re.compile(r"\d{5}")


def origin_of_record(record: DocumentRecord) -> Origin:
    """The origin of a record, its province as far as something says it.

    Raises RuleBroken: "unknown_issuer", "unknown_province", "province_contradicts" where two sources name two,
    "commune_code_needed", "commune_of_another_province".
    """
    day, body = _day_of(record), local_body(record.issuer) if record.issuer else None
    issuer = _issuer_named(record, body, day)
    given = _province_given(record, day)
    province = given or _province_of_issuer(issuer, body, day)
    _refuse_contradiction(province, issuer, body, day)
    is_local = is_local_number(official_numbers.clean_number(record.number))
    if province is None and is_local:
        province = _province_in_head(record.text, day)
    commune = (
        record.commune_name or (body.commune if body else "") or (_commune_in_head(record.text) if is_local else "")
    )
    if commune or record.commune_code:
        return _origin_of_commune(record, province, commune)
    if province and is_local and (issuer is None or issuer.code in (COMMITTEE, COUNCIL)):
        code = COUNCIL if COUNCIL in official_numbers.clean_number(record.number) else COMMITTEE
        issuer = organisations.organisation_by_code(code, province) or issuer
    return Origin(issuer, province)


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


def _day_of(record: DocumentRecord) -> datetime.date | None:
    """The day of issue, else one in the year of the number; None in 2025, when the provinces were redrawn."""
    year = official_numbers.year_of_number(record.number)
    if record.issued_on or year is None or year == 2025:
        return record.issued_on
    return datetime.date(year, 6, 30)


def _issuer_named(record: DocumentRecord, body: LocalBody | None, day: datetime.date | None) -> Organisation | None:
    issuer = organisations.organisation_by_name(record.issuer, day) if record.issuer else None
    if record.issuer and issuer is None and body is None:
        raise RuleBroken(
            "unknown_issuer",
            _("The issuing body «%s» is unknown. Choose one from the list.") % record.issuer,
            field="issuer",
        )
    return issuer


def _province_given(record: DocumentRecord, day: datetime.date | None) -> Province | None:
    if not record.province.strip():
        return None
    province = organisations.province_named(record.province, day)
    if province is None:
        message = _("«%s» is no province of the day of issue. Give its key, its code or its name.")
        raise RuleBroken("unknown_province", message % record.province, field="province")
    if day and not _existed_on(province, day):
        message = _("%(province)s did not exist on %(day)s. Choose the province of the day of issue.")
        raise RuleBroken("unknown_province", message % {"province": province.name, "day": day}, field="province")
    return province


def _existed_on(province: Province, day: datetime.date) -> bool:
    return (province.valid_from is None or province.valid_from <= day) and (
        province.valid_until is None or day < province.valid_until
    )


def _province_of_issuer(
    issuer: Organisation | None, body: LocalBody | None, day: datetime.date | None
) -> Province | None:
    if issuer and issuer.province:
        return issuer.province
    return organisations.province_named(body.province, day) if body and body.province else None


def _refuse_contradiction(
    province: Province | None, issuer: Organisation | None, body: LocalBody | None, day: datetime.date | None
) -> None:
    """The province that is given must be the issuer's; a central body has none."""
    named = _province_of_issuer(issuer, body, day)
    is_central = issuer is not None and issuer.level == OrganisationLevel.CENTRAL
    if province and (is_central or (named and named != province)):
        message = _("The issuing body is not one of %s. Correct the body or the province.")
        raise RuleBroken("province_contradicts", message % province.name, field="province")


def _province_in_head(text: str, day: datetime.date | None) -> Province | None:
    """The one province that the lines behind «Ủy ban nhân dân» name; the place in «Huế, ngày …» counts for nothing."""
    head = fold(nfc(text[:HEAD_LENGTH]))
    found = _HEAD_BODY.search(head)
    if found is None:
        return None
    behind = head[found.end() : found.end() + 300]
    named = set(re.findall(r"(?:^|\W)(?:tinh|thanh pho|tp\.?)\s+([^\n,;]+)", behind))
    provinces = {
        each for words in named for start in _starts_of(words) if (each := organisations.province_named(start, day))
    }
    return provinces.pop() if len(provinces) == 1 else None


def _starts_of(words: str) -> list[str]:
    """«phu tho doc lap - tu do» may go on with words of the other column: its first two to five words."""
    parts = words.split()
    return [" ".join(parts[:count]) for count in range(1, min(len(parts), 6) + 1)]


def _commune_in_head(text: str) -> str:
    head = nfc(text[:HEAD_LENGTH])
    folded = fold(head)
    found = _HEAD_COMMUNE.search(folded)
    if found is None or len(folded) != len(head):
        return ""
    body = local_body(f"Ủy ban nhân dân {head[found.start(1) : found.end(1)].strip()}")
    return body.commune if body else ""


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
