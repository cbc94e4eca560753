"""Certificates of contestants. The name is on the paper only: a salted hash of it is stored."""

import base64
import secrets

from django.db import models
from django.db.models import Q

from content.contests.models import Attempt

SERIAL_BYTES = 10  # 80 bits: nobody guesses one
SERIAL_LENGTH = SERIAL_BYTES * 8 // 5


def new_serial() -> str:
    return base64.b32encode(secrets.token_bytes(SERIAL_BYTES)).decode().lower()


class Certificate(models.Model):
    """The certificate of one attempt, with the result as it was published.

    `rank` and `contestants` are those of the bracket; null where another attempt of the contestant counts. Of a name
    somebody types the certificate only says whether it is the one on the paper, `tries` times in the hour from
    `tries_since`.
    """

    serial = models.CharField(max_length=SERIAL_LENGTH, unique=True, default=new_serial)
    attempt = models.OneToOneField(Attempt, models.CASCADE, related_name="certificate")
    correct = models.PositiveIntegerField()
    questions = models.PositiveIntegerField()  # on the paper, without those that count for nobody
    rank = models.PositiveIntegerField(null=True, blank=True)
    contestants = models.PositiveIntegerField(null=True, blank=True)
    name_salt = models.BinaryField()
    name_hash = models.BinaryField()  # scrypt
    issued_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    tries_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="certificates_rank_among_contestants",
                condition=Q(rank=None, contestants=None) | Q(rank__gte=1, contestants__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def shown_serial(self) -> str:
        """In groups of four, as it is printed."""
        return "-".join(self.serial[start : start + 4] for start in range(0, SERIAL_LENGTH, 4)).upper()
