"""Bulk exports: read one first, then follow `changes` from its cursor, instead of crawling."""

from typing import Any, cast

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import ranges
from api.caching import REVALIDATE_CACHE_CONTROL, PublicReadMixin, with_last_modified
from api.fields import ByteCountField
from api.limits.throttles import throttle_bulk_requests
from api.negotiation import PROBLEM_MEDIA_TYPE, IgnoreAcceptNegotiation
from api.pagination import SinglePagePagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from content.exports import queries

EXPORT_KEY_PARAMETER = OpenApiParameter("key", {"type": "string", "pattern": f"^{queries.KEY_PATTERN}$"}, "path")
EXPORT_NAME_PARAMETER = OpenApiParameter("name", {"type": "string", "pattern": f"^{queries.NAME_PATTERN}$"}, "path")


class ExportGone(APIException):
    """Something in the export was withdrawn, or lost words by a correction, since it was made: 410."""

    status_code = 410
    default_code = "export_gone"
    default_detail: Any = _(
        "Something in this export was withdrawn or corrected after it was made. Take the newest export; if there is "
        "none, ask again in some minutes."
    )


class LicenceSerializer(serializers.Serializer):
    """Licences of a file."""

    texts = serializers.CharField(help_text="Licence of the texts, in words.")
    metadata = serializers.CharField(help_text="Licence of the metadata: an SPDX identifier.")


class ExportFileSerializer(serializers.Serializer):
    """One file: JSON Lines in UTF-8, compressed with gzip, each a response of this API; or a ZIP archive of XML."""

    name = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="URL of the content; supports `Range`.")
    description = serializers.CharField(help_text="Content of one line, or of one file of the archive.")
    media_type = serializers.CharField()
    lines = serializers.IntegerField(help_text="Number of lines, or of files in the archive.")
    size = ByteCountField(help_text="Compressed size in bytes.")
    sha256 = serializers.CharField(help_text="SHA-256 of the compressed file, hex.")
    licence = LicenceSerializer()

    def get_url(self, file: JSONObject) -> str:
        return resource_urls.resource_url("export-file", key=self.context["key"], name=file["name"])


class BulkExportSerializer(serializers.Serializer):
    """An export: all public data of one moment."""

    key = serializers.CharField()
    url = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    as_of = serializers.DateField(help_text="Date of the texts and effects.")
    language = serializers.CharField()
    cursor = serializers.CharField(help_text="Position in the change log at the time of the export.")
    since = serializers.CharField(
        help_text="Cursor from which the file `changes` and the files of changed objects start; 0: the beginning."
    )
    chain = serializers.CharField(allow_blank=True, help_text="Chain of the change log at `cursor`.")
    seal = serializers.CharField(allow_null=True, help_text="JWS over key, cursor, chain and files; null: none.")
    changes_url = serializers.SerializerMethodField(help_text="URL of the changes after this export.")
    files = serializers.SerializerMethodField()

    def get_url(self, manifest: JSONObject) -> str:
        return resource_urls.resource_url("export-detail", key=manifest["key"])

    def get_changes_url(self, manifest: JSONObject) -> str:
        return f"{resource_urls.resource_url('change-list')}?after={manifest['cursor']}"

    @extend_schema_field(ExportFileSerializer(many=True))
    def get_files(self, manifest: JSONObject) -> list[JSONObject]:
        context = {"key": manifest["key"]}
        return cast(list[JSONObject], ExportFileSerializer(manifest["files"], many=True, context=context).data)


class BulkFileMixin(PublicReadMixin, KnownParametersOnly):
    """Limits requests for bulk files to BULK_PER_MINUTE per address."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        throttle_bulk_requests(request)


class ExportListView(BulkFileMixin, generics.GenericAPIView):
    """All public exports."""

    serializer_class = BulkExportSerializer
    pagination_class = SinglePagePagination
    filter_backends = []
    cache_control = REVALIDATE_CACHE_CONTROL

    @extend_schema(
        operation_id="listExports",
        tags=["exports"],
        auth=[],
        summary="List bulk exports, newest first",
        responses=BulkExportSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        manifests = queries.manifests()
        # without Last-Modified: the list also changes when an export goes, and the time of the newest then goes back
        return self.get_paginated_response(BulkExportSerializer(manifests, many=True).data)


class BulkExportView(BulkFileMixin, APIView):
    """One export."""

    can_be_gone = True

    @extend_schema(
        operation_id="getExport",
        tags=["exports"],
        auth=[],
        summary="Get the manifest of one export: files, checksums, licences",
        parameters=[EXPORT_KEY_PARAMETER],
        responses=BulkExportSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        manifest = _public_manifest(key)
        return with_last_modified(Response(BulkExportSerializer(manifest).data), queries.created_at(manifest))


class ExportFileView(BulkFileMixin, APIView):
    """One file of an export."""

    can_be_gone = True
    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="getExportFile",
        tags=["exports"],
        auth=[],
        summary="Download a bulk file or a part of it",
        description="Supports `Range` (one range of bytes) and `If-Range`, so that an interrupted download can "
        "continue. "
        "The ETag is strong and never changes, because the files of an export never change.",
        parameters=[EXPORT_KEY_PARAMETER, EXPORT_NAME_PARAMETER, *ranges.RANGE_PARAMETERS],
        responses={
            (200, "application/gzip"): OpenApiResponse(OpenApiTypes.BINARY, "The whole file."),
            (200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, "The whole archive."),
            (206, "application/gzip"): OpenApiResponse(OpenApiTypes.BINARY, "The requested part."),
            (206, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, "The requested part."),
            (416, PROBLEM_MEDIA_TYPE): ranges.UNSATISFIABLE_RESPONSE,
        },
    )
    def get(self, request: Request, key: str, name: str) -> HttpResponseBase:
        manifest = _public_manifest(key)
        path = queries.file_path(key, name)
        if path is None:
            raise Http404
        file = next(each for each in manifest["files"] if each["name"] == name)
        served = ranges.ServedFile(
            etag=f'"{file["sha256"]}"', modified_at=queries.created_at(manifest), size=file["size"],
            media_type=file["media_type"], name=f"{key}-{name}",
        )  # fmt: skip
        return ranges.range_response(request, served, lambda first, length: ranges.FilePart(path, first, length))


def _public_manifest(key: str) -> JSONObject:
    """The manifest of a public export. Raises Http404, and ExportGone if it is not public any more."""
    manifest = queries.manifest(key)
    if manifest is None:
        raise Http404
    if not queries.is_public(manifest):
        raise ExportGone
    return manifest
