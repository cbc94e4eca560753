"""Programmes, who owes a plan for them, the plans and statements that exist, and what is promised and measured.

What is reported and what is computed are measurements of two indicators; they are never merged. A correction of a
measurement is a new row that replaces the former one; both stay.
"""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from content.copies import HOME_LENGTH
from content.documents.models import LegalDocument
from content.organisations.models import Organisation, Province
from content.vietnam_time import VIETNAM_TIME

REPORTED = "reported"  # Indicator.method; any other is the name of the function that computes it

ONE_DAY = datetime.timedelta(days=1)
YEARS = [MinValueValidator(1945), MaxValueValidator(2100)]


class NamedInTwoLanguages(models.Model):
    """A name in Vietnamese, and in English where one is established."""

    name_vi = models.CharField(_("name"), max_length=300)
    name_en = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> str:
        """The name in the active language, Vietnamese where there is no English one."""
        return (get_language() == "en" and self.name_en) or self.name_vi


class Programme(NamedInTwoLanguages):
    """A programme for which organisations make plans, on [valid_from, valid_until)."""

    key = models.CharField(max_length=100, unique=True)  # "de-an-766"
    act_number = models.CharField(_("act"), max_length=100)  # also where the act is not stored: "766/QĐ-TTg"
    act_issued_on = models.DateField()
    act = models.ForeignKey(LegalDocument, models.SET_NULL, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("from day"))
    valid_until = models.DateField(_("until before day"), null=True, blank=True)  # exclusive

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_end_after_they_start",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            )
        ]

    @property
    def last_day(self) -> datetime.date | None:
        """Its last day; None: no end is stated."""
        return self.valid_until and self.valid_until - ONE_DAY


class Duty(models.Model):
    """An organisation owes a plan for a programme, for one year or for the whole of it."""

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="duties")
    year = models.PositiveIntegerField(_("year"), null=True, blank=True, validators=YEARS)  # null: the whole period
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="duties"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)  # null: the act names no day; it is due at once
    basis = models.CharField(_("provision that says so"), max_length=300)  # the citation that says so

    class Meta:
        verbose_name = _("duty to have a plan")
        verbose_name_plural = _("duties to have a plan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="duties_once", fields=["programme", "year", "organisation"], nulls_distinct=False
            ),
            models.CheckConstraint(name="duties_have_a_basis", condition=~Q(basis="")),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.year or ''} {self.organisation_id}"


class PlanFile(models.Model):
    """The bytes of a plan. One file may be that of several plans."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    kept_at = models.DateTimeField(db_default=Now())  # when somebody gave it last

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """A plan that an organisation adopted for a programme."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")  # corrected or not: see corrected_at
        WITHDRAWN = "withdrawn", _("Withdrawn")

    key = models.CharField(max_length=200, unique=True)  # "kh-de-an-766-ubnd-68-lam-dong-2025-5756-kh-ubnd"
    home = models.CharField(max_length=HOME_LENGTH, default="", db_default="", blank=True)  # of a copy; "": ours
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="plans")
    adopter = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("adopted by"), related_name="plans")
    year = models.PositiveIntegerField(_("year"), null=True, blank=True, validators=YEARS)  # null: the whole period
    number = models.CharField(_("number"), max_length=100, blank=True)
    number_key = models.CharField(max_length=120, blank=True)
    adopted_on = models.DateField(
        _("adopted on"), null=True, blank=True
    )  # null: unknown; it counts from its publication here
    period_from = models.DateField(null=True, blank=True)
    period_until = models.DateField(null=True, blank=True)  # exclusive
    title = models.CharField(_("title"), max_length=500)
    document = models.ForeignKey(LegalDocument, models.PROTECT, null=True, blank=True, related_name="plans")
    file = models.ForeignKey(PlanFile, models.PROTECT, null=True, blank=True, related_name="plans")
    source_url = models.URLField(max_length=500, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)  # public
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-pk"]
        permissions = [("publish_plan", "Can publish plans and measurements that others entered")]
        constraints = [
            models.UniqueConstraint(
                name="plans_once",
                fields=["programme", "adopter", "year", "number_key", "adopted_on"],
                condition=~Q(status="withdrawn"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="plans_end_after_they_begin",
                condition=Q(period_from=None) | Q(period_until=None) | Q(period_until__gt=F("period_from")),
            ),
            models.CheckConstraint(name="plans_replace_another", condition=~Q(replaces=F("pk"))),
            models.CheckConstraint(
                name="plans_published_can_be_read",
                condition=~Q(status="published")
                | Q(document__isnull=False)
                | Q(file__isnull=False)
                | ~Q(source_url="")
                | ~Q(home=""),  # the file of a copy, or its document, comes later
            ),
            models.CheckConstraint(
                name="plans_published_at_when_published",
                condition=Q(status="draft", published_at=None) | ~Q(status="draft") & Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plans_are_published_by_another",
                condition=Q(published_by=None) | Q(written_by=None) | ~Q(published_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="plans_withdrawn_say_why",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")
                | ~Q(status="withdrawn") & Q(withdrawn_at=None),
            ),
        ]
        indexes = [models.Index(fields=["programme", "status", "adopter"], name="plans_of_programmes")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def last_day(self) -> datetime.date | None:
        """The last day of its period; None: not stated."""
        return self.period_until and self.period_until - ONE_DAY

    @property
    def replaced_plan(self) -> "Plan | None":
        """The plan whose place it took, if readers may see it."""
        earlier = self.replaces
        return earlier if earlier and earlier.status == Plan.Status.PUBLISHED else None

    @property
    def public_status(self) -> str:
        """What readers are told: "published", or "corrected" once what is said of it was improved."""
        return "corrected" if self.corrected_at else "published"

    @property
    def counts_from(self) -> datetime.date | None:
        """The day from which its adopter has a plan: of adoption, else of publication here; None for a draft."""
        if self.adopted_on or self.published_at is None:
            return self.adopted_on
        return self.published_at.astimezone(VIETNAM_TIME).date()


class PlanStatement(models.Model):
    """An organisation declares that it has no plan."""

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="statements")
    adopter = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="plan_statements"
    )
    on = models.DateField(_("declared on"))
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("plan statement")
        verbose_name_plural = _("plan statements")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(name="plan_statements_once_a_day", fields=["programme", "adopter", "on"]),
            models.CheckConstraint(name="plan_statements_have_a_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.adopter_id} {self.on}"


class Indicator(NamedInTwoLanguages):
    """Something that is counted of a programme, as somebody reports it or as a function of ours computes it."""

    class Unit(models.TextChoices):
        PERCENT = "percent", _("Percent")
        COUNT = "count", _("Count")
        YES_NO = "yes_no", _("Yes or no")

    class Direction(models.TextChoices):
        UP = "up", _("More is better")
        DOWN = "down", _("Less is better")

    class Breakdown(models.TextChoices):
        NONE = "none", _("Not broken down")
        PROVINCE = "province", _("By province")
        MINISTRY = "ministry", _("By ministry")
        AREA = "area", _("By area")

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="indicators")
    code = models.CharField(_("code"), max_length=60, unique=True)
    unit = models.CharField(_("unit"), max_length=7, choices=Unit)
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.UP)
    breakdown = models.CharField(_("given by"), max_length=8, choices=Breakdown, default=Breakdown.NONE)
    method = models.CharField(_("method"), max_length=60, default=REPORTED)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["programme", "pk"]

    @property
    def is_computed(self) -> bool:
        """Whether a function of ours computes it; otherwise others report it."""
        return self.method != REPORTED


class Area(models.TextChoices):
    ALL = "all", _("All")
    URBAN = "urban", _("Urban")
    RURAL = "rural", _("Rural")


class Target(models.Model):
    """A value that an indicator should have by a day. It is public with a provision or a source that was read."""

    class Operator(models.TextChoices):
        AT_LEAST = "at_least", _("At least")
        AT_MOST = "at_most", _("At most")
        EQUAL = "equal", _("Exactly")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    due_on = models.DateField()
    operator = models.CharField(max_length=8, choices=Operator, default=Operator.AT_LEAST)
    value = models.DecimalField(max_digits=20, decimal_places=6)
    area = models.CharField(max_length=5, choices=Area, default=Area.ALL)
    provision = models.CharField(max_length=300, blank=True)  # its citation, as read on `read_on`
    read_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    is_public = models.BooleanField(default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="targets_once", fields=["indicator", "due_on", "area", "value", "provision", "source"]
            ),
            models.CheckConstraint(
                name="targets_public_have_a_source",
                condition=Q(is_public=False) | (~Q(provision="") & Q(read_on__isnull=False)) | ~Q(source=""),
            ),
            models.CheckConstraint(
                name="targets_are_published_by_another",
                condition=Q(published_by=None) | Q(entered_by=None) | ~Q(published_by=F("entered_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.due_on} {self.value}"


class Measurement(models.Model):
    """What somebody measured, with its source. A trigger refuses to change or delete a row, but for its approval."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="measurements")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="measurements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="measurements")
    area = models.CharField(_("area"), max_length=5, choices=Area, default=Area.ALL)
    period_from = models.DateField(_("first day"))
    period_until = models.DateField(_("first day after"))  # exclusive
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    numerator = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(max_length=500, blank=True)
    document = models.ForeignKey(LegalDocument, models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)  # public since then

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="measurements_once",
                fields=[
                    "indicator", "province", "organisation", "area", "period_from", "period_until", "source",
                    "replaces",
                ],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="measurements_end_after_they_begin", condition=Q(period_until__gt=F("period_from"))
            ),
            models.CheckConstraint(
                name="measurements_have_a_denominator",
                condition=Q(numerator=None, denominator=None) | Q(numerator__isnull=False, denominator__gt=0),
            ),
            models.CheckConstraint(name="measurements_have_a_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="measurements_are_approved_by_another",
                condition=Q(approved_by=None) | Q(entered_by=None) | ~Q(approved_by=F("entered_by")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_from} {self.value}"

    @property
    def last_day(self) -> datetime.date:
        """The last day of its period."""
        return self.period_until - ONE_DAY

    @property
    def is_replaced(self) -> bool:
        """Whether a public measurement corrects this one, also one that corrects an unapproved correction of it."""
        later = getattr(self, "replaced_by", None)
        return later is not None and (later.approved_at is not None or later.is_replaced)
