"""A device: one installation of the app on one phone or in one browser."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.models import Reader


class Device(models.Model):
    """One installation of the app. It belongs to a reader and contains nothing that identifies a person."""

    class IdKind(models.TextChoices):
        FID = "fid", _("Firebase installation id")
        TOKEN = "token", _("FCM registration token")

    class Platform(models.TextChoices):
        ANDROID = "android", "Android"
        IOS = "ios", "iOS"
        WEB = "web", "Web"

    class Language(models.TextChoices):
        VI = "vi", "Tiếng Việt"
        EN = "en", "English"

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="devices")
    installation_key = models.CharField(max_length=100, unique=True)  # made by the app
    secret_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret, hex; the secret is not stored
    # null: another device has this registration now, or FCM declared it dead
    registration_id = models.CharField(max_length=1000, null=True, blank=True, unique=True)
    id_kind = models.CharField(max_length=5, choices=IdKind)
    platform = models.CharField(max_length=7, choices=Platform)
    app_version = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.VI)
    registered_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True, blank=True)  # the row is deleted once FCM has removed its topics
    dead_at = models.DateTimeField(null=True, blank=True)  # FCM declared the registration dead

    secret: str | None  # set by the view that registers the device, for its response; never stored

    def __str__(self) -> str:
        return f"{self.platform} {self.pk}"
