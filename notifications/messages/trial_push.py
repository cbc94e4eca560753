"""The text of a test push."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.messages.message_text import MessageText


def trial_text(language: str) -> MessageText:
    """The text in this language, "vi" or "en"."""
    with override(language):
        return MessageText(_("Test of Luật Mở"), _("If you can read this, pushes reach this device."))
