"""Layers on provisions, as provisions, lists and exports show them."""

import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.link_serializers import MaterialLinkSerializer
from content.provision_layers import queries
from content.provision_layers.choices import LayerKind
from content.provision_layers.models import Layer
from content.topics.choices import ContentLanguage


@extend_schema_serializer(component_name="ProvisionLayer")
class LayerSerializer(serializers.ModelSerializer):
    """An explanation of one provision. It is no law."""

    url = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(LayerKind.choices, help_text="Kind of layer.")
    language = serializers.ChoiceField(ContentLanguage.choices, help_text="Language of the layer.")
    material = MaterialLinkSerializer(allow_null=True, help_text="The recording; null: `text` has the layer.")
    read_on = serializers.SerializerMethodField(help_text="Last day whose law a person compared it with.")

    class Meta:
        model = Layer
        fields = ["key", "url", "kind", "language", "text", "material", "is_machine", "read_on", "published_at"]
        read_only_fields = fields
        extra_kwargs = {
            "text": {"help_text": "Summary or translation; empty: a recording."},
            "is_machine": {"help_text": "True: a machine wrote it and people approved it."},
            "published_at": {"help_text": "Time of publication."},
        }

    def get_url(self, layer: Layer) -> str:
        return resource_urls.resource_url("layer", key=layer.key)

    def get_read_on(self, layer: Layer) -> datetime.date:
        return max(each.read_on for each in layer.texts.all())


@extend_schema_serializer(component_name="PlacedLayer")
class PlacedLayerSerializer(LayerSerializer):
    """A layer with its provision."""

    document = serializers.CharField(source="document.key", help_text="Key of the document.")
    eid = serializers.CharField()
    is_outdated = serializers.SerializerMethodField(
        help_text="True: the provision has other words on the day of `as_of` than the layer explains."
    )

    class Meta(LayerSerializer.Meta):
        fields = [*LayerSerializer.Meta.fields, "document", "eid", "is_outdated"]
        read_only_fields = fields

    def get_is_outdated(self, layer: Layer) -> bool:
        return bool(self.context["outdated"][layer.pk])


def layer_representations(layers: list[Layer]) -> list[JSONObject]:
    """The layers of one provision as dicts."""
    rows: Any = LayerSerializer(layers, many=True).data
    return list(rows)


def placed_layers(layers: list[Layer], day: datetime.date) -> list[JSONObject]:
    """Layers of one document, at least one, as PlacedLayerSerializer describes them, on `day`.

    The document is read once.
    """
    hashes = queries.text_hashes_on(layers[0].document, {layer.eid for layer in layers}, day)
    outdated = {layer.pk: not queries.explains(layer, hashes.get(layer.eid)) for layer in layers}
    rows: Any = PlacedLayerSerializer(layers, many=True, context={"outdated": outdated}).data
    return [dict(each) for each in rows]
