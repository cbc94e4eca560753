"""What the homes of copies sealed, and the files that copies have there."""

from typing import Any

from django.db import models

from content.contests.models import Contest, Round
from content.copies import HOME_LENGTH
from content.documents.models import LegalDocument
from content.media.models import ALT_LENGTH, Material
from content.plans.models import Plan


class HomeSeal(models.Model):
    """The seal with which its home gave the copy that we hold. Those who get the copy from us check it."""

    object = models.CharField(max_length=20)  # as the change log says it
    subject = models.CharField(max_length=200)
    home = models.CharField(max_length=HOME_LENGTH)
    record_hash = models.CharField(max_length=64)
    of_change = models.BigIntegerField()  # the line at which the home sealed it, as the home numbers them
    seal = models.TextField(blank=True)
    is_gone = models.BooleanField(default=False)  # the home withdrew it: only what it sealed later comes back

    class Meta:
        constraints = [models.UniqueConstraint(name="home_seals_once", fields=["object", "subject"])]

    def __str__(self) -> str:
        return f"{self.object} {self.subject} of {self.home}"


class FileOfCopy(models.Model):
    """A public file that a copy has at its home, by its SHA-256. It is fetched after the record."""

    sha256 = models.CharField(max_length=64)  # hex
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    fetched_at = models.DateTimeField(null=True, blank=True)  # null: only at its home yet
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True


class CopiedFile(FileOfCopy):
    """An original file of a copied document. Fetched, it is an original file here too."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="copied_files")
    name = models.CharField(max_length=255)
    is_ours = models.BooleanField(default=False)  # we had the same bytes before: they stay whatever the home does

    class Meta:
        constraints = [models.UniqueConstraint(name="copied_files_once", fields=["document", "sha256"])]
        indexes = [models.Index("next_try_at", name="copied_files_missing", condition=models.Q(fetched_at=None))]

    def __str__(self) -> str:
        return f"{self.name} of {self.document_id}"


class CopiedPlan(models.Model):
    """Which document and which earlier plan a copied plan names, by their keys, whether they are here or not."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="copied")
    document_key = models.CharField(max_length=200, blank=True)
    replaces_key = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index("document_key", name="copied_plans_of_documents", condition=~models.Q(document_key="")),
            models.Index("replaces_key", name="copied_plans_that_replace", condition=~models.Q(replaces_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}"


class CopiedPlanFile(FileOfCopy):
    """The file of a copied plan. Fetched, it is the file of the plan here too."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="copied_file")
    is_ours = models.BooleanField(default=False)  # we had the same bytes before: nobody deletes them for its home

    class Meta:
        indexes = [models.Index("next_try_at", name="copied_plan_files_missing", condition=models.Q(fetched_at=None))]

    def __str__(self) -> str:
        return f"{self.sha256} of {self.plan_id}"


class CopiedMaterialFile(FileOfCopy):
    """A file of a copied material, in one role and language. Fetched, it is a file of the material here too."""

    material = models.ForeignKey(Material, models.CASCADE, related_name="copied_files")
    role = models.CharField(max_length=8)
    language = models.CharField(max_length=3)
    alt_text = models.CharField(max_length=ALT_LENGTH, blank=True)  # of a picture

    class Meta:
        constraints = [
            models.UniqueConstraint(name="copied_material_files_once", fields=["material", "role", "language"])
        ]
        indexes = [
            models.Index("next_try_at", name="copied_material_files_missing", condition=models.Q(fetched_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.language} of {self.material_id}"


class CopiedContest(models.Model):
    """What the home of a copied contest published of its results."""

    contest = models.OneToOneField(Contest, models.CASCADE, related_name="copied")
    winners: Any = models.JSONField(default=list)  # [{"position", "code", "prize"}]; their names are at their home

    def __str__(self) -> str:
        return f"{self.contest_id}"


class CopiedRound(models.Model):
    """What the home of a copied round published of its draw. Its questions are at its home."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="copied")
    pool_size = models.PositiveIntegerField(null=True, blank=True)
    voided: Any = models.JSONField(default=list)  # [{"hash", "reason", "voided_at"}]
    seed = models.CharField(max_length=64, blank=True)  # hex, once its home publishes the proof

    def __str__(self) -> str:
        return f"{self.round_id}"
