"""Original files of a document, unchanged."""

import mimetypes
import re
from typing import Any

from csp.decorators import csp
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import ranges
from api.caching import PublicReadMixin, with_last_modified
from api.fields import ByteCountField
from api.negotiation import PROBLEM_MEDIA_TYPE, IgnoreAcceptNegotiation
from api.pagination import SinglePagePagination
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from api.v1.documents.published_documents import DOCUMENT_PATH_PARAMETER, document_or_404
from content.documents import queries
from content.documents.models import OriginalFile

# a browser that shows the file runs no script in it and sends no request
SANDBOX_POLICY = {"default-src": ["'none'"], "sandbox": [], "frame-ancestors": ["'none'"]}
with_sandbox_policy: Any = csp(SANDBOX_POLICY)


class OriginalFileSerializer(serializers.Serializer):
    """A file that a document was imported from."""

    key = serializers.CharField(source="sha256", help_text="SHA-256 of the file, hex.")
    url = serializers.SerializerMethodField(help_text="URL of the content; supports `Range`.")
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = ByteCountField(help_text="Size in bytes.")
    sha256 = serializers.CharField()
    imported_at = serializers.DateTimeField()

    def get_url(self, original: OriginalFile) -> str:
        return resource_urls.resource_url("document-file", key=original.document.key, sha256=original.sha256)


class OriginalFileListView(PublicReadMixin, KnownParametersOnly, generics.GenericAPIView):
    """Original files of a published document, one per source."""

    can_be_gone = True
    serializer_class = OriginalFileSerializer
    pagination_class = SinglePagePagination
    queryset = OriginalFile.objects.none()  # tells drf-spectacular the model; `get` fetches the rows

    @extend_schema(
        operation_id="listDocumentFiles",
        tags=["documents"],
        auth=[],
        summary="List the original files of a document, oldest first",
        parameters=[DOCUMENT_PATH_PARAMETER],
        responses=OriginalFileSerializer(many=True),
    )
    def get(self, request: Request, key: str) -> Response:
        document = document_or_404(key)
        files = self.paginate_queryset(queries.public_original_files(document).select_related("document")) or []
        answer = self.get_paginated_response(OriginalFileSerializer(files, many=True).data)
        return with_last_modified(answer, max([document.updated_at, *(each.imported_at for each in files)]))


class OriginalFileView(PublicReadMixin, KnownParametersOnly, APIView):
    """One original file."""

    can_be_gone = True
    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="getDocumentFile",
        tags=["documents"],
        auth=[],
        summary="Download an original file or a part of it",
        description="Supports `Range` (one range of bytes) and `If-Range`. The ETag is strong: the SHA-256 of "
        "the file.",
        parameters=[
            DOCUMENT_PATH_PARAMETER,
            OpenApiParameter("sha256", {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "path"),
            *ranges.RANGE_PARAMETERS,
        ],
        responses={
            (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, "The whole file in its own media type."),
            (206, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, "The requested part."),
            (416, PROBLEM_MEDIA_TYPE): ranges.UNSATISFIABLE_RESPONSE,
        },
    )
    def get(self, request: Request, key: str, sha256: str) -> HttpResponseBase:
        original = queries.public_original_file(document_or_404(key), sha256)
        if original is None:
            raise Http404
        response: HttpResponseBase = with_sandbox_policy(original_file_response)(request, original)
        return response


def original_file_response(request: Request, original: OriginalFile) -> HttpResponseBase:
    """The file or the requested part of it. HEAD reads no bytes."""
    whole = ranges.ServedFile(
        etag=f'"{original.sha256}"', modified_at=original.imported_at, size=original.size,
        media_type=safe_media_type(original), name=safe_download_name(original),
    )  # fmt: skip
    return ranges.range_response(
        request, whole, lambda first, length: queries.original_file_bytes(original, first, length)
    )


def safe_media_type(original: OriginalFile) -> str:
    """The media type recorded at import, if it is well formed; else application/octet-stream."""
    given = original.media_type
    return given if re.fullmatch(r"[\w.+-]+/[\w.+-]+", given, re.ASCII) else "application/octet-stream"


def safe_download_name(original: OriginalFile) -> str:
    """The name of the file without forbidden characters and with the extension of its media type."""
    name = re.sub(r'[\x00-\x1f\x7f"*/:<>?\\|]+', "_", original.name).strip(" ._") or "file"
    ending = mimetypes.guess_extension(original.media_type) or ""
    return name if not ending or mimetypes.guess_type(name)[0] == original.media_type else f"{name}{ending}"
