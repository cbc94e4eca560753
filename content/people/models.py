"""Staff accounts, readers without a name, and the audit."""

import uuid
from typing import TypeAlias

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The groups of staff. A migration creates them with their permissions."""

    EDITOR = "editor", _("Editor")  # writes drafts, publishes nothing
    ANSWERER = "answerer", _("Answerer")  # answers questions
    APPROVER = "approver", _("Approver")  # reviews and publishes what others wrote
    PUBLISHER = "publisher", _("Publisher")  # writes and publishes
    ADMINISTRATOR = "administrator", _("Administrator")  # accounts, vocabularies and the audit; publishes nothing


ROLES_OF_TWO_PEOPLE = (
    Role.APPROVER,
    Role.PUBLISHER,
    Role.ADMINISTRATOR,
)  # one administrator proposes, another confirms


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


class RoleProposal(models.Model):
    """A role that an administrator wants to give. The account has it when another administrator has confirmed.

    One administrator alone could otherwise make an account that publishes, and publish with it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_proposals", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=13, choices=Role)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    is_confirmed = models.BooleanField(null=True)  # null: nobody has decided

    class Meta:
        ordering = ["pk"]
        default_permissions = ()  # whoever may change accounts
        verbose_name = _("proposed role")
        verbose_name_plural = _("proposed roles")
        constraints = [
            models.CheckConstraint(
                name="role_proposals_are_confirmed_by_another",
                condition=~Q(is_confirmed=True) | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("user")),
            ),
            models.CheckConstraint(
                name="role_proposals_are_decided_by_somebody",
                condition=Q(decided_by=None, decided_at=None, is_confirmed=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_confirmed__isnull=False),
            ),
            models.UniqueConstraint(
                name="role_proposals_once_while_open", fields=["user", "role"], condition=Q(decided_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
