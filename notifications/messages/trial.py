"""What a test push says."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.messages.words import Words


def words(language):
    with override(language):
        return Words(_("Test of Luật Mở"), _("If you can read this, pushes reach this device."))
