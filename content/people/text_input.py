"""What people write, before it is stored: one form, nothing that cannot be seen, nothing empty."""

import re

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.text.vietnamese import nfc

# control characters but tab and line feed, half pairs, and what turns the direction of the text around
FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

LETTER_OR_DIGIT = re.compile(r"[^\W_]")  # a letter or a digit


def clean_text(text, field, *, most):
    """The text in NFC, without blanks around it. Raises RuleBroken: "blank", "too_long", "invalid_character"."""
    text = nfc(text).strip()
    if FORBIDDEN_CHARACTERS.search(text):
        raise RuleBroken("invalid_character", _("A character that nobody can see."), field=field)
    if not LETTER_OR_DIGIT.search(text):
        raise RuleBroken("blank", _("There is nothing in it."), field=field)
    if len(text) > most:
        raise RuleBroken("too_long", _("At most %d letters.") % most, field=field)
    return text


def clean_line(text, field, *, most):
    """The same as one line."""
    return clean_text(" ".join(nfc(text).split()), field, most=most)


def require_reason(reason):
    """A reason somebody must give. Raises RuleBroken("reason_required")."""
    reason = nfc(reason).strip()
    if not reason:
        raise RuleBroken("reason_required", _("Say why."), field="reason")
    return reason
