"""Public materials: leaflets, infographics, audio and video, with their text alternatives."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import ByteCountField
from api.homes import HomeFilter, HomeSerializer
from api.linked_details import LinkedDetailMixin
from api.pagination import StrictCursorPagination
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.link_serializers import MaterialLinkSerializer
from api.v1.materials.parameters import MATERIAL_KEY, MATERIAL_PATH_PARAMETERS, material_or_gone
from api.v1.materials.schema_org import material_as_schema_org
from api.v1.questions.answers import CitationSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.media import queries
from content.media.choices import FileRole, MaterialKind, Provider
from content.media.models import Material, MaterialFile
from content.organisations.models import Organisation, Province
from content.stored_files.file_types import EXTENSIONS, MediaType
from content.stored_files.models import StoredFile
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic

KEY_SEPARATOR = "~"


class MaterialPagination(StrictCursorPagination):
    parameters = (*StrictCursorPagination.parameters, "count")
    is_countable = True
    ordering = "-pk"


class MaterialFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=MaterialKind.choices)
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; includes its headings. Repeat it to match any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, method="filter_audience", help_text="One of its audiences."
    )
    language = django_filters.ChoiceFilter(choices=ContentLanguage.choices, help_text="Its language.")
    organisation = extend_schema_field({"type": "string", "description": "Key of the organisation that made it."})(
        django_filters.ModelChoiceFilter(queryset=Organisation.objects.all(), to_field_name="key")
    )
    province = extend_schema_field({"type": "string", "description": "Key of the province it is for."})(
        django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key")
    )
    home = HomeFilter()
    cites = django_filters.CharFilter(
        method="filter_cites",
        validators=[
            RegexValidator(
                r"\A[a-z0-9-]{1,160}(~[a-z0-9_]{1,120})?\Z", gettext_lazy("Write {document} or {document}~{eid}.")
            )
        ],
        help_text="Key of a document or provision. Returns materials that cite it, or a provision under it.",
    )
    q = django_filters.CharFilter(
        method="filter_q",
        max_length=200,
        help_text="Words of the title, summary or texts; all must match. Accents are optional.",
    )

    class Meta:
        model = Material
        fields: list[str] = []  # filters are listed above

    def filter_topic(self, queryset: QuerySet[Material], name: str, topics: Sequence[Topic]) -> QuerySet[Material]:
        return queries.materials_about(queryset, topics) if topics else queryset

    def filter_audience(self, queryset: QuerySet[Material], name: str, audience: str) -> QuerySet[Material]:
        return queryset.filter(audiences__contains=[audience])

    def filter_cites(self, queryset: QuerySet[Material], name: str, cited: str) -> QuerySet[Material]:
        document, _separator, eid = cited.partition(KEY_SEPARATOR)
        return queries.materials_citing(queryset, document, eid)

    def filter_q(self, queryset: QuerySet[Material], name: str, words: str) -> QuerySet[Material]:
        return queries.materials_matching(queryset, words)


def file_name(material: Material, role: str, media_type: str) -> str:
    """The name under which a file is saved: «tl-7kq2m4xw9d-captions.vtt»."""
    return f"{material.key}-{role}.{EXTENSIONS[MediaType(media_type)]}"


class RenditionSerializer(serializers.Serializer):
    """A smaller picture of the same type."""

    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class MaterialFileSerializer(serializers.ModelSerializer):
    """A file of a material."""

    media_type = serializers.CharField(source="stored.media_type")
    size = ByteCountField(source="stored.size", help_text="Size in bytes.")
    sha256 = serializers.CharField(source="stored.sha256", help_text="SHA-256 of the file, hex.")
    url = serializers.SerializerMethodField(help_text="URL of the content; supports `Range`.")
    width = serializers.IntegerField(source="stored.width", allow_null=True, help_text="Pixels; null: no picture.")
    height = serializers.IntegerField(source="stored.height", allow_null=True, help_text="Pixels; null: no picture.")
    renditions = serializers.SerializerMethodField(help_text="Smaller pictures, the widest first.")

    class Meta:
        model = MaterialFile
        fields = [
            "role", "language", "media_type", "size", "sha256", "url", "width", "height", "alt_text", "renditions",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {"alt_text": {"help_text": "Text alternative of a picture; else empty."}}

    def get_url(self, file: MaterialFile) -> str:
        return self._url(file, file.stored)

    @extend_schema_field(RenditionSerializer(many=True))
    def get_renditions(self, file: MaterialFile) -> list[JSONObject]:
        smaller = sorted((each.stored for each in file.stored.renditions.all()), key=lambda each: -(each.width or 0))
        return [{"url": self._url(file, each), "width": each.width, "height": each.height} for each in smaller]

    def _url(self, file: MaterialFile, stored: StoredFile) -> str:
        return resource_urls.file_url(stored.sha256, file_name(file.material, file.role, stored.media_type))


class ExternalVideoSerializer(serializers.Serializer):
    """A video on another site, which may track who opens it. Link to it; never embed it."""

    provider = serializers.ChoiceField(Provider.choices, source="external_provider")
    id = serializers.CharField(source="external_id", help_text="Id of the video there; empty: unknown.")
    url = serializers.CharField(source="external_url", help_text="Its address there.")


@extend_schema_serializer(component_name="MaterialSummary")
class MaterialSerializer(HomeSerializer, MaterialLinkSerializer):
    """A material in a list."""

    path_of_copies = "materials"
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    audiences = serializers.ListField(child=serializers.ChoiceField(Audience.choices), read_only=True)
    topics = TopicLinkSerializer(many=True, read_only=True)
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    external = serializers.SerializerMethodField(help_text="Where the video is; null: `files` has the material.")
    files = serializers.SerializerMethodField()
    basis_changed = serializers.BooleanField(
        read_only=True, help_text="True: the cited law has changed and nobody has reviewed the material yet."
    )
    updated_at = serializers.DateTimeField(source="changed_at", read_only=True)

    class Meta(MaterialLinkSerializer.Meta):
        fields = [
            *MaterialLinkSerializer.Meta.fields, "kind_name", "summary", "audiences", "topics", "organisation",
            "province", "licence", "credits", "seconds", "external", "files", "basis_changed", "is_sample",
            "published_at", "updated_at", "home", "home_url",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "licence": {"help_text": "SPDX identifier, or the words of a permission."},
            "credits": {"help_text": "Who made it."},
            "seconds": {"help_text": "Length of audio or video; null: none, or unknown."},
        }

    @extend_schema_field(ExternalVideoSerializer(allow_null=True))
    def get_external(self, material: Material) -> JSONObject | None:
        return dict(ExternalVideoSerializer(material).data) if material.is_external else None

    @extend_schema_field(MaterialFileSerializer(many=True))
    def get_files(self, material: Material) -> list[JSONObject]:
        order = list(FileRole)
        files = sorted(material.files.all(), key=lambda each: (order.index(FileRole(each.role)), each.language))
        for file in files:
            file.material = material  # it is known: no query
        rows: Any = MaterialFileSerializer(files, many=True).data
        return list(rows)


@extend_schema_serializer(component_name="MaterialDetail")
class MaterialDetailSerializer(MaterialSerializer):
    """One material with its texts, its law and its variants in other languages."""

    citations = CitationSerializer(source="basis.citations.all", many=True, read_only=True)
    read_on = serializers.DateField(source="basis.read_on", read_only=True, help_text="Day whose law it explains.")
    variants = serializers.SerializerMethodField(help_text="The same material in other languages.")

    class Meta(MaterialSerializer.Meta):
        fields = [
            *MaterialSerializer.Meta.fields, "transcript", "full_text", "read_on", "citations", "variants",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            **MaterialSerializer.Meta.extra_kwargs,
            "transcript": {"help_text": "What is said in audio or video; may be empty."},
            "full_text": {"help_text": "What is written in a picture or a PDF; may be empty."},
        }

    @extend_schema_field(MaterialLinkSerializer(many=True))
    def get_variants(self, material: Material) -> list[JSONObject]:
        known = self.context.get("variants")  # of many at once: {key: variants}
        variants = queries.variants_of(material) if known is None else known[material.key]
        rows: Any = MaterialLinkSerializer(variants, many=True).data
        return list(rows)


@extend_schema(tags=["materials"], auth=[])
@extend_schema_view(list=extend_schema(operation_id="listMaterials", summary="List materials, the newest first"))
class MaterialViewSet(LinkedDetailMixin, PublicReadOnlyViewSet):
    """Published materials. A withdrawn one answers 410 with the reason."""

    can_be_gone = True
    serializer_class = MaterialSerializer
    filterset_class = MaterialFilter
    pagination_class = MaterialPagination
    lookup_value_regex = MATERIAL_KEY
    queryset = Material.objects.none()  # tells drf-spectacular the model

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return {"list": ("fields",), "retrieve": ("fields", "format")}.get(self.action, ())

    def get_serializer_class(self) -> type[MaterialSerializer]:
        return MaterialDetailSerializer if self.action == "retrieve" else MaterialSerializer

    def get_queryset(self) -> QuerySet[Material]:
        return queries.listed_materials()

    @extend_schema(
        operation_id="getMaterial",
        summary="Get one material as JSON or JSON-LD",
        parameters=[
            *MATERIAL_PATH_PARAMETERS,
            OpenApiParameter("format", str, enum=["json", "jsonld"], description="Media type. Overrides Accept."),
        ],
        responses={
            (200, "application/json"): MaterialDetailSerializer,
            (200, "application/ld+json"): OpenApiResponse(OpenApiTypes.OBJECT, "schema.org/LearningResource."),
        },
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        is_linked = self.wants_linked_data(request)
        material = material_or_gone(kwargs["key"])
        if is_linked:
            return Response(material_as_schema_org(material))
        return Response(self.get_serializer(material).data)  # without Last-Modified: variants and the law change it too
