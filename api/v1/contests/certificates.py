"""Certificates of contestants: drawn in the name that the request has, and verified by serial and typed name."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.caching import REVALIDATE_CACHE_CONTROL, PublicReadMixin
from api.fields import KnownFieldsOnly, ReaderTextField
from api.limits.throttles import throttle_certificates
from api.negotiation import IgnoreAcceptNegotiation
from api.parameters import KnownParametersOnly
from api.renderers import HTMLPageRenderer
from api.v1 import resource_urls
from api.v1.contests.contests import ContestLinkSerializer
from api.v1.contests.parameters import ATTEMPT_PATH_PARAMETERS, attempt_or_404
from content.contest_certificates import queries, services
from content.contest_certificates.drawing import FileType
from content.contest_certificates.models import Certificate
from content.law.page_paths import certificate_path

SERIAL = "[A-Za-z2-7]{4}(?:-?[A-Za-z2-7]{4}){3}"
SERIAL_PARAMETERS = [
    OpenApiParameter(
        "serial",
        {"type": "string", "pattern": f"^{SERIAL}$"},
        "path",
        description="Serial as printed; capitals and hyphens do not matter.",
    )
]
MEDIA_TYPES = {FileType.PDF: "application/pdf", FileType.PNG: "image/png"}
NAME_HELP = "The name as it shall be on the paper. It is not stored."


class NewCertificateSerializer(KnownFieldsOnly, serializers.Serializer):
    """A certificate to draw."""

    name = ReaderTextField(max_length=services.NAME_LENGTH, help_text=NAME_HELP)
    file_type = serializers.ChoiceField(
        [each.value for each in FileType], default=FileType.PDF, help_text="`pdf` (PDF/UA-1, A4) or `png`."
    )


class TypedNameSerializer(KnownFieldsOnly, serializers.Serializer):
    """A name as somebody reads it on a certificate."""

    name = ReaderTextField(
        max_length=services.NAME_LENGTH, help_text="Capitals and blanks do not matter, accents do. It is not stored."
    )


@extend_schema_serializer(component_name="CertificateNameAnswer")
class NameAnswerSerializer(serializers.Serializer):
    """Whether a name is the one on the certificate."""

    is_name = serializers.BooleanField(help_text="Whether the certificate is in this name.")


@extend_schema_serializer(component_name="ContestCertificate")
class CertificateSerializer(serializers.ModelSerializer):
    """What a certificate says, without the name: only its hash is stored."""

    serial = serializers.CharField(source="shown_serial", read_only=True, help_text="Serial as printed.")
    url = serializers.SerializerMethodField(help_text="URL where the certificate is verified.")
    page_url = serializers.SerializerMethodField(help_text="Address of the page where people verify it, as printed.")
    contest = ContestLinkSerializer(source="attempt.round.contest", read_only=True)
    round = serializers.IntegerField(source="attempt.round.number", read_only=True, help_text="Number of the round.")
    published_at = serializers.DateTimeField(
        source="attempt.round.contest.results_published_at", read_only=True, help_text="Publication of the results."
    )

    class Meta:
        model = Certificate
        fields = [
            "serial", "url", "page_url", "contest", "round", "correct", "questions", "rank", "contestants",
            "published_at", "issued_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs: dict[str, Any] = {
            "correct": {"help_text": "Number of right answers."},
            "questions": {"help_text": "Number of questions, without those that count for nobody."},
            "rank": {"help_text": "Final rank in the bracket; null: another attempt of the contestant counts."},
            "contestants": {"help_text": "Number of ranked contestants of the bracket; null as `rank`."},
            "issued_at": {"help_text": "Time when the certificate was issued in this name."},
        }

    def get_url(self, certificate: Certificate) -> str:
        return resource_urls.certificate_url(certificate)

    def get_page_url(self, certificate: Certificate) -> str:
        return resource_urls.certificate_page_url(certificate)


@extend_schema(tags=["contests"], parameters=ATTEMPT_PATH_PARAMETERS)
class NewCertificateView(KnownParametersOnly, APIView):
    """The certificate of an attempt, as a file."""

    permission_classes = [IsDevice]
    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="drawCertificate",
        summary="Draw the certificate of this reader's attempt",
        description="Before the results are published: 409 `certificate_too_early`. The server stores only a salted "
        "hash of the name. The same name gives the same serial; another one replaces it, and the earlier "
        "serial is unknown from then on. `Link` has the URL where the certificate is verified; the paper has the "
        "address of its page. 409 `name_not_printable`: the font lacks a letter of the name.",
        request=NewCertificateSerializer,
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The certificate."),
            (200, "image/png"): OpenApiResponse(OpenApiTypes.BINARY, "The certificate as a picture."),
        },
    )
    def post(self, request: Request, key: str) -> HttpResponse:
        throttle_certificates(request)
        attempt = attempt_or_404(calling_reader(request), key)
        serializer = NewCertificateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        file_type = FileType(serializer.validated_data["file_type"])
        certificate, file = services.issue_certificate(
            attempt,
            name=serializer.validated_data["name"],
            file_type=file_type,
            address=resource_urls.certificate_page_url,
        )
        headers = {
            "Content-Disposition": f'attachment; filename="{certificate.serial}.{file_type}"',
            "Link": f'<{resource_urls.certificate_url(certificate)}>; rel="describedby"',
        }
        return HttpResponse(file, content_type=MEDIA_TYPES[file_type], headers=headers)


@extend_schema(tags=["contests"], parameters=SERIAL_PARAMETERS, auth=[])
class CertificateView(PublicReadMixin, KnownParametersOnly, APIView):
    """A certificate, verified by its serial."""

    cache_control = REVALIDATE_CACHE_CONTROL  # one that was renewed in another name is unknown at once

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """JSON for everybody; a browser, which may take HTML alone, is led to the page."""
        return super().perform_content_negotiation(request, force=force or wants_page(request))

    @extend_schema(
        operation_id="getCertificate",
        summary="Get what a certificate says, without the name",
        description="A browser, whose `Accept` prefers `text/html`, is led to `page_url` (303).",
        responses=CertificateSerializer,
    )
    def get(self, request: Request, serial: str) -> Response | HttpResponse:
        if wants_page(request):
            return see_page(request, serial)
        return Response(CertificateSerializer(certificate_or_404(serial)).data)

    @extend_schema(
        operation_id="checkCertificateName",
        summary="Ask whether a certificate is in a name",
        description="Each certificate allows ten tries an hour, from all callers. More answer 429 `too_many_names`.",
        request=TypedNameSerializer,
        responses=NameAnswerSerializer,
    )
    def post(self, request: Request, serial: str) -> Response:
        throttle_certificates(request)
        certificate = certificate_or_404(serial)
        serializer = TypedNameSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({"is_name": services.is_name_on(certificate, serializer.validated_data["name"])})


def certificate_or_404(serial: str) -> Certificate:
    """The certificate with that serial. Raises Http404."""
    certificate = queries.certificate_of(serial)
    if certificate is None:
        raise Http404
    return certificate


def wants_page(request: Request) -> bool:
    """Whether a person asks: who follows the QR code of a certificate that was printed before there was a page."""
    if request.method not in ("GET", "HEAD"):
        return False
    preferred = request._request.get_preferred_type([JSONRenderer.media_type, HTMLPageRenderer.media_type])
    return preferred == HTMLPageRenderer.media_type


def see_page(request: Request, serial: str) -> HttpResponse:
    """303 to the page of that serial, in the language asked for; it says too what to check where there is none."""
    language = request.query_params.get("lang")
    address = settings.PUBLIC_URL + certificate_path(serial.upper())
    response = HttpResponseRedirect(f"{address}?lang={language}" if language else address)
    response.status_code = 303
    response["Cache-Control"] = REVALIDATE_CACHE_CONTROL
    patch_vary_headers(response, ["Accept"])
    return response
