from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """A subject (chủ đề) of the official codification, the Pháp điển, or a heading (đề mục) under one.

    Two levels, as in Ordinance 03/2012/UBTVQH13. Keys are permanent: number and name when the topic was first entered.
    A document may have topics of either level.
    """

    key = models.CharField(max_length=100, unique=True)
    number = models.CharField(max_length=10)  # "11", "11.1"; the codification gave a few numbers twice (23.4, 34.9, …)
    name = models.CharField(max_length=300)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(unique=True)  # the order of the codification

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
