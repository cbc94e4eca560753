"""Kinds of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    TALK = "talk", _("Talk")
    DIALOGUE = "dialogue", _("Dialogue")
    TRAINING = "training", _("Training")
    LEGAL_AID = "legal_aid", _("Mobile legal aid")
    LAW_DAY = "law_day", _("Law Day activity")
    CONTEST = "contest", _("Contest announcement")
