"""Relations between documents: what one document does to another."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.documents.models import Amendment, LegalDocument
from content.law.doc_types import DocType


class RelationKind(models.TextChoices):
    """The thirteen pairs of vbpl.vn, each stored once, from the document that acts.

    Labels read «this document … that».
    """

    REPEALS = "repeals", _("repeals")
    BASED_ON = "based_on", _("is based on")
    CITES = "cites", _("refers to")
    STAYS = "stays", _("halts the enforcement of")
    CORRECTS = "corrects", _("corrects")
    CONSOLIDATES = "consolidates", _("consolidates")
    GUIDES = "guides", _("guides the application of")
    IMPLEMENTS = "implements", _("details and guides the implementation of")
    AMENDS = "amends", _("amends")
    SUSPENDS = "suspends", _("suspends the effect of")
    REPLACES = "replaces", _("replaces")
    INTERPRETS = "interprets", _("interprets")
    PROMULGATES = "promulgates", _("promulgates")


INCOMING_LABELS = {  # the same pairs, read from the document that is acted on
    RelationKind.REPEALS: _("is repealed by"),
    RelationKind.BASED_ON: _("is a basis of"),
    RelationKind.CITES: _("is referred to by"),
    RelationKind.STAYS: _("is no longer enforced, by"),
    RelationKind.CORRECTS: _("is corrected by"),
    RelationKind.CONSOLIDATES: _("is consolidated in"),
    RelationKind.GUIDES: _("has its application guided by"),
    RelationKind.IMPLEMENTS: _("is detailed and its implementation guided by"),
    RelationKind.AMENDS: _("is amended by"),
    RelationKind.SUSPENDS: _("has its effect suspended by"),
    RelationKind.REPLACES: _("is replaced by"),
    RelationKind.INTERPRETS: _("is interpreted by"),
    RelationKind.PROMULGATES: _("is promulgated by"),
}


class Relation(models.Model):
    """`actor` does `kind` to `target`. A relation found in a text is a proposal until a person or a source confirms it.

    The target may not be stored yet. `target_text` is its name in the actor's text; `target_key` finds it once it is
    imported.
    """

    class Scope(models.TextChoices):
        WHOLE = "whole", _("Whole")
        PART = "part", _("In part")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")  # found by the program, not reviewed yet
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")  # stored, so that it is not proposed again

    kind = models.CharField(_("what it does"), max_length=12, choices=RelationKind)
    actor = models.ForeignKey(  # found by the index of `relations_once`
        LegalDocument, models.CASCADE, related_name="relations", db_index=False
    )
    target = models.ForeignKey(LegalDocument, models.SET_NULL, null=True, blank=True, related_name="suffered_relations")
    target_type = models.CharField(max_length=20, choices=DocType, blank=True)  # "" if the text does not say
    target_text = models.TextField()  # its name in the actor's text: «Luật Đất đai số 13/2003/QH11»
    target_number = models.CharField(max_length=100, blank=True)
    target_key = models.CharField(max_length=160)  # official_numbers.number_key, or document_references.name_key
    target_issued_on = models.DateField(null=True, blank=True)  # if the actor's text gives it
    scope = models.CharField(_("scope"), max_length=5, choices=Scope)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)  # null: the text gives no date
    source_eid = models.CharField(  # the actor's provision that states it; "" is the title
        _("stated in"), max_length=120, blank=True
    )
    target_eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    evidence = models.TextField(blank=True)  # the passage that states it
    stated_by = models.CharField(
        max_length=300, blank=True
    )  # the official source that states it; "" if the program found it
    amendment = models.ForeignKey(  # the applied amendment that confirmed it, if one did
        Amendment, models.SET_NULL, null=True, blank=True, related_name="relations"
    )
    status = models.CharField(_("decision"), max_length=10, choices=Status, default=Status.PROPOSED)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["pk"]
        permissions = [("confirm_relation", "Can confirm relation")]
        constraints = [
            models.UniqueConstraint(
                name="relations_once", fields=["actor", "kind", "scope", "target_key", "source_eid"]
            ),
            models.CheckConstraint(name="relations_are_with_others", condition=~Q(target=F("actor"))),
            models.CheckConstraint(
                name="relations_decided_at_when_decided",
                condition=Q(status="proposed", decided_at=None) | (~Q(status="proposed") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index("target_key", condition=Q(target=None), name="relations_awaiting_a_document"),
            models.Index("status", "kind", "id", name="relations_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.actor.number or self.actor.title} → {self.target_text}"
