"""The forms of the pages about playlists and channels. Times are those of Viet Nam."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.channel import queries
from content.channel.models import Channel, Playlist
from content.errors import RuleBroken
from content.media.models import SUMMARY_LENGTH, TITLE_LENGTH, URL_LENGTH, Material
from content.media.states import MaterialStatus
from content.organisations.models import Organisation
from content.people.form_fields import LinesField, MomentField
from content.people.stale_forms import KEPT_WITH_TEXT
from content.topics.choices import ContentLanguage


class ListedForm(forms.Form):
    """What playlists and channels share."""

    title = forms.CharField(label=_("Name shown"), max_length=TITLE_LENGTH)
    summary = forms.CharField(
        label=_("Summary"), max_length=SUMMARY_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    language = forms.ChoiceField(label=_("Language"), choices=ContentLanguage)
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("Organisation"), required=False)
    is_public = forms.BooleanField(label=_("Public"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs=KEPT_WITH_TEXT))


class PlaylistForm(ListedForm):
    materials = LinesField(
        label=_("Materials"),
        rows=8,
        help_text=_("One key a line, in order. The key is in the address of the material's page: tl-…"),
    )
    field_order = ["title", "summary", "language", "organisation", "materials", "is_public"]

    def columns(self) -> dict[str, Any]:
        """Keyword arguments of the service. Raises RuleBroken("unknown_material")."""
        return self.cleaned_data | {"materials": materials_of(self.cleaned_data["materials"])}


class ChannelForm(ListedForm):
    filler = forms.ModelChoiceField(
        Playlist.objects.filter(published_at__isnull=False),
        label=_("Filling playlist"),
        help_text=_("Plays round and round between the slots."),
    )
    field_order = ["title", "summary", "language", "organisation", "filler", "is_public"]


class SlotForm(forms.Form):
    """A slot: a material, or what is live."""

    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(
        label=_("Ends"), required=False, help_text=_("Empty: as long as the recording. It may be after midnight.")
    )
    material = forms.ModelChoiceField(
        Material.objects.filter(status=MaterialStatus.PUBLISHED, external_url=""),
        to_field_name="key",
        label=_("Key of the material"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "tl-…"}),
    )
    live_url = forms.URLField(
        label=_("Live address"), max_length=URL_LENGTH, required=False, assume_scheme="https",
        help_text=_("Instead of a material: where people watch it live."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title of what is live"), max_length=TITLE_LENGTH, required=False)


def materials_of(keys: list[str]) -> list[Material]:
    """The materials of these keys, in their order. Raises RuleBroken("unknown_material", field "materials")."""
    found = {each.key: each for each in Material.objects.filter(key__in=keys)}
    unknown = [key for key in keys if key not in found]
    if unknown:
        message = _("No material has this key: %s.")
        raise RuleBroken("unknown_material", str(message) % ", ".join(unknown[:3]), field="materials")
    return [found[key] for key in keys]


def initial_from_playlist(playlist: Playlist) -> dict[str, Any]:
    """Initial values of the form for a playlist that is there."""
    keys = list(playlist.items.order_by("position").values_list("material__key", flat=True))
    return _initial(playlist) | {"materials": keys, "seen": queries.playlist_fingerprint(playlist)}


def initial_from_channel(channel: Channel) -> dict[str, Any]:
    """Initial values of the form for a channel that is there."""
    return _initial(channel) | {"filler": channel.filler, "seen": queries.channel_fingerprint(channel)}


def _initial(row: Playlist | Channel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("title", "summary", "language", "organisation", "is_public")}
