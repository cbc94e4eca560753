"""Materials of legal dissemination, and their files."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.basis.models import Basis
from content.copies import HOME_LENGTH
from content.media.choices import FileRole, MaterialKind, Provider
from content.media.states import MaterialStatus
from content.organisations.models import Organisation, Province
from content.random_keys import random_key
from content.stored_files.models import StoredFile
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic

TITLE_LENGTH, SUMMARY_LENGTH, ALT_LENGTH = 300, 2_000, 1_000
TEXT_LENGTH = 200_000  # of a transcript or a full text: some four hours of speech
URL_LENGTH = 500


def new_material_key() -> str:
    return random_key("tl-")


class Material(models.Model):
    """A material in one language. It has a main file or an external address, and cites the provisions it explains.

    `licence`: an SPDX identifier, or the words of a permission. `transcript` is what is said in audio or video,
    `full_text` what is written in a picture or a PDF. `group` names the language variants of one material: the key of
    the first.
    """

    key = models.CharField(max_length=20, unique=True, default=new_material_key)
    home = models.CharField(max_length=HOME_LENGTH, default="", db_default="", blank=True)  # of a copy; "": ours
    kind = models.CharField(_("kind"), max_length=12, choices=MaterialKind)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.TextField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    language = models.CharField(
        _("language"), max_length=3, choices=ContentLanguage, default=ContentLanguage.VIETNAMESE
    )
    audiences = ArrayField(models.CharField(max_length=20, choices=Audience), default=list, blank=True)
    topics = models.ManyToManyField(Topic, related_name="materials", verbose_name=_("topics"), blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="materials", verbose_name=_("organisation")
    )
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="materials", verbose_name=_("province")
    )
    licence = models.CharField(_("licence"), max_length=300, blank=True)
    credits = models.CharField(_("credits"), max_length=500, blank=True)
    basis = models.OneToOneField(Basis, models.PROTECT, related_name="material")
    group = models.CharField(max_length=20, blank=True)  # empty: it is the first of its group
    external_provider = models.CharField(max_length=10, choices=Provider, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    external_url = models.URLField(_("external address"), max_length=URL_LENGTH, blank=True)
    transcript = models.TextField(_("transcript"), max_length=TEXT_LENGTH, blank=True)
    full_text = models.TextField(_("full text"), max_length=TEXT_LENGTH, blank=True)
    seconds = models.PositiveIntegerField(_("length in seconds"), null=True, blank=True)
    # the main file was replaced, and nobody has compared captions and texts with the new one
    alternatives_outdated = models.BooleanField(default=False, db_default=False, editable=False)
    is_sample = models.BooleanField(_("sample"), default=False)
    status = models.CharField(_("status"), max_length=9, choices=MaterialStatus, default=MaterialStatus.DRAFT)
    withdrawal_reason = models.TextField(_("why it was withdrawn"), blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # when the public content last changed
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    search_words = SearchVectorField(default="", db_default="", editable=False)  # see search_keys.py
    search_codes = models.BinaryField(default=b"", db_default=b"")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        permissions = [("publish_material", "Can publish, correct and withdraw materials of others")]
        constraints = [
            models.CheckConstraint(
                name="materials_public_were_published",
                condition=Q(status__in=["draft", "in_review"], published_at=None)
                | Q(status__in=["published", "withdrawn"], published_at__isnull=False, changed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="materials_public_have_a_licence",
                condition=Q(status__in=["draft", "in_review"]) | ~Q(licence=""),
            ),
            models.CheckConstraint(
                name="materials_are_published_by_another",
                condition=Q(approved_by=None) | Q(written_by=None) | ~Q(approved_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="materials_published_by_somebody",
                condition=Q(status__in=["draft", "in_review"])
                | Q(approved_by__isnull=False)
                | Q(is_sample=True)
                | ~Q(home=""),  # somebody at the home of a copy
            ),
            models.CheckConstraint(
                name="materials_withdrawn_with_a_reason",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")
                | ~Q(status="withdrawn") & Q(withdrawal_reason="", withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="materials_name_the_network_of_an_address",
                condition=Q(external_url="", external_provider="", external_id="")
                | ~Q(external_url="") & ~Q(external_provider=""),
            ),
            models.CheckConstraint(
                name="materials_public_have_alternatives_of_their_file",
                condition=~Q(status="published") | Q(alternatives_outdated=False),
            ),
            models.UniqueConstraint(
                name="materials_one_per_language_of_a_home",
                fields=["group", "language", "home"],
                condition=Q(status="published") & ~Q(group=""),
            ),
        ]
        indexes = [
            models.Index("published_at", condition=Q(status="published"), name="materials_public_by_day"),
            models.Index("status", "id", name="materials_by_status"),
            GinIndex(fields=["search_words"], fastupdate=False, name="materials_search_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.status == MaterialStatus.PUBLISHED

    @property
    def is_external(self) -> bool:
        return bool(self.external_url)


class MaterialFile(models.Model):
    """A file of a material, in one role and language."""

    material = models.ForeignKey(Material, models.CASCADE, related_name="files")
    role = models.CharField(_("role"), max_length=8, choices=FileRole)
    language = models.CharField(_("language"), max_length=3, choices=ContentLanguage)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="uses")
    alt_text = models.CharField(_("text alternative"), max_length=ALT_LENGTH, blank=True)  # of a picture

    warnings: tuple[str, ...] = ()  # of an upload, for the person who made it

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="material_files_once", fields=["material", "role", "language"]),
            models.UniqueConstraint(
                name="material_files_one_main", fields=["material", "role"], condition=Q(role__in=["main", "poster"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material_id} {self.role} {self.language}"
