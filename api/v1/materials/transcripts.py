"""What is said in a material: as plain text, or with its times."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.negotiation import IgnoreAcceptNegotiation
from api.parameters import KnownParametersOnly
from api.v1.materials.parameters import MATERIAL_PATH_PARAMETERS, material_or_gone
from content.media.choices import FileRole
from content.stored_files import storage

TRANSCRIPT_FORMATS = ("txt", "vtt")


class TranscriptView(PublicReadMixin, KnownParametersOnly, APIView):
    """The transcript of a material."""

    can_be_gone = True
    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="getMaterialTranscript",
        tags=["materials"],
        auth=[],
        summary="Get what is said as text or as WebVTT captions",
        parameters=[
            *MATERIAL_PATH_PARAMETERS,
            OpenApiParameter(
                "transcript_format",
                str,
                "path",
                enum=TRANSCRIPT_FORMATS,
                description="Format; 404 if the material has none in it.",
            ),
        ],
        responses={
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, "The text, paragraphs between empty lines."),
            (200, "text/vtt"): OpenApiResponse(OpenApiTypes.BINARY, "Captions in the language of the material."),
        },
    )
    def get(self, request: Request, key: str, transcript_format: str) -> HttpResponse:
        material = material_or_gone(key)
        if transcript_format == "txt":
            if not material.transcript:
                raise Http404
            return HttpResponse(material.transcript + "\n", content_type="text/plain; charset=utf-8")
        captions = [each for each in material.files.all() if each.role == FileRole.CAPTIONS]
        own = next((each for each in captions if each.language == material.language), None)
        if own is None:
            raise Http404
        try:
            with storage.open_file(own.stored.sha256) as file:
                return HttpResponse(file.read(), content_type="text/vtt; charset=utf-8")
        except FileNotFoundError:  # its bytes are lost: as for the file itself
            raise Http404 from None
