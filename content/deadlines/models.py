"""Deadline rules by topic, and the days that differ from their weekday."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.topics.models import Topic


class DeadlineRule(models.Model):
    """Working days until a question of the topic is due. The rule without a topic applies to all others."""

    topic = models.OneToOneField(
        Topic, models.CASCADE, null=True, blank=True, related_name="deadline_rule", verbose_name=_("topic")
    )
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        constraints = [
            models.UniqueConstraint(name="deadline_rules_one_for_all_others", fields=["topic"], nulls_distinct=False),
            models.CheckConstraint(name="deadline_rules_have_days", condition=Q(working_days__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.topic or _('Every topic')}: {_('within %d working days') % self.working_days}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a Saturday worked in place of another day off."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(_("source"), max_length=200)  # the act or announcement
    is_provisional = models.BooleanField(  # entered before the official announcement
        _("provisional"), default=False, db_default=False
    )

    class Meta:
        ordering = ["day"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
