"""Kinds of materials, roles of their files, and the networks that an external video is on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MaterialKind(models.TextChoices):
    LEAFLET = "leaflet", _("Leaflet")
    HANDBOOK = "handbook", _("Handbook")
    INFOGRAPHIC = "infographic", _("Infographic")
    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Audio")
    PRESENTATION = "presentation", _("Presentation")


class FileRole(models.TextChoices):
    """What a file is for its material."""

    MAIN = "main", _("The material itself")
    POSTER = "poster", _("Poster")
    CAPTIONS = "captions", _("Captions (WebVTT)")
    SIGN = "sign", _("Sign language video")


class Provider(models.TextChoices):
    """Where an external video is. The name tells people whom the link leads to."""

    YOUTUBE = "youtube", "YouTube"
    FACEBOOK = "facebook", "Facebook"
    ZALO = "zalo", "Zalo"
    OTHER = "other", _("Another site")
