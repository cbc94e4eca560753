"""The legal document: its description, its issuer, and its status from draft to withdrawn."""

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from content.copies import HOME_LENGTH
from content.law.doc_types import DocType
from content.law.official_numbers import LOCAL_NUMBERS
from content.organisations.models import Organisation, Province
from content.topics.models import Topic


class ListOrder(models.Func):
    """The days since year 1 in the high half of an integer, 0 without a date; the row's id goes in the low half.

    A cursor needs one unique column to be exact; a document without a date of issue comes last.
    """

    template = "((COALESCE(%(expressions)s, '0001-01-01'::date) - '0001-01-01'::date)::bigint * 4294967296)"
    output_field = models.BigIntegerField()


EFFECT_LATEST_FIRST = Coalesce("effective_on", Value(datetime.date.min))  # of both orders: unknown comes last
EFFECT_EARLIEST_FIRST = Coalesce("effective_on", Value(datetime.date.max))


class LegalDocument(models.Model):
    """A document as its issuer published it. Its effect on a day is computed from its status events."""

    class Status(models.TextChoices):
        """Transitions between these: publishing/states.py."""

        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")  # corrected or not: see corrected_at
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Completeness(models.TextChoices):
        COMPLETE = "complete", _("Complete")
        PARTIAL = "partial", _("Partial")  # only the articles that our source has

    key = models.CharField(max_length=160, unique=True)  # readable and permanent: "luat-2024-31-2024-qh15"
    number = models.CharField(max_length=100, blank=True)  # empty: published without a number
    is_sample = models.BooleanField(default=False, db_default=False)  # no law: a sample, under the number 00/0000/MAU
    number_key = models.CharField(
        max_length=120, db_index=True
    )  # official_numbers.number_key, or "khong-so:" and the title's slug
    other_number_keys = ArrayField(  # that find it too: several numbers in one field, «&» left out
        models.CharField(max_length=120), default=list, db_default=[], blank=True
    )
    doc_type = models.CharField(max_length=20, choices=DocType)
    title = models.TextField()
    search_key = models.TextField(blank=True)  # number and title, folded: what the filter `q` searches
    issuer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="documents")
    province = models.ForeignKey(  # whose body issued it, on the day of issue; null: a central document
        Province, models.PROTECT, null=True, blank=True, related_name="documents", db_index=False
    )
    commune_code = models.CharField(max_length=5, blank=True, default="", db_default="")  # where a commune issued it
    commune_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    lacks_province = models.BooleanField(  # published with a local number before provinces were asked for
        default=False, db_default=False, editable=False
    )
    signer = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    gazette_number = models.CharField(max_length=60, blank=True)
    gazette_on = models.DateField(null=True, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="documents")
    source = models.CharField(max_length=300, blank=True)  # whose copy the text is
    source_url = models.URLField(max_length=500, blank=True)
    is_official_copy = models.BooleanField(default=False, db_default=False)  # from the issuer or the gazette
    verified_at = models.DateTimeField(null=True, blank=True)  # when a person compared it with the original
    verified_by = models.CharField(max_length=200, blank=True, default="", db_default="")  # the office, never a person
    effective_on = models.DateField(  # first day of the whole, null: unknown, or no effect of its own. For orders
        null=True,
        blank=True,
        editable=False,  # of lists only: a trigger computes it from the status events
    )
    effect_stated_on = models.DateField(null=True, blank=True)  # day on which an official source was read
    completeness = models.CharField(
        max_length=8, choices=Completeness, default=Completeness.COMPLETE, db_default=Completeness.COMPLETE
    )
    content_hash = models.CharField(max_length=64)  # SHA-256 of the text, hex
    warnings = models.JSONField(default=list, blank=True)  # of the parser
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    authors = models.ManyToManyField(  # who edited it: none of them may be its second reader
        settings.AUTH_USER_MODEL, blank=True, related_name="written_documents"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)  # the last time the published copy was corrected
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True, db_default="")  # public: its address answers with it
    home = models.CharField(max_length=HOME_LENGTH, default="", db_default="", blank=True)  # of a copy; "": ours
    witness_count = models.PositiveIntegerField(  # other installations that hold the same words
        default=0, db_default=0, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    list_order = models.GeneratedField(
        expression=models.ExpressionWrapper(ListOrder("issued_on") + F("id"), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("legal document")
        verbose_name_plural = _("legal documents")
        ordering = ["-list_order"]
        permissions = [
            ("publish_legaldocument", "Can publish legal document"),
            ("publish_own_legaldocument", "Can publish a legal document that nobody else has read"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="documents_identity_by_place",
                fields=["doc_type", "number_key", "issued_on", "issuer", "province", "commune_code"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="documents_of_local_bodies_have_a_province",
                condition=~Q(status="published")
                | ~Q(number__regex=LOCAL_NUMBERS)
                | Q(province__isnull=False)
                | Q(lacks_province=True),
            ),
            models.CheckConstraint(
                name="documents_of_communes_have_a_province",
                condition=Q(commune_code="", commune_name="")
                | Q(commune_code__regex="^[0-9]{5}$", province__isnull=False) & ~Q(commune_name=""),
            ),
            models.UniqueConstraint(name="documents_list_order", fields=["list_order"]),
            models.CheckConstraint(
                name="documents_samples_are_told_by_their_number",
                condition=Q(is_sample=True, number_key="0-0-mau") | (Q(is_sample=False) & ~Q(number_key="0-0-mau")),
            ),
            models.CheckConstraint(
                name="documents_published_at_when_published",
                condition=Q(status__in=["published", "withdrawn"], published_at__isnull=False)
                | Q(status__in=["draft", "in_review"], published_at=None),
            ),
            models.CheckConstraint(
                name="documents_withdrawn_say_when_and_why",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")
                | ~Q(status="withdrawn") & Q(withdrawn_at=None, withdrawal_reason=""),
            ),
            models.CheckConstraint(
                name="documents_completeness_is_known", condition=Q(completeness__in=["complete", "partial"])
            ),
        ]
        indexes = [
            GinIndex(fields=["other_number_keys"], name="documents_other_number_keys"),
            GinIndex(  # for a thousand keys at once: with the many empty ones in it, the planner reads the whole table
                fields=["other_number_keys"],
                condition=~Q(other_number_keys=[]),
                name="documents_of_several_numbers",
            ),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="documents_search_key"),
            models.Index("home", name="documents_by_home", condition=~Q(home="")),
            models.Index("issued_on", name="documents_issued_on"),
            models.Index(fields=["province", "-list_order"], name="documents_by_province"),
            models.Index("updated_at", "id", name="documents_by_update"),
            models.Index(  # to count them by what they are: a quarter of the time of reading their rows
                fields=["id"],
                include=["doc_type", "issuer", "province", "issued_on"],
                condition=Q(status="published"),
                name="documents_published",
            ),
            models.Index(EFFECT_LATEST_FIRST, "id", name="documents_by_effect"),
            models.Index(EFFECT_EARLIEST_FIRST, "id", name="documents_by_effect_rising"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_partial(self) -> bool:
        return self.completeness == self.Completeness.PARTIAL

    @property
    def has_effect(self) -> bool:
        """Whether it has effect of its own. A consolidated text has none (Ordinance 01/2012/UBTVQH13)."""
        return self.doc_type != DocType.CONSOLIDATED_TEXT
