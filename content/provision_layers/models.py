"""Layers on provisions: a summary, a translation, audio or sign language beside the text of the law.

A layer explains certain words. It is shown with a provision on a day exactly if the provision has those words then.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.documents.models import LegalDocument
from content.media.models import Material
from content.provision_layers.choices import LayerKind
from content.provision_layers.states import LayerStatus
from content.random_keys import random_key
from content.topics.choices import ContentLanguage

TEXT_LENGTH = 20_000


def new_layer_key() -> str:
    return random_key("lop-")


class Layer(models.Model):
    """A summary or translation as `text`, audio or sign language as a material. `texts` are the words it explains."""

    key = models.CharField(_("key"), max_length=20, unique=True, default=new_layer_key)
    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="layers", verbose_name=_("document"))
    eid = models.CharField(_("provision"), max_length=120)
    kind = models.CharField(_("kind"), max_length=11, choices=LayerKind)
    language = models.CharField(_("language"), max_length=3, choices=ContentLanguage, default="vi")
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    material = models.ForeignKey(
        Material, models.PROTECT, null=True, blank=True, related_name="layers", verbose_name=_("material")
    )
    is_machine = models.BooleanField(_("written by a machine"), default=False)
    status = models.CharField(_("status"), max_length=9, choices=LayerStatus, default=LayerStatus.DRAFT)
    withdrawal_reason = models.TextField(_("why it was withdrawn"), blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    outdated_at = models.DateTimeField(null=True, blank=True)  # when the change log said that the provision changed

    class Meta:
        ordering = ["pk"]
        verbose_name = _("layer")
        verbose_name_plural = _("layers")
        permissions = [("publish_layer", "Can publish, confirm and withdraw layers of others")]
        constraints = [
            models.UniqueConstraint(
                name="layers_one_public_of_a_kind",
                fields=["document", "eid", "kind", "language"],
                condition=Q(status="published"),
            ),
            models.CheckConstraint(
                name="layers_have_a_text_or_a_material",
                condition=Q(kind__in=["summary", "translation"], material=None) & ~Q(text="")
                | Q(kind__in=["audio", "sign"], material__isnull=False, text=""),
            ),
            models.CheckConstraint(
                name="layers_are_published_by_another",
                condition=Q(approved_by=None) | Q(written_by=None) | ~Q(approved_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="layers_public_were_approved",
                condition=Q(status="draft", published_at=None)
                | Q(published_at__isnull=False, approved_by__isnull=False, changed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="layers_withdrawn_with_a_reason",
                condition=Q(status="withdrawn") & ~Q(withdrawal_reason="")
                | ~Q(status="withdrawn") & Q(withdrawal_reason=""),
            ),
            models.CheckConstraint(name="layers_are_of_a_provision", condition=~Q(eid="")),
        ]
        indexes = [models.Index(fields=["document", "eid"], name="layers_of_a_provision")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.eid} {self.kind} {self.language}"


class LayerText(models.Model):
    """Words of a provision that the layer explains, as somebody read them: the hash of its text with all under it."""

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="texts")
    text_hash = models.CharField(max_length=64)  # SHA-256, hex
    read_on = models.DateField()  # the day whose law was read
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="layer_texts_once", fields=["layer", "text_hash"])]

    def __str__(self) -> str:
        return f"{self.layer_id} as of {self.read_on}"


class ReviewerLanguage(models.Model):
    """A language whose layers this member of staff may approve. Vietnamese and English need none."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviewer_languages", verbose_name=_("user")
    )
    language = models.CharField(_("language"), max_length=3, choices=ContentLanguage)

    class Meta:
        ordering = ["user", "language"]
        verbose_name = _("language of a reviewer")
        verbose_name_plural = _("languages of reviewers")
        constraints = [models.UniqueConstraint(name="reviewer_languages_once", fields=["user", "language"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_language_display()}"
