"""The forms of the pages about layers. The fields of a form are the arguments of its service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.media.models import Material
from content.media.states import MaterialStatus
from content.people.admin_mixins import reason_field
from content.people.stale_forms import KEPT_WITH_TEXT
from content.people.transition_pages import SeenForm
from content.provision_layers import queries
from content.provision_layers.choices import LayerKind
from content.provision_layers.models import TEXT_LENGTH, Layer
from content.topics.choices import ContentLanguage


class LayerForm(forms.Form):
    """A layer. The provision that it explains is a tick beside the form."""

    kind = forms.ChoiceField(label=_("Kind of layer"), choices=LayerKind)
    language = forms.ChoiceField(label=_("Language"), choices=ContentLanguage)
    text = forms.CharField(
        label=_("Summary or translation"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A summary has at most 120 words."),
    )
    material = forms.ModelChoiceField(
        Material.objects.filter(status=MaterialStatus.PUBLISHED, kind__in=["audio", "video"]),
        label=_("Recording"),
        required=False,
        help_text=_("Only of audio and sign language: a published material in this language."),
    )
    is_machine = forms.BooleanField(label=_("A machine wrote it"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs=KEPT_WITH_TEXT))


class LayerSeenForm(SeenForm):
    fingerprint = staticmethod(queries.layer_fingerprint)


class WithdrawForm(LayerSeenForm):
    reason = reason_field(help_text=_("Public: everybody who opens the address reads this."))


def initial_from_layer(layer: Layer) -> dict[str, Any]:
    """Initial values of the form for a layer that is there."""
    values = {name: getattr(layer, name) for name in ("kind", "language", "text", "material", "is_machine")}
    return values | {"seen": queries.layer_fingerprint(layer)}
