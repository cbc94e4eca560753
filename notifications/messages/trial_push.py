"""What a test push says."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.messages.message_text import MessageText


def trial_text(language):
    with override(language):
        return MessageText(_("Test of Luật Mở"), _("If you can read this, pushes reach this device."))
