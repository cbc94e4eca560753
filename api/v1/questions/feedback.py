"""Feedback of readers on answers: ratings and problem reports."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KnownFieldsOnly, ReaderTextField, StrictBooleanField
from api.parameters import KnownParametersOnly
from api.v1.questions.my_questions import QUESTION_PATH_PARAMETERS
from content.qa import queries, services
from content.qa.models import ProblemReport, Question


class RatingSerializer(KnownFieldsOnly, serializers.Serializer):
    """A rating of an answer."""

    is_helpful = StrictBooleanField()


@extend_schema(tags=["questions"], parameters=QUESTION_PATH_PARAMETERS)
class RatingView(KnownParametersOnly, APIView):
    """The rating of an answer by this reader: one per reader, none for one's own question."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="rateAnswer",
        summary="Rate an answer as helpful or not",
        description="A second rating replaces the first.",
        request=RatingSerializer,
        responses={200: RatingSerializer, 201: RatingSerializer},
    )
    def put(self, request: Request, key: str) -> Response:
        question = public_question_or_404(key)
        serializer = RatingSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        rating, created = services.rate_answer(question, reader=calling_reader(request), **serializer.validated_data)
        return Response(RatingSerializer(rating).data, status=201 if created else 200)

    @extend_schema(
        operation_id="unrateAnswer", summary="Remove the rating", description="A repeat returns 204.", request=None,
        responses={204: None},
    )  # fmt: skip
    def delete(self, request: Request, key: str) -> Response:
        services.remove_rating(public_question_or_404(key), reader=calling_reader(request))
        return Response(status=204)


@extend_schema_serializer(component_name="ProblemReport")
class NewProblemReportSerializer(KnownFieldsOnly, serializers.Serializer):
    """What a reader reports."""

    text = ReaderTextField(
        max_length=ProblemReport.MAX_LENGTH,
        required=False,
        allow_null=True,
        help_text="Description of the problem by the reader.",
    )


class ProblemReportSerializer(serializers.Serializer):
    """A report of a problem with an answer."""

    kind = serializers.ChoiceField(ProblemReport.Kind.choices, read_only=True)
    text = serializers.CharField(
        max_length=ProblemReport.MAX_LENGTH,
        read_only=True,
        help_text="Description of the problem by the reader; empty: none was given.",
    )
    reported_at = serializers.DateTimeField(read_only=True)


class ProblemReportView(KnownParametersOnly, APIView):
    """Problem reports about published answers."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="reportProblem",
        tags=["questions"],
        summary="Report that an answer is outdated, wrong, or shows personal data",
        description="A second report of the same kind changes nothing while the first is open. At most 20 "
        "reports per reader and day.",
        parameters=[*QUESTION_PATH_PARAMETERS, OpenApiParameter("kind", str, "path", enum=ProblemReport.Kind.values)],
        request=NewProblemReportSerializer,
        responses={200: ProblemReportSerializer, 201: OpenApiResponse(ProblemReportSerializer, "Created.")},
    )
    def put(self, request: Request, key: str, kind: str) -> Response:
        question = public_question_or_404(key)
        serializer = NewProblemReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        reader = calling_reader(request)
        report, created = services.report_problem(question, reader=reader, kind=kind, **serializer.validated_data)
        return Response(ProblemReportSerializer(report).data, status=201 if created else 200)


def public_question_or_404(key: str) -> Question:
    """The public question with that key. Raises Http404."""
    return get_object_or_404(queries.public_questions(), key=key)
