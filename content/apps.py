"""The Django app of the content layer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    """People, the change log, law, questions, events and search."""

    name = "content"
    verbose_name = _("Content")
