"""What acts were read to end, and what became of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.documents.effect import EffectDoubtKind, StatusEventScope
from content.documents.models import Amendment, LegalDocument
from content.relations.ending_phrases import DayBasis


class EndingCase(models.Model):
    """One statement of an act about the effect or the text of one document, and what was decided about it.

    The cases that nobody decided are made anew whenever the act is read. A case that was carried out or rejected is
    kept.
    """

    class State(models.TextChoices):
        READ = "read", _("Read")  # nothing to do: the end is known already
        CARRIED_OUT = "carried_out", _("Carried out")
        OPEN = "open", _("Open")  # a person must look
        CONTESTED = "contested", _("Contested")  # several documents fit, or two sources contradict each other
        REJECTED = "rejected", _("Rejected")
        WAITING = "waiting", _("Waiting")  # for a document that is not stored here

    Kind = EffectDoubtKind
    Scope = StatusEventScope

    act = models.ForeignKey(LegalDocument, models.CASCADE, related_name="ending_cases")
    source_eid = models.CharField(_("stated in"), max_length=120, blank=True)
    start = models.PositiveIntegerField()  # offsets of the clause in the act's text
    end = models.PositiveIntegerField()
    kind = models.CharField(_("what it does"), max_length=8, choices=Kind)
    target = models.ForeignKey(
        LegalDocument, models.SET_NULL, null=True, blank=True, related_name="cases_about", verbose_name=_("document")
    )
    target_key = models.CharField(max_length=160)  # official_numbers.number_key, or document_references.name_key
    target_text = models.TextField(blank=True)  # as the act names it
    scope = models.CharField(_("scope"), max_length=5, choices=Scope)
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # of a part
    on = models.DateField(_("effective from"), null=True, blank=True)
    until = models.DateField(
        _("suspended until"), null=True, blank=True
    )  # the last day; null: open end, or no suspension
    day_is = models.CharField(max_length=12, choices=[(each.value, each.value) for each in DayBasis])
    replaces = models.BooleanField(default=False)
    words = models.TextField()
    doubts = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # a doubts.CaseDoubt each
    waits_for = ArrayField(models.CharField(max_length=160), default=list, blank=True)  # keys of documents
    state = models.CharField(_("decision"), max_length=12, choices=State, default=State.READ)
    amendment = models.ForeignKey(
        Amendment, models.SET_NULL, null=True, blank=True, related_name="ending_cases"
    )  # what carried it out
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: the machine
    decided_at = models.DateTimeField(null=True, blank=True)
    official_note = models.CharField(max_length=300, blank=True, default="", db_default="")  # what a list states of it
    is_sample = models.BooleanField(default=False)  # one of twenty that the machine carried out: a person looks at it
    found_right = models.BooleanField(null=True, blank=True)  # what the person said; null: not looked at
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ending")
        verbose_name_plural = _("endings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="ending_cases_once", fields=["act", "source_eid", "kind", "target_key", "scope"]
            ),
            models.CheckConstraint(
                name="ending_cases_decided_at_when_decided",
                condition=Q(decided_at__isnull=False) | ~Q(state__in=["carried_out", "rejected"]),
            ),
            models.CheckConstraint(
                name="ending_cases_waiting_name_what_for", condition=~Q(state="waiting") | ~Q(waits_for=[])
            ),
        ]
        indexes = [
            models.Index("state", "target", name="ending_cases_by_state"),
            GinIndex(fields=["waits_for"], name="ending_cases_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.target or self.target_text} ({self.act})"

    @property
    def is_decided(self) -> bool:
        return self.state in (self.State.CARRIED_OUT, self.State.REJECTED)


class ReadAct(models.Model):
    """That an act was read, and which text and first day of it: the same need not be read again."""

    act = models.OneToOneField(LegalDocument, models.CASCADE, related_name="read_for_endings")
    content_hash = models.CharField(max_length=64)
    first_day = models.DateField(null=True, blank=True)
    reader_version = models.PositiveIntegerField()
    read_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.act_id)


class MachineSwitch(models.Model):
    """Whether something may be carried out by itself. Without a row it may."""

    name = models.CharField(max_length=40, unique=True)
    is_on = models.BooleanField(default=True)
    reason = models.TextField(blank=True)  # why it was switched
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: the machine

    class Meta:
        verbose_name = _("automatic change")
        verbose_name_plural = _("automatic changes")

    def __str__(self) -> str:
        return self.name
