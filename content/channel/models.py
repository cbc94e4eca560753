"""Playlists of materials, and channels: what is on the air at which time."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.media.models import SUMMARY_LENGTH, TITLE_LENGTH, URL_LENGTH, Material
from content.organisations.models import Organisation
from content.random_keys import random_key
from content.topics.choices import ContentLanguage


def new_playlist_key() -> str:
    return random_key("ds-")


def new_channel_key() -> str:
    return random_key("kn-")


def new_slot_key() -> str:
    return random_key("gio-")


class Listed(models.Model):
    """What playlists and channels share: a public one has the moment at which it became public."""

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.TextField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    language = models.CharField(
        _("language"), max_length=3, choices=ContentLanguage, default=ContentLanguage.VIETNAMESE
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    published_at = models.DateTimeField(null=True, blank=True)  # null: not public
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.published_at is not None


class Playlist(Listed):
    """Materials in an order. Readers follow it, and programs for podcasts read it."""

    key = models.CharField(_("key"), max_length=20, unique=True, default=new_playlist_key)

    class Meta(Listed.Meta):
        verbose_name = _("playlist")
        verbose_name_plural = _("playlists")
        indexes = [models.Index("published_at", condition=Q(published_at__isnull=False), name="playlists_public")]


class PlaylistItem(models.Model):
    """A material at its position in a playlist, from 1."""

    playlist = models.ForeignKey(Playlist, models.CASCADE, related_name="items")
    material = models.ForeignKey(Material, models.CASCADE, related_name="in_playlists")
    position = models.PositiveIntegerField()
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="playlist_positions_once",
                fields=["playlist", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(name="playlist_materials_once", fields=["playlist", "material"]),
        ]

    def __str__(self) -> str:
        return f"{self.playlist_id}: {self.position}"


class Channel(Listed):
    """A programme without a transmitter: slots, and a playlist that fills the gaps between them.

    `epoch`: from then on the filling playlist runs round and round, so that its place is a function of time.
    """

    key = models.CharField(_("key"), max_length=20, unique=True, default=new_channel_key)
    filler = models.ForeignKey(Playlist, models.PROTECT, related_name="channels", verbose_name=_("filling playlist"))
    epoch = models.DateTimeField(default=timezone.now)

    class Meta(Listed.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        indexes = [models.Index("published_at", condition=Q(published_at__isnull=False), name="channels_public")]


class Slot(models.Model):
    """From the first to the second moment of `during` a channel has this material, or what is live at an address."""

    key = models.CharField(_("key"), max_length=20, unique=True, default=new_slot_key)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="slots")
    during = DateTimeRangeField(_("from and until"))
    material = models.ForeignKey(
        Material, models.CASCADE, null=True, blank=True, related_name="slots", verbose_name=_("material")
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)  # of what is live
    live_url = models.URLField(_("live address"), max_length=URL_LENGTH, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when followers heard that it starts live

    class Meta:
        ordering = ["during"]
        default_permissions = ()
        constraints = [
            ExclusionConstraint(
                name="slots_never_overlap",
                expressions=[("channel", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="slots_begin_and_end",
                condition=Q(during__startswith__isnull=False, during__endswith__isnull=False, during__isempty=False),
            ),
            models.CheckConstraint(
                name="slots_have_a_material_or_an_address",
                condition=Q(material__isnull=False, live_url="", title="")
                | Q(material=None) & ~Q(live_url="") & ~Q(title=""),
            ),
        ]
        indexes = [
            models.Index(
                Func(F("during"), function="lower"),
                condition=Q(told_at=None, material=None),
                name="slots_live_to_tell",
            )
        ]

    def __str__(self) -> str:
        return self.key
