"""Texts that staff work on before they become part of a document."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from content.documents.models import LegalDocument
from content.topics.models import Topic


class Revision(models.Model):
    """A text with its description that one editor works on. The parser read it, but no document contains it yet.

    Without a document it becomes a new draft. Of a draft it becomes the new text. Of a published document it is a
    correction, which may be proposed to a second person. Once saved or discarded, the row is deleted.
    """

    document = models.ForeignKey(LegalDocument, models.CASCADE, null=True, blank=True, related_name="revisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="revisions")
    text = models.TextField()
    columns = models.JSONField(
        default=dict
    )  # read by revisions.record_of_revision: names as in DocumentRecord, dates ISO
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)  # of the file it was read from; empty: pasted
    file_type = models.CharField(max_length=100, blank=True)
    file_content = models.BinaryField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # `updated_at` of the document when the revision was started
    proposed_at = models.DateTimeField(null=True, blank=True)  # set while a correction waits for a second person
    reason = models.TextField(blank=True)  # why the document is corrected
    notify = models.BooleanField(default=False)  # whether followers will be notified of the correction
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True, db_default=Now())  # abandoned revisions are deleted after a time

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="revisions_one_proposal_a_document",
                fields=["document"],
                condition=Q(proposed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="revisions_proposals_are_of_a_document_and_have_a_reason",
                condition=Q(proposed_at=None) | Q(document__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.columns.get("title", "") or self.file_name or _("Document without a name")
