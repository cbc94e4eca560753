"""Provinces and issuing bodies, each with the days on which it existed. Former names are never changed.

A body or province that ends keeps its row, name, key and documents, and refers to its successors. Days are half-open:
[valid_from, valid_until).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def shown_name(name: str, name_en: str) -> str:
    """The name in the active language: in Vietnamese where no English name is established."""
    return (get_language() == "en" and name_en) or name


class ProvinceType(models.TextChoices):
    PROVINCE = "province", _("Province")
    CITY = "city", _("Centrally run city")


class Province(models.Model):
    """A province or city, on the days on which it had this territory.

    A new row begins whenever units are redrawn, also for one that keeps its name and code: «Tỉnh Phú Thọ» before and
    after 2025-07-01 are two rows with different territory. All 34 present rows begin that day, also those with the same
    territory, because districts were abolished. `code` alone does not identify a province: 15 was Yên Bái and is Lào
    Cai.

    Keys are permanent: code, short name and the year it began, if known («25-phu-tho» until 2025,
    «25-phu-tho-2025» since), or the whole date if it began twice in a year («46-hue-2025-01-01»).
    """

    key = models.CharField(max_length=100, unique=True)
    code = models.CharField(max_length=2)  # of the General Statistics Office, at the time
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=100)  # without «Tỉnh», «Thành phố»
    type = models.CharField(max_length=10, choices=ProvinceType)
    valid_from = models.DateField(null=True, blank=True)  # null: unknown
    valid_until = models.DateField(null=True, blank=True)  # exclusive; null: it still exists
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        ordering = ["code", F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                name="provinces_code_begins_once", fields=["code", "valid_from"], nulls_distinct=False
            ),
            models.UniqueConstraint(
                name="provinces_code_is_unique_today", fields=["code"], condition=Q(valid_until=None)
            ),
            models.CheckConstraint(name="provinces_code_is_two_digits", condition=Q(code__regex=r"^[0-9]{2}$")),
            models.CheckConstraint(name="provinces_type_is_known", condition=Q(type__in=ProvinceType.values)),
            models.CheckConstraint(
                name="provinces_end_after_they_start",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="provinces_with_a_successor_have_ended", condition=Q(successor=None) | Q(valid_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationKind(models.TextChoices):
    NATIONAL_ASSEMBLY = "national_assembly", _("National Assembly")
    PRESIDENT = "president", _("President")
    GOVERNMENT = "government", _("Government")
    PRIME_MINISTER = "prime_minister", _("Prime Minister")
    MINISTRY = "ministry", _("Ministry")
    MINISTERIAL_AGENCY = "ministerial_agency", _("Ministerial-level agency")
    COURT = "court", _("Court")
    PROCURACY = "procuracy", _("Procuracy")
    AUDIT = "audit", _("State Audit")
    LOCAL_COUNCIL = "local_council", _("People's Council")
    LOCAL_COMMITTEE = "local_committee", _("People's Committee")
    UNION = "union", _("Union or association")  # this and the next ones organise and adopt plans; they issue no law
    JUSTICE_DEPARTMENT = "justice_department", _("Department of Justice")
    SCHOOL = "school", _("School")
    OTHER = "other", _("Other organisation")


class OrganisationLevel(models.TextChoices):
    CENTRAL = "central", _("Central")
    LOCAL = "local", _("Local")


class Organisation(models.Model):
    """A body that issues legal documents, or adopts plans.

    A body that keeps its name and code stays one row, also when it absorbs another. A new name or a new code is a new
    row. The bodies of a province belong to its row: a redrawn province has other bodies.
    """

    key = models.CharField(max_length=100, unique=True)
    code = models.CharField(max_length=20)  # as in document numbers: "QH", "BTP", "BLĐTBXH", "UBND"
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)  # empty: no reliable English name
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    level = models.CharField(max_length=10, choices=OrganisationLevel)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="organisations")
    valid_from = models.DateField(null=True, blank=True)  # null: unknown
    valid_until = models.DateField(null=True, blank=True)  # exclusive; null: it still exists
    successors = models.ManyToManyField(
        "self",
        through="Succession",
        through_fields=("predecessor", "successor"),
        symmetrical=False,
        blank=True,
        related_name="predecessors",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="organisations_code_once", fields=["code", "province"], nulls_distinct=False),
            models.UniqueConstraint(name="organisations_name_once", fields=["name", "province"], nulls_distinct=False),
            models.CheckConstraint(
                name="organisations_end_after_they_start",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="organisations_kind_is_known", condition=Q(kind__in=OrganisationKind.values)),
            models.CheckConstraint(
                name="organisations_level_is_known", condition=Q(level__in=OrganisationLevel.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the active language, see `shown_name`."""
        return shown_name(self.name, self.name_en)


class Succession(models.Model):
    """One body continues the work of another, or a part of it. A body that was split has several."""

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="handed_on")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="taken_over")
    part = models.CharField(max_length=200, blank=True)  # of the work, in Vietnamese; empty: the source names no part

    class Meta:
        ordering = ["pk"]  # the order of the source, the main one first
        constraints = [
            models.UniqueConstraint(name="successions_once", fields=["predecessor", "successor"]),
            models.CheckConstraint(name="successions_are_to_another", condition=~Q(predecessor=F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
