"""What official lists say about the effect of documents, and where that contradicts what is stored."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from content.documents.effect import EffectStatus
from content.documents.models import LegalDocument
from content.endings.models import EndingCase


class OfficialStatus(models.Model):
    """One line of a list about one document. A row is never changed: a newer list adds another."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="official_statuses")
    source = models.CharField(max_length=120)  # whose list
    status = models.CharField(max_length=20, choices=EffectStatus)
    effective_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)  # first day no longer in force
    cause = models.CharField(max_length=300, blank=True)
    as_of = models.DateField()  # day for which the list speaks
    stated_on = models.DateField()  # day on which it was imported
    row_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hex, of all of the above but `stated_on`

    class Meta:
        ordering = ["as_of", "pk"]
        indexes = [models.Index("document", "source", "as_of", name="official_statuses_newest")]

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}: {self.status}"

    @property
    def in_words(self) -> str:
        """«Danh mục X, ngày 01/02/2026: Còn hiệu lực», with the days that the list gives."""
        words = gettext("%(source)s, %(day)s: %(status)s") % {
            "source": self.source,
            "day": f"{self.as_of:%d/%m/%Y}",
            "status": self.get_status_display(),
        }
        if self.effective_on:
            words += " · " + gettext("effective from %s") % f"{self.effective_on:%d/%m/%Y}"
        if self.expires_on:
            words += " · " + gettext("no longer in force from %s") % f"{self.expires_on:%d/%m/%Y}"
        return words


class StatusConflict(models.Model):
    """An official list and what is stored contradict each other. A person says which is right."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        OURS = "ours", _("Ours is right")
        THEIRS = "theirs", _("The list is right")
        BOTH = "both", _("Both are right")  # the end begins later than the act was read

    document = models.ForeignKey(
        LegalDocument, models.CASCADE, related_name="status_conflicts", verbose_name=_("document")
    )
    official = models.ForeignKey(OfficialStatus, models.CASCADE, related_name="conflicts")
    case = models.ForeignKey(EndingCase, models.SET_NULL, null=True, blank=True, related_name="conflicts")
    our_status = models.CharField(max_length=20, choices=EffectStatus)  # on the day of the list
    our_effective_on = models.DateField(null=True, blank=True)
    our_expires_on = models.DateField(null=True, blank=True)
    our_words = models.TextField(blank=True)  # the clause of the act, if an act says so
    state = models.CharField(_("decision"), max_length=6, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("conflict with an official list")
        verbose_name_plural = _("conflicts with official lists")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="status_conflicts_once", fields=["document", "official"]),
            models.CheckConstraint(
                name="status_conflicts_decided_by_when_decided",
                condition=Q(state="open", decided_by=None, decided_at=None)
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason=""),
            ),
        ]
        indexes = [models.Index("state", "id", name="status_conflicts_by_state")]

    def __str__(self) -> str:
        return f"{self.document} — {self.official.source}"
