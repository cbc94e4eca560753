"""What may stand on a provision beside its text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.topics.choices import ContentLanguage


class LayerKind(models.TextChoices):
    SUMMARY = "summary", _("Summary in plain words")
    TRANSLATION = "translation", _("Translation")
    AUDIO = "audio", _("Audio")
    SIGN = "sign", _("Sign language")


TEXT_KINDS = (LayerKind.SUMMARY, LayerKind.TRANSLATION)  # of words; the others show a material
OFFICE_LANGUAGES = (ContentLanguage.VIETNAMESE, ContentLanguage.ENGLISH)  # any approver reads these
MAX_SUMMARY_WORDS = 120
