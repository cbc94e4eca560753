"""The file with a line for each attempt of a closed round, as the worker packed it."""

from django.db import models

from content.contests.models import Round


class ProofPart(models.Model):
    """A part of proof.jsonl.gz, complete in itself: gzip files one after the other are one gzip file.

    All parts of a round are there or none. They are deleted where ranks are written again.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="proof_parts", db_index=False)  # see the constraint
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["round", "number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="proof_parts_once", fields=["round", "number"])]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"
