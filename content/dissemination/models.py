"""Where content went: outlets, placements with their counts, short addresses and how often they were opened."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.dissemination.choices import DisseminationForm, OutletKind, PlacementError, PlacementStatus, SubjectType
from content.organisations.models import Organisation
from content.random_keys import random_key

TEXT_LENGTH, URL_LENGTH, NAME_LENGTH = 5_000, 500, 200


def new_outlet_key() -> str:
    return random_key("noi-")


def new_placement_key() -> str:
    return random_key("dang-")


def new_code() -> str:
    return random_key("", 7)


class Outlet(models.Model):
    """A place that an organisation spreads content through: a page on a network, a loudspeaker, a notice board.

    With a secret a program of the organisation takes placements from the queue; only its hash is stored.
    """

    key = models.CharField(_("key"), max_length=20, unique=True, default=new_outlet_key)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="outlets", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=OutletKind)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    address = models.CharField(_("address or place"), max_length=URL_LENGTH, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)  # SHA-256, hex; empty: nobody takes from its queue
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["organisation", "kind", "name"]
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        constraints = [models.UniqueConstraint(name="outlets_once", fields=["organisation", "kind", "name"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


class Named(models.Model):
    """What is placed, by its type and key; an article by the eid too. It may be withdrawn or gone."""

    subject_type = models.CharField(max_length=8, choices=SubjectType)
    subject_key = models.CharField(max_length=200)
    eid = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True


class ShareLink(Named):
    """A short address of an object, one for each outlet: the code tells where people came from, and nothing else."""

    code = models.CharField(max_length=7, unique=True, default=new_code)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="links")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="share_links_once", fields=["subject_type", "subject_key", "eid", "outlet"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.code


class LinkDay(models.Model):
    """How often a short address was opened on a day. Neither address nor program of a person is kept."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="days")
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)
    previews = models.PositiveIntegerField(default=0)  # by robots that draw a preview

    class Meta:
        ordering = ["day"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="link_days_once", fields=["link", "day"])]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}"


class Placement(Named):
    """An object at an outlet, with the text as given and the form of Law 14/2012, Article 11.

    `wave`: 1, or more when the same is placed there again on purpose. `again_of`: the placement that is given out again
    with this one. `claimed_by`: the person who posts it; null: the program of the outlet.
    """

    key = models.CharField(_("key"), max_length=20, unique=True, default=new_placement_key)
    title = models.CharField(_("title"), max_length=300)  # of the object when it was placed
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="placements", verbose_name=_("outlet"))
    wave = models.PositiveIntegerField(default=1)
    form = models.CharField(_("form"), max_length=13, choices=DisseminationForm)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    link = models.ForeignKey(ShareLink, models.PROTECT, related_name="placements")
    status = models.CharField(_("status"), max_length=8, choices=PlacementStatus, default=PlacementStatus.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    placed_at = models.DateTimeField(_("placed at"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=URL_LENGTH, blank=True)
    error = models.CharField(max_length=500, blank=True)  # a PlacementError, or what a program or a person says
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    again_of = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="again")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(
                name="placements_once", fields=["subject_type", "subject_key", "eid", "outlet", "wave"]
            ),
            models.CheckConstraint(
                name="placements_placed_at_a_time",
                condition=Q(status="placed", placed_at__isnull=False) | ~Q(status="placed") & Q(placed_at=None),
            ),
            models.CheckConstraint(
                name="placements_unsure_were_claimed", condition=~Q(status="unsure") | Q(claimed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="placements_of_two_people",
                condition=Q(placed_by=None) | Q(approved_by=None) | ~Q(approved_by=models.F("placed_by")),
            ),
        ]
        indexes = [
            models.Index("outlet", "id", condition=Q(status="queued"), name="placements_queued"),
            models.Index("placed_at", condition=Q(status="placed"), name="placements_by_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_error(self) -> str:
        """Why it failed, in words for people; "" if it did not, or nobody said."""
        known = self.error in PlacementError.values
        return str(PlacementError(self.error).label) if known else self.error


class PlacementCount(models.Model):
    """What somebody counted of a placement on a day. Null: not counted."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="counts")
    day = models.DateField(_("day"))
    source = models.CharField(_("who says so"), max_length=NAME_LENGTH)
    reach = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    views = models.PositiveIntegerField(_("views"), null=True, blank=True)
    copies = models.PositiveIntegerField(_("copies"), null=True, blank=True)
    attendees = models.PositiveIntegerField(_("attendees"), null=True, blank=True)

    class Meta:
        ordering = ["day", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="placement_counts_once", fields=["placement", "day", "source"]),
            models.CheckConstraint(
                name="placement_counts_say_something",
                condition=Q(reach__isnull=False)
                | Q(views__isnull=False)
                | Q(copies__isnull=False)
                | Q(attendees__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.day}"


class Card(models.Model):
    """The picture of an object for networks, by the hash of what is on it."""

    content_hash = models.CharField(max_length=64, unique=True)
    picture = models.BinaryField()  # PNG, 1200 × 630

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.content_hash[:12]
