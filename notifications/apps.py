"""The Django app of the notifications layer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Devices, follows, messages and their delivery."""

    name = "notifications"
    verbose_name = _("Notifications")
