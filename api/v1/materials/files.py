"""The content of files, by their hash: whole or in parts."""

from pathlib import PurePosixPath

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from api import ranges
from api.caching import PublicReadMixin
from api.negotiation import PROBLEM_MEDIA_TYPE, IgnoreAcceptNegotiation
from api.parameters import KnownParametersOnly
from api.v1.documents.files import with_sandbox_policy
from content.media import queries
from content.stored_files import storage
from content.stored_files.file_types import EXTENSIONS, MediaType
from content.stored_files.models import StoredFile

FILE_NAME = "[a-z0-9][a-z0-9.-]{0,99}"
# the bytes of an address never change, but its material may be withdrawn: a copy is asked for again, at little cost
CACHE_CONTROL = "public, max-age=60"


class FileView(PublicReadMixin, KnownParametersOnly, APIView):
    """A file of a public material."""

    content_negotiation_class = IgnoreAcceptNegotiation
    cache_control = CACHE_CONTROL

    @extend_schema(
        operation_id="getFile",
        tags=["materials"],
        auth=[],
        summary="Download a file of a material or a part of it",
        description="404 unless a public material has the file.",
        parameters=[
            OpenApiParameter("sha256", {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "path"),
            OpenApiParameter(
                "name", {"type": "string", "pattern": f"^{FILE_NAME}$"}, "path", description="Any name with its ending."
            ),
            *ranges.RANGE_PARAMETERS,
        ],
        responses={
            (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, "The whole file in its own media type."),
            (206, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, "The requested part."),
            (416, PROBLEM_MEDIA_TYPE): ranges.UNSATISFIABLE_RESPONSE,
        },
    )
    def get(self, request: Request, sha256: str, name: str) -> HttpResponseBase:
        stored = queries.public_file(sha256)
        if stored is None or PurePosixPath(name).suffix != f".{EXTENSIONS[MediaType(stored.media_type)]}":
            raise Http404
        response: HttpResponseBase = with_sandbox_policy(file_response)(request, stored, name)
        if response.status_code in (200, 206, 304):
            response["Cache-Control"] = CACHE_CONTROL
        return response


def file_response(request: Request, stored: StoredFile, name: str) -> HttpResponseBase:
    """The file or the requested part of it. HEAD reads no bytes. Raises Http404 if its bytes are lost."""
    whole = ranges.ServedFile(
        etag=f'"{stored.sha256}"', modified_at=stored.stored_at, size=stored.size, media_type=stored.media_type,
        name=name,
    )  # fmt: skip
    try:
        return ranges.range_response(
            request,
            whole,
            lambda first, length: ranges.FilePart(storage.open_part(stored.sha256, first, length), first, length),
        )
    except FileNotFoundError:
        raise Http404 from None
