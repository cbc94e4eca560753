"""The Django app of the content layer."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from content.seals.checks import check_seal_keys


class ContentConfig(AppConfig):
    """People, the change log, law, questions, events and search."""

    name = "content"
    verbose_name = _("Content")

    def ready(self) -> None:
        register(check_seal_keys, "security")
