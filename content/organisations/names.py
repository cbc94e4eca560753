"""How names and codes of issuing bodies and provinces are compared, and what names of local bodies say. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from content.text.vietnamese import fold, nfc, slug

COMMITTEE, COUNCIL = "UBND", "HĐND"  # codes of the bodies of every province
BODY_NAMES = {COMMITTEE: "Ủy ban nhân dân", COUNCIL: "Hội đồng nhân dân"}
_LOCAL_BODY = re.compile(r"(uy ban|hoi dong) nhan dan (.+)")
_KIND_OF_PROVINCE = re.compile(r"(?:tinh|thanh-pho|tp)(?:-|$)")
_SHORT_NAMES = {"hcm": "hochiminh", "tphcm": "hochiminh"}
_COMMUNE = re.compile(r"(xa|phuong|dac khu|thi tran) ")


@lru_cache(maxsize=4_000)
def comparable_name(name: str) -> str:
    """The name without accents, case and punctuation."""
    return slug(name, limit=len(name) * 2)


def comparable_code(code: str) -> str:
    """The code without accents, case and the number of the National Assembly: «QH15» → "qh"."""
    return re.sub(r"^(qh|ubtvqh)[0-9]+$", r"\1", fold(code.strip()))


@lru_cache(maxsize=4_000)
def comparable_province(name: str) -> str:
    """The name of a province without «Tỉnh», «Thành phố», «TP.», accents, case, hyphens: «TP.HCM»."""
    bare = _KIND_OF_PROVINCE.sub("", comparable_name(name)).replace("-", "")
    return _SHORT_NAMES.get(bare, bare)


def kind_of_province(name: str) -> str:
    """ "province" or "city" where the name of a province says it, else ""; a key of `ProvinceType`."""
    found = _KIND_OF_PROVINCE.match(comparable_name(name))
    return "" if found is None else "province" if found[0].startswith("tinh") else "city"


@dataclass(frozen=True)
class LocalBody:
    """What the name of a People's Committee or Council says. `commune`: «Xã Hòa Vang», "" of a province's body."""

    code: str  # COMMITTEE or COUNCIL
    commune: str
    province: str  # as written, «Tỉnh Phú Thọ»; "" where it is not said


def local_body(name: str) -> LocalBody | None:
    """The parts of the name of a local body; None for another body and one of a district.

    «Ủy ban nhân dân tỉnh Phú Thọ», «UBND xã Hòa Vang, thành phố Đà Nẵng», in any case.
    """
    words = " ".join(nfc(name).split()).replace("UBND", BODY_NAMES[COMMITTEE]).replace("HĐND", BODY_NAMES[COUNCIL])
    folded = fold(words)
    found = _LOCAL_BODY.fullmatch(folded)
    if found is None or len(folded) != len(words):
        return None
    code = COMMITTEE if found[1] == "uy ban" else COUNCIL
    place = words[found.start(2) :]
    if _COMMUNE.match(found[2]):
        commune, _, province = place.partition(",")
        return LocalBody(code, _as_a_name(commune), province.strip())
    is_of_province = fold(place).startswith(("tinh ", "thanh pho ", "tp.", "tp ", "tphcm")) and "," not in place
    return LocalBody(code, "", place.strip()) if is_of_province else None


def _as_a_name(commune: str) -> str:
    """«XÃ HÒA VANG» → «Xã Hòa Vang»."""
    commune = commune.strip()
    words = commune.title() if commune.isupper() else commune
    return words[:1].upper() + words[1:]
