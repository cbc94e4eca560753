"""A legal document, its provisions, what each says, and what happened to its effect."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from content.organisations.models import Organisation
from content.topics.models import Topic


class DocType(models.TextChoices):
    """Types of documents, Law 64/2025/QH15 Art. 4 and the non-normative ones people look for."""

    CONSTITUTION = "constitution", _("Constitution")
    CODE = "code", _("Code")
    LAW = "law", _("Law")
    ORDINANCE = "ordinance", _("Ordinance")
    RESOLUTION = "resolution", _("Resolution")
    JOINT_RESOLUTION = "joint_resolution", _("Joint resolution")
    ORDER = "order", _("Order")
    DECISION = "decision", _("Decision")
    DECREE = "decree", _("Decree")
    CIRCULAR = "circular", _("Circular")
    JOINT_CIRCULAR = "joint_circular", _("Joint circular")
    DIRECTIVE = "directive", _("Directive")
    DECREE_LAW = "decree_law", _("Decree-law")
    EDICT = "edict", _("Edict")
    CONSOLIDATED_TEXT = "consolidated_text", _("Consolidated text")
    OFFICIAL_LETTER = "official_letter", _("Official letter")
    PLAN = "plan", _("Plan")
    NOTICE = "notice", _("Notice")
    REPORT = "report", _("Report")
    PROGRAMME = "programme", _("Programme")
    GUIDANCE = "guidance", _("Guidance")
    URGENT_DISPATCH = "urgent_dispatch", _("Urgent dispatch")
    TREATY = "treaty", _("Treaty")
    OTHER = "other", _("Other document")


class ListOrder(models.Func):
    """Days since year 1 in the high half, the row's id in the low: one unique number per document, newest issued first.

    A cursor needs one unique column to be exact; a document without a date of issue stands last.
    """

    template = "((COALESCE(%(expressions)s, '0001-01-01'::date) - '0001-01-01'::date)::bigint * 4294967296)"
    output_field = models.BigIntegerField()


class LegalDocument(models.Model):
    """A document as its issuer published it. Whether it binds on a day is computed from its status events."""

    class State(models.TextChoices):
        """Which moves lead from one to another: states.py."""

        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")  # corrected or not: see corrected_at
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Completeness(models.TextChoices):
        COMPLETE = "complete", _("Complete")
        PARTIAL = "partial", _("Partial")  # only those of its articles that our source holds

    key = models.CharField(max_length=160, unique=True)  # readable and permanent: "luat-2024-31-2024-qh15"
    number = models.CharField(max_length=100, blank=True)  # empty: published without a number
    is_specimen = models.BooleanField(
        default=False, db_default=False
    )  # no law: written by us, under the number 00/0000/MAU
    number_key = models.CharField(max_length=120, db_index=True)  # numbers.key, or "khong-so:" and the title's slug
    other_number_keys = ArrayField(  # under which it is asked for too: several numbers in one field, «&» left out
        models.CharField(max_length=120), default=list, db_default=[], blank=True
    )
    doc_type = models.CharField(max_length=20, choices=DocType)
    title = models.TextField()
    search_key = models.TextField(blank=True)  # number and title, folded: what `q` looks through
    issuer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="documents")
    signer = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    gazette_number = models.CharField(max_length=60, blank=True)
    gazette_on = models.DateField(null=True, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="documents")
    source = models.CharField(max_length=300, blank=True)  # whose copy this is
    source_url = models.URLField(max_length=500, blank=True)
    is_official_copy = models.BooleanField(default=False, db_default=False)  # read at the issuer's own or the gazette's
    verified_at = models.DateTimeField(null=True, blank=True)  # when a person compared it with the original
    verified_by = models.CharField(max_length=200, blank=True, default="", db_default="")  # which office, never who
    effect_stated_on = models.DateField(null=True, blank=True)  # day we read what we show at an official source
    completeness = models.CharField(
        max_length=8, choices=Completeness, default=Completeness.COMPLETE, db_default=Completeness.COMPLETE
    )
    content_hash = models.CharField(max_length=64)  # SHA-256 of the text, hex
    warnings = models.JSONField(default=list, blank=True)  # what the parser was unsure of
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    authors = models.ManyToManyField(  # who wrote at it since it is here: none of them is its second pair of eyes
        settings.AUTH_USER_MODEL, blank=True, related_name="written_documents"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)  # the last time the published copy was bettered
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True, db_default="")  # public: its address gives it
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
                name="documents_identity",
                fields=["doc_type", "number_key", "issued_on", "issuer"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(name="documents_list_order", fields=["list_order"]),
            models.CheckConstraint(
                name="documents_specimens_are_told_by_their_number",
                condition=Q(is_specimen=True, number_key="0-0-mau") | (Q(is_specimen=False) & ~Q(number_key="0-0-mau")),
            ),
            models.CheckConstraint(
                name="documents_published_at_when_published",
                condition=Q(state__in=["published", "withdrawn"], published_at__isnull=False)
                | Q(state__in=["draft", "in_review"], published_at=None),
            ),
            models.CheckConstraint(
                name="documents_withdrawn_say_when_and_why",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")
                | ~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawal_reason=""),
            ),
            models.CheckConstraint(
                name="documents_completeness_is_known", condition=Q(completeness__in=["complete", "partial"])
            ),
        ]
        indexes = [
            GinIndex(fields=["other_number_keys"], name="documents_other_number_keys"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="documents_search_key"),
            models.Index("issued_on", name="documents_issued_on"),
            models.Index("updated_at", name="documents_updated_at"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}".strip()

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def is_partial(self):
        return self.completeness == self.Completeness.PARTIAL

    @property
    def has_effect(self):
        """A consolidated text is no norm of its own (Ordinance 01/2012/UBTVQH13): what it merges is in force or not."""
        return self.doc_type != DocType.CONSOLIDATED_TEXT


class Manuscript(models.Model):
    """A text with its description on somebody's desk: read by the parser, but not in the library yet.

    Without a document it becomes a new draft; of a draft it becomes its new wording; of a published document it is a
    correction, which may be proposed to a second pair of eyes. Settled or thrown away, its row goes.
    """

    document = models.ForeignKey(LegalDocument, models.CASCADE, null=True, blank=True, related_name="manuscripts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="manuscripts")
    text = models.TextField()
    columns = models.JSONField(default=dict)  # what manuscripts.record_of reads: names as in DocumentRecord, days ISO
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)  # of the file it was read from; empty: pasted
    file_type = models.CharField(max_length=100, blank=True)
    file_content = models.BinaryField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # `updated_at` of the document when this was begun
    proposed_at = models.DateTimeField(null=True, blank=True)  # a correction that waits for its second pair of eyes
    reason = models.TextField(blank=True)  # why the correction
    notify = models.BooleanField(default=False)  # whether followers shall be told of the correction
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True, db_default=Now())  # what nobody touches is thrown away in time

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="manuscripts_one_proposal_a_document",
                fields=["document"],
                condition=Q(proposed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="manuscripts_proposals_are_of_a_document_and_have_a_reason",
                condition=Q(proposed_at=None) | Q(document__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return self.columns.get("title", "") or self.file_name or str(self.pk)


class OriginalFile(models.Model):
    """The bytes a document was taken from, as they came. Another source text of the same document is another row."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="original_files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)  # hex
    taken_in_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="original_files_once", fields=["document", "sha256"])]

    def __str__(self):
        return self.name


class Provision(models.Model):
    """One unit of a document (chapter, article, clause, point …). Its eid is permanent; versions come and go."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="provisions")
    parent = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="children")
    eid = models.CharField(max_length=120)  # "art_15__clause_2__point_dd"
    kind = models.CharField(max_length=20)  # structure.Kind
    number = models.CharField(max_length=60, blank=True)  # as written: "12a", "đ", "IV"
    position = models.PositiveIntegerField()  # order in the document
    codification_code = models.CharField(  # of an article in the Pháp điển: "1.1.LQ.1"; empty: we know of none
        max_length=40, blank=True, default="", db_default=""
    )

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

    def __str__(self):
        return self.eid

    @property
    def key(self):
        """How the API names it among all provisions: «luat-2024-31-2024-qh15/art_15»."""
        return f"{self.document.key}/{self.eid}"


class Amendment(models.Model):
    """What an act did to a document on a day. Withdrawn when it turns out to have been entered wrongly, never deleted.

    An act that lays down when its own provisions take effect amends itself: `act` and `document` are the same.
    """

    act = models.ForeignKey(LegalDocument, models.PROTECT, related_name="amendments_made")
    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="amendments")
    on = models.DateField()  # first day of what it made
    orders = models.JSONField()  # the instructions it carried out, as `services.as_facts` writes them
    eids = ArrayField(models.CharField(max_length=120))  # units changed, added or removed
    applied_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.act_id} → {self.document_id} {self.on}"


DAYS = models.Func("valid_from", "valid_until", function="DATERANGE", output_field=DateRangeField())


class ProvisionVersion(models.Model):
    """What a provision itself says, without the units under it, on the days [valid_from, valid_until).

    Two versions of a provision never share a day. Between two of them it may say nothing: it was repealed.
    """

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="versions")
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
                    (DAYS, RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="versions_end_after_they_start",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.provision_id} {self.valid_from or ''}"


class StatusEvent(models.Model):
    """Something that happened to the effect of a document, whole or in part: the only truth of effect."""

    class Kind(models.TextChoices):
        TAKES_EFFECT = "takes_effect", _("Takes effect")
        EXPIRES = "expires", _("Expires")  # repealed, replaced or run out
        AMENDED = "amended", _("Amended")  # in part only: the named units say something else, or are new, from then on
        SUSPENDED = "suspended", _("Suspended")
        RESUMED = "resumed", _("Resumes")
        NO_LONGER_SUITABLE = "no_longer_suitable", _("No longer suitable")

    class Scope(models.TextChoices):
        WHOLE = "whole", _("Whole")
        PART = "part", _("In part")

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="status_events")
    kind = models.CharField(max_length=20, choices=Kind)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WHOLE)
    on = models.DateField(
        null=True, blank=True
    )  # first day it counts; null: our source states the fact without its day, or the day is not fixed yet
    stated_on = models.DateField()  # day we learnt of it
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    cause = models.CharField(max_length=300, blank=True)  # what did it, or who says so
    amendment = models.ForeignKey(Amendment, models.CASCADE, null=True, blank=True, related_name="status_events")

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
        indexes = [models.Index(fields=["kind", "scope", "on"], name="status_events_by_day")]

    def __str__(self):
        return f"{self.kind} {self.scope} {self.on or '?'}"
