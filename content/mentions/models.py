"""Mentions: where the text of a provision names documents and provisions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from content.documents.models import LegalDocument, ProvisionVersion


class Mention(models.Model):
    """Words of one version of a provision that name a document, or units of it. They claim nothing of its effect.

    `target` is None where the document is not stored and where several fit. A name without a year means the law of that
    name that was in force on the first day of the words, `read_on`; while one is, it is the target.
    """

    version = models.ForeignKey(  # found by the index of `mentions_start_once`
        ProvisionVersion, models.CASCADE, related_name="mentions", db_index=False
    )
    start = models.PositiveIntegerField()  # offset in the version's text
    end = models.PositiveIntegerField()
    target = models.ForeignKey(  # found by `mentions_of_a_document`
        LegalDocument, models.SET_NULL, null=True, blank=True, related_name="mentions", db_index=False
    )
    target_key = models.CharField(max_length=180, blank=True)  # `keys.key_of`; "" for the document it is in
    read_on = models.DateField(null=True, blank=True)  # first day of the version, else of the document
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # empty: the whole document
    is_corrected = models.BooleanField(default=False, db_default=False)  # a person said what the words mean

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(name="mentions_start_once", fields=["version", "start"]),
            models.CheckConstraint(name="mentions_have_words", condition=Q(start__lt=F("end"))),
        ]
        indexes = [
            models.Index(  # who cites a document
                "target", condition=Q(target__isnull=False), name="mentions_of_a_document"
            ),
            models.Index(  # what waits for a document, and names without a year
                "target_key", condition=Q(target=None), name="mentions_awaiting_a_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.start}-{self.end}"


class MentionCorrection(models.Model):
    """What a person said that words of a provision mean. It counts in every version that has the same words."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="mention_corrections")
    eid = models.CharField(max_length=120)  # the provision that has the words
    words = models.TextField()
    target = models.ForeignKey(LegalDocument, models.SET_NULL, null=True, related_name="+")  # None: they name nothing
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # empty: the whole target
    reason = models.TextField()
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(  # words may be longer than an index takes
                "document", "eid", MD5("words"), name="mention_corrections_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.eid}: «{self.words[:80]}»"
