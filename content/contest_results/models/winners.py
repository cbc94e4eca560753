"""Winners of contests. Who they are is asked of them only, stored apart, and erased 90 days after publication."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.contest_results.states import WinnerStatus
from content.contests.models import Contest, Entry

PRIZE_LENGTH, NAME_LENGTH, CONTACT_LENGTH = 200, 200, 200


class Winner(models.Model):
    """A contestant who gets a prize. `name` is public, and stored only with the consents that it needs."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="winners")
    entry = models.OneToOneField(Entry, models.CASCADE, related_name="winner")
    prize = models.CharField(_("prize"), max_length=PRIZE_LENGTH)
    position = models.PositiveIntegerField()  # in the list of winners, from 1
    status = models.CharField(_("status"), max_length=11, choices=WinnerStatus, default=WinnerStatus.PROPOSED)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    pass_over_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["contest", "position"]
        verbose_name = _("winner")
        verbose_name_plural = _("winners")
        permissions = [("identify_winner", "Can ask winners who they are, read it and verify it")]
        constraints = [
            models.UniqueConstraint(name="winners_position_once", fields=["contest", "position"]),
            models.CheckConstraint(
                name="winners_are_named_when_published", condition=Q(name="") | Q(status=WinnerStatus.PUBLISHED)
            ),
            models.CheckConstraint(
                name="winners_are_published_by_another",
                condition=Q(published_by=None) | ~Q(published_by=F("verified_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.position}"

    @property
    def key(self) -> str:
        """What the audit calls it: the contest and the code, no name."""
        return f"{self.contest.key}/winner/{self.entry.code}"


class WinnerIdentity(models.Model):
    """Who a winner is, as they said. `document_hash` is an HMAC of the number of an identity document.

    A child's identity has the representative's name and consent. To name the child they agree apart.
    """

    winner = models.OneToOneField(Winner, models.CASCADE, related_name="identity")
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    contact = models.CharField(max_length=CONTACT_LENGTH)
    guardian_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    guardian_contact = models.CharField(max_length=CONTACT_LENGTH, blank=True)
    document_hash = models.CharField(max_length=64)  # hex
    consented_at = models.DateTimeField()  # to this use of the data
    naming_consented_at = models.DateTimeField(null=True, blank=True)  # to be named as a winner
    guardian_consented_at = models.DateTimeField(null=True, blank=True)  # of the representative, to this use
    guardian_naming_consented_at = models.DateTimeField(null=True, blank=True)  # of them, that the child is named
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("identity of a winner")
        verbose_name_plural = _("identities of winners")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="winner_identities_one_person_once", fields=["contest", "document_hash"])
        ]

    def __str__(self) -> str:
        return str(self.winner_id)
