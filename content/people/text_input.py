"""Clean what people typed before it is stored: one Unicode form, no invisible characters, not empty."""

import re

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.text.vietnamese import nfc

# control characters except tab and line feed, lone surrogates, and marks that change the direction of the text
FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

LETTER_OR_DIGIT = re.compile(r"[^\W_]")  # a letter or a digit


def clean_text(text: str, field: str, *, max_length: int) -> str:
    """The text in NFC, without blanks around it. Raises RuleBroken("blank", "too_long", "invalid_character")."""
    text = nfc(text).strip()
    if FORBIDDEN_CHARACTERS.search(text):
        raise RuleBroken(
            "invalid_character",
            _("The text has an invisible character. Type it again without formatting."),
            field=field,
        )
    if not LETTER_OR_DIGIT.search(text):
        raise RuleBroken("blank", _("This field needs at least one letter or digit."), field=field)
    if len(text) > max_length:
        raise RuleBroken("too_long", _("Use at most %d characters.") % max_length, field=field)
    return text


def clean_line(text: str, field: str, *, max_length: int) -> str:
    """As `clean_text`, joined into one line."""
    return clean_text(" ".join(nfc(text).split()), field, max_length=max_length)


def is_blank(text: str) -> bool:
    """Whether nobody can read anything in it: blanks, dots, characters without width."""
    return LETTER_OR_DIGIT.search(text) is None


def require_reason(reason: str) -> str:
    """The reason in NFC, without blanks around it. Raises RuleBroken("reason_required") if it says nothing."""
    reason = nfc(reason).strip()
    if is_blank(reason):
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    return reason
