"""What readers say of a public answer: helpful or not, and what is not right about it."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice
from api.fields import KnownFieldsOnly, StrictBooleanField
from api.parameters import KnownParametersOnly
from api.v1.link_serializers import ReaderTextField
from api.v1.questions.questions import QUESTION_PATH_PARAMETERS
from content.qa import queries, services
from content.qa.models import ProblemReport


class RatingSerializer(KnownFieldsOnly, serializers.Serializer):
    """What this reader thinks of an answer."""

    is_helpful = StrictBooleanField()


@extend_schema(tags=["questions"], parameters=QUESTION_PATH_PARAMETERS)
class RatingView(KnownParametersOnly, APIView):
    """Whether this reader found the answer helpful; one opinion each, never of one's own question."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="rateAnswer",
        summary="The answer is helpful, or is not",
        description="Another opinion replaces it.",
        request=RatingSerializer,
        responses={200: RatingSerializer, 201: RatingSerializer},
    )
    def put(self, request, key):
        question = public_question_or_404(key)
        papers = RatingSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        rating, created = services.rate_answer(question, reader=request.user, **papers.validated_data)
        return Response(RatingSerializer(rating).data, status=201 if created else 200)

    @extend_schema(
        operation_id="unrateAnswer", summary="Take it back", description="A repeat is 204 too.", request=None,
        responses={204: None},
    )  # fmt: skip
    def delete(self, request, key):
        services.remove_rating(public_question_or_404(key), reader=request.user)
        return Response(status=204)


class ProblemReportSerializer(KnownFieldsOnly, serializers.Serializer):
    """What is not right."""

    kind = serializers.ChoiceField(ProblemReport.Kind.choices, read_only=True)
    text = ReaderTextField(max_length=ProblemReport.MAX_LENGTH, required=False, help_text="In the reader's words.")
    reported_at = serializers.DateTimeField(read_only=True)


class ProblemReportView(KnownParametersOnly, APIView):
    """Something is not right about a published answer."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="reportProblem",
        tags=["questions"],
        summary="Report that an answer is outdated, wrong, or shows personal data",
        description="The same kind again, while the first is open, changes nothing. At most 20 a day and reader.",
        parameters=[*QUESTION_PATH_PARAMETERS, OpenApiParameter("kind", str, "path", enum=ProblemReport.Kind.values)],
        request=ProblemReportSerializer,
        responses={200: ProblemReportSerializer, 201: OpenApiResponse(ProblemReportSerializer, "Reported.")},
    )
    def put(self, request, key, kind):
        question = public_question_or_404(key)
        papers = ProblemReportSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        report, created = services.report_problem(question, reader=request.user, kind=kind, **papers.validated_data)
        return Response(ProblemReportSerializer(report).data, status=201 if created else 200)


def public_question_or_404(key):
    """The public question of that key. Raises Http404."""
    return get_object_or_404(queries.public_questions(), key=key)
