"""Who reads and who works here. A reader has no name; a user is staff."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The groups of staff, made by a migration together with what each may do."""

    EDITOR = "editor", _("Editor")  # writes drafts, publishes nothing
    ANSWERER = "answerer", _("Answerer")  # reads; answers come with the questions
    APPROVER = "approver", _("Approver")  # the second pair of eyes: publishes what others wrote
    PUBLISHER = "publisher", _("Publisher")  # writes and publishes
    ADMINISTRATOR = "administrator", _("Administrator")  # accounts, vocabularies, the audit; publishes nothing


class User(AbstractUser):
    """A member of staff. Readers of the app are never users."""


class Reader(models.Model):
    """Whoever reads: made with their first device, owns everything a caller has, holds no personal data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firebase_uid = models.CharField(max_length=128, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return str(self.pk)


class IdempotencyKey(models.Model):
    """A reader's POST that was accepted: the same again makes nothing new. Holds no word of what was posted."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of what was posted, hex
    subject = models.CharField(max_length=200)  # key of what it made
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="idempotency_keys_once", fields=["reader", "key"])]

    def __str__(self):
        return f"{self.reader_id} {self.key}"


class AuditRow(models.Model):
    """One act of staff or of the system. Can neither be changed nor deleted (a trigger refuses).

    Never public, unlike the day-book: it says who. A user with acts is deactivated, not deleted.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("who")
    )
    action = models.CharField(_("act"), max_length=60)  # "document.published", "account.created": see `acts`
    subject = models.CharField(_("on what"), max_length=200)  # key of what was acted on
    at = models.DateTimeField(_("when"), auto_now_add=True)
    address = models.GenericIPAddressField(_("from where"), null=True, blank=True)  # null: on our own machine
    reason = models.TextField(_("reason"), blank=True)  # in the actor's words
    facts = models.JSONField(_("facts"), default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("audit row")
        verbose_name_plural = _("audit")
        indexes = [
            models.Index(name="audit_of_a_subject", fields=["subject", "id"]),
            models.Index(name="audit_of_a_day", fields=["at"]),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_id or 'system'} {self.action} {self.subject}"
