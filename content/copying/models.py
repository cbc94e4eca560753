"""What the homes of copies sealed."""

from django.db import models

from content.copies import HOME_LENGTH


class HomeSeal(models.Model):
    """The seal with which its home gave the copy that we hold: whoever gets the copy from us can check it."""

    object = models.CharField(max_length=20)  # as the change log says it
    subject = models.CharField(max_length=200)
    home = models.CharField(max_length=HOME_LENGTH)
    record_hash = models.CharField(max_length=64)
    of_change = models.BigIntegerField()  # the line at which the home sealed it, as the home numbers them
    seal = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="home_seals_once", fields=["object", "subject"])]

    def __str__(self) -> str:
        return f"{self.object} {self.subject} of {self.home}"
