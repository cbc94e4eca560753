"""Numbers as people write them in tables: both decimal marks are told apart, and what is not clear is refused. Pure."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from content.errors import RuleBroken

_PLAIN = re.compile(r"-?\d{1,12}", re.ASCII)
_WITH_MARK = re.compile(r"-?\d{1,12}[.,]\d{1,6}", re.ASCII)
_UNCLEAR = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)  # «1.234»: a thousand, or one and a bit
_GROUPED = re.compile(
    r"-?\d{1,3}(?:(?P<mark>[., \u00a0])\d{3})(?:(?P=mark)\d{3})*(?:(?P<decimal>[.,])\d{1,6})?", re.ASCII
)


def parse_decimal(text: str, field: str = "value") -> Decimal:
    """The number: «80,5», «80.5», «1.234,5», «1,234.5», «1 234,5», «1.234.567».

    Raises RuleBroken: "unclear_number" for «1.234» and «1,234», "not_a_number".
    """
    written = text.strip()
    if _PLAIN.fullmatch(written):
        return Decimal(written)
    if _UNCLEAR.fullmatch(written):
        message = _("«%s» may be a thousand or a fraction. Write it without a mark, or with all decimal places.")
        raise RuleBroken("unclear_number", message % written, field=field)
    if _WITH_MARK.fullmatch(written):
        return Decimal(written.replace(",", "."))
    grouped = _GROUPED.fullmatch(written)
    if grouped is None or grouped["mark"] == grouped["decimal"]:
        raise RuleBroken("not_a_number", _("«%s» is no number.") % written, field=field)
    plain = written.replace(grouped["mark"], "")
    return Decimal(plain.replace(grouped["decimal"], ".") if grouped["decimal"] else plain)
