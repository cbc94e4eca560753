from django.db import models


class Organisation(models.Model):
    """A body that issues legal documents. One that ended keeps its name and its documents."""

    key = models.CharField(max_length=100, unique=True)
    code = models.CharField(max_length=20, unique=True)  # as in document numbers: "QH", "BTP", "BLĐTBXH"
    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name
