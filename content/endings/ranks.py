"""Whether an act may end a document: it ranks at least as high, and its issuer issued that kind. Pure.

Source: the order of documents in Law 64/2025/QH15 Art. 4. What is not in the table is a doubt.
"""

from content.law import official_numbers
from content.law.doc_types import DocType

_ASSEMBLY, _STANDING, _PRESIDENT, _GOVERNMENT, _PREMIER = "assembly", "standing", "president", "government", "premier"
_NATIONAL = {  # (body, rank); a higher number ranks higher
    _ASSEMBLY: 9,
    _STANDING: 8,
    _PRESIDENT: 7,
    _GOVERNMENT: 6,
    _PREMIER: 5,
}
_BODIES_OF_TYPES = {
    DocType.CONSTITUTION: _ASSEMBLY,
    DocType.CODE: _ASSEMBLY,
    DocType.LAW: _ASSEMBLY,
    DocType.ORDINANCE: _STANDING,
    DocType.DECREE: _GOVERNMENT,
}
_ENDS_OF = {  # what a body's acts may end by themselves: its own, and those below it in the same matters
    _ASSEMBLY: (_ASSEMBLY, _STANDING),
    _STANDING: (_STANDING,),
    _PRESIDENT: (_PRESIDENT,),
    _GOVERNMENT: (_GOVERNMENT, _PREMIER),
    _PREMIER: (_PREMIER,),
}
_MINISTERIAL = (DocType.CIRCULAR, DocType.DECISION, DocType.DIRECTIVE)


def may_end(act_type: str, act_number: str, target_type: str, target_number: str, *, same_issuer: bool) -> bool:
    """Whether an act of that type and number can end a document of that type and number without a doubt.

    `same_issuer`: the stored documents have the same issuer. Local documents are only ended by their own issuer, and
    ministerial ones by the same ministry; a joint circular always needs a person. A province before and after it was
    redrawn is two issuers: a person confirms what the new one ends of the former.
    """
    act, target = _body(act_type, act_number), _body(target_type, target_number)
    if act and target:
        if target_type in (DocType.CONSTITUTION, DocType.CODE) and act_type not in (
            target_type,
            DocType.LAW,
            DocType.CODE,
        ):
            return False
        if target == _ASSEMBLY and target_type != DocType.RESOLUTION and act_type == DocType.RESOLUTION:
            return False  # a resolution of the Assembly ends a law only where a person says so
        return target in _ENDS_OF[act] and _NATIONAL[act] >= _NATIONAL[target]
    if act or target:
        return False
    if act_type == DocType.JOINT_CIRCULAR or target_type == DocType.JOINT_CIRCULAR:
        return False
    codes, others = _issuers(act_number), _issuers(target_number)
    if act_type == target_type:
        return same_issuer or bool(codes and codes == others and not _is_local(codes))
    return act_type == DocType.CIRCULAR and target_type in _MINISTERIAL and bool(codes) and codes == others


def _body(doc_type: str, number: str) -> str:
    """The national body that issued a document of that type and number; "" if it was another, or is not known."""
    if doc_type in _BODIES_OF_TYPES:
        return _BODIES_OF_TYPES[DocType(doc_type)]
    codes = _issuers(number)
    code = codes[0] if len(codes) == 1 else ""
    if doc_type in (DocType.RESOLUTION, DocType.ORDER, DocType.DECISION, DocType.DIRECTIVE):
        if code.startswith("UBTVQH"):
            return _STANDING
        if code.startswith("QH"):
            return _ASSEMBLY
        return {"CTN": _PRESIDENT, "CP": _GOVERNMENT, "TTg": _PREMIER}.get(code, "")
    return ""


def _issuers(number: str) -> tuple[str, ...]:
    parsed = official_numbers.parse_number(number)
    return parsed.issuer_codes if parsed else ()


def _is_local(codes: tuple[str, ...]) -> bool:
    return any(code.startswith(("UBND", "HĐND")) for code in codes)
