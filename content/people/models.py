"""Staff accounts, readers without a name, and the audit."""

import uuid
from typing import TypeAlias

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The groups of staff. A migration creates them with their permissions."""

    EDITOR = "editor", _("Editor")  # writes drafts, publishes nothing
    ANSWERER = "answerer", _("Answerer")  # answers questions
    APPROVER = "approver", _("Approver")  # reviews and publishes what others wrote
    PUBLISHER = "publisher", _("Publisher")  # writes and publishes
    ADMINISTRATOR = "administrator", _("Administrator")  # accounts, vocabularies and the audit; publishes nothing


class User(AbstractUser):
    """A member of staff. Readers of the app are never users."""


AnyUser: TypeAlias = User | AnonymousUser  # who a request is from


class Reader(models.Model):
    """A user of the app, created with their first device. Owns all their data and holds no personal data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firebase_uid = models.CharField(max_length=128, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.pk)


class IdempotencyKey(models.Model):
    """A reader's POST that was accepted. The same request again creates nothing. The text of the POST is not stored."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the posted data, hex
    subject = models.CharField(max_length=200)  # key of the created row
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="idempotency_keys_once", fields=["reader", "key"])]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.key}"


class AuditRow(models.Model):
    """One action of staff or of the system. A trigger refuses to change or delete it.

    Unlike the change log it is never public, because it names people. A user with audit rows is closed, not deleted.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audit_rows",
        verbose_name=_("who"),
    )
    action = models.CharField(_("action"), max_length=60)  # "document.published": see audit_actions.py
    subject = models.CharField(_("subject"), max_length=200)  # key of the object
    at = models.DateTimeField(_("when"), auto_now_add=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)  # null: a command or a job
    reason = models.TextField(_("reason"), blank=True)  # as the person wrote it
    facts = models.JSONField(_("facts"), default=dict, blank=True)

    action_label: str | Promise  # set by queries.audit_history

    class Meta:
        ordering = ["pk"]
        verbose_name = _("audit row")
        verbose_name_plural = _("audit")
        indexes = [
            models.Index(name="audit_of_a_subject", fields=["subject", "id"]),
            models.Index(name="audit_of_a_day", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_id or 'system'} {self.action} {self.subject}"
