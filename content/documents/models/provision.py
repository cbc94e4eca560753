"""The provisions of a document, their versions, and the status events that decide effect."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.documents.effect import EffectDoubtKind, StatusEventKind, StatusEventScope
from content.documents.models.document import LegalDocument, ListOrder
from content.law.eids import KEY_SEPARATOR


class Provision(models.Model):
    """One unit of a document (chapter, article, clause, point …). Its eid is permanent; versions come and go."""

    # found by the index of `provisions_eid_is_unique_in_document`
    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="provisions", db_index=False)
    parent = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="children")
    eid = models.CharField(max_length=120)  # "art_15__clause_2__point_dd"
    kind = models.CharField(max_length=20)  # a law.units.UnitKind
    number = models.CharField(max_length=60, blank=True)  # as printed: "12a", "đ", "IV"
    position = models.PositiveIntegerField()  # order in the document
    codification_code = models.CharField(  # of an article in the Pháp điển: "1.1.LQ.1"; empty: we know of none
        max_length=40, blank=True, default="", db_default=""
    )

    heading: str  # these two where provision_queries.provisions_with_text_on added those of a day
    text: str

    class Meta:
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(name="provisions_eid_is_unique_in_document", fields=["document", "eid"]),
            models.UniqueConstraint(
                name="provisions_position_is_unique_in_document",
                fields=["document", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.eid

    @property
    def key(self) -> str:
        """Its name in the API, unique among all provisions: «luat-2024-31-2024-qh15~art_15»."""
        return f"{self.document.key}{KEY_SEPARATOR}{self.eid}"


class Amendment(models.Model):
    """The changes an act makes to a document on a day. Withdrawn if it was entered wrongly, never deleted.

    An act that names the days on which its own provisions take effect amends itself: `act` and `document` are the same.
    """

    act = models.ForeignKey(LegalDocument, models.PROTECT, related_name="amendments_made")
    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="amendments")
    on = models.DateField()  # first day of what it made
    instructions = (
        models.JSONField()
    )  # the instructions it carried out, as `amendments.services.instruction_facts` writes them
    eids = ArrayField(models.CharField(max_length=120))  # units changed, added or removed
    applied_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_refused = models.BooleanField(
        default=False, db_default=False
    )  # a person withdrew it: reading its act again does not make it again

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.act_id} → {self.document_id} {self.on}"


VALID_DAYS = models.Func("valid_from", "valid_until", function="DATERANGE", output_field=DateRangeField())


class ProvisionVersion(models.Model):
    """The text of a provision without the units under it, valid on the days [valid_from, valid_until).

    Two versions of a provision never share a day. Between two of them there may be none: it was repealed.
    """

    # found by the index of `versions_start_once`
    provision = models.ForeignKey(Provision, models.CASCADE, related_name="versions", db_index=False)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)  # own span: all versions of a document's day, joined in order, give its text
    text_hash = models.CharField(max_length=64)  # SHA-256, hex
    valid_from = models.DateField(null=True, blank=True)  # null: since the document applies
    valid_until = models.DateField(null=True, blank=True)  # first day no longer; null: open
    made_by = models.ForeignKey(Amendment, models.RESTRICT, null=True, blank=True, related_name="versions_made")
    ended_by = models.ForeignKey(Amendment, models.RESTRICT, null=True, blank=True, related_name="versions_ended")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="versions_start_once", fields=["provision", "valid_from"], nulls_distinct=False
            ),
            ExclusionConstraint(
                name="versions_never_overlap",
                expressions=[
                    ("provision", RangeOperators.EQUAL),
                    (VALID_DAYS, RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="versions_end_after_they_start",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.valid_from or ''}"


CALENDAR_ORDER = models.ExpressionWrapper(ListOrder("on") + F("id"), models.BigIntegerField())  # of events with a day


class StatusEvent(models.Model):
    """An event in the effect of a document, whole or in part. Effect is computed from these and nothing else."""

    Kind = StatusEventKind
    Scope = StatusEventScope

    # found by the index of `status_events_once`
    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="status_events", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WHOLE)
    on = models.DateField(
        null=True, blank=True
    )  # first day it counts; null: the source gives no day, or the day is not fixed yet
    stated_on = models.DateField()  # day on which it became known to us
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    cause = models.CharField(max_length=300, blank=True)  # what caused it, or who states it
    amendment = models.ForeignKey(Amendment, models.CASCADE, null=True, blank=True, related_name="status_events")
    recorded_at = models.DateTimeField(
        null=True, blank=True
    )  # when the change log got its due transition; null: not yet

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="status_events_once",
                fields=["document", "kind", "scope", "on", "eids"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="status_events_of_taking_effect_have_a_day",
                condition=~Q(kind="takes_effect", scope="whole") | Q(on__isnull=False),
            ),
            models.CheckConstraint(
                name="status_events_amend_in_part", condition=~Q(kind="amended") | Q(scope="part", on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "scope", "on"], name="status_events_by_day"),
            models.Index(CALENDAR_ORDER, name="status_events_in_order", condition=Q(on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} {self.on or '?'}"


class EffectDoubt(models.Model):
    """What an act says about a document and nobody has checked: until then the document is not shown as in force.

    `content.endings` writes and deletes these rows; `effect` and `text_dates` read them.
    """

    Kind = EffectDoubtKind
    Scope = StatusEventScope

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="effect_doubts")
    act = models.ForeignKey(LegalDocument, models.CASCADE, related_name="raised_doubts")
    source_eid = models.CharField(max_length=120, blank=True)  # the act's provision that says it
    kind = models.CharField(max_length=8, choices=Kind)
    scope = models.CharField(max_length=5, choices=Scope)
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # of a part; empty: not placed
    from_on = models.DateField()  # first day on which it counts, here: where the act gives no day, that of its issue
    on = models.DateField(null=True, blank=True)  # the day that the act gives; null: none
    until_on = models.DateField(null=True, blank=True)  # first day on which it no longer counts; of `amends`, `begins`
    words = models.TextField()  # the clause, in the act's words
    reasons = ArrayField(models.CharField(max_length=20), default=list)  # an endings.doubts.CaseDoubt each
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="effect_doubts_once", fields=["document", "act", "source_eid", "kind", "scope"]
            ),
            models.CheckConstraint(
                name="effect_doubts_last_day",
                condition=models.Q(until_on=None)
                | models.Q(kind__in=["amends", "begins"], until_on__gt=models.F("from_on")),
            ),
        ]
        indexes = [models.Index("document", "from_on", name="effect_doubts_of_document")]

    def __str__(self) -> str:
        return f"{self.act_id} → {self.document_id} {self.kind} {self.scope} {self.from_on}"
