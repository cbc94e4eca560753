"""Synonyms: what people call a thing, and what the law calls it."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Synonym(models.Model):
    """What people say («sổ đỏ», «bhxh») and what the law calls it. A search adds the law's words at a lower weight."""

    said = models.CharField(_("what people say"), max_length=80, validators=[MinLengthValidator(2)])
    said_key = models.CharField(max_length=80, unique=True, editable=False)  # its words, folded
    meant = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("what the law calls it"),
        help_text=_("Separate several with commas."),
    )
    is_abbreviation = models.BooleanField(_("abbreviation"), default=False)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["said"]
        constraints = [
            models.CheckConstraint(name="synonyms_have_words", condition=~Q(said_key="") & Q(meant__len__gte=1))
        ]

    def __str__(self) -> str:
        return self.said
