"""Public questions with their answers, asking a question, and similar questions."""

import datetime
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KeyField, KnownFieldsOnly, ReaderTextField, StrictBooleanField
from api.homes import HomeFilter, HomeSerializer
from api.limits.throttles import throttle_similar_searches
from api.pagination import StrictCursorPagination
from api.parameters import DayFilter, KnownParametersOnly, TrueOrFalseFilter, requested_as_of
from api.problems import QuestionGone
from api.schema import DEVICE_ONLY, DEVICE_OR_NOBODY
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.questions import answers
from api.v1.questions.address_quota import ask_within_quota
from api.v1.questions.my_questions import QUESTION_KEY, QUESTION_PATH_PARAMETERS, OwnQuestionSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.events import queries as events
from content.law.eids import KEY_SEPARATOR
from content.organisations.models import Organisation, Province
from content.qa import queries, services
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Question
from content.search import queries as search
from content.topics.models import Topic

IDEMPOTENCY_KEY_PATTERN = r"^[\x21-\x7e]{1,255}$"
AS_OF_HELP = "Return the questions as they were at the end of this day, Viet Nam time. From 1945 to ten years ahead."


class QuestionFilter(django_filters.FilterSet):
    as_of = DayFilter(method="keep_queryset", help_text=AS_OF_HELP)
    q = django_filters.CharFilter(
        method="filter_q", max_length=200, help_text="Words of the question; all must match. Accents are optional."
    )
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; includes its headings. Repeat it to match any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    organisation = extend_schema_field({"type": "string", "description": "Key of the responsible organisation."})(
        django_filters.ModelChoiceFilter(queryset=Organisation.objects.all(), to_field_name="key")
    )
    province = extend_schema_field({"type": "string", "description": "Key of the province the question is about."})(
        django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key")
    )
    event = extend_schema_field(
        {"type": "string", "description": "Key of the event that the question was asked for in advance."}
    )(
        django_filters.ModelChoiceFilter(
            queryset=events.public_events(), to_field_name="key", field_name="asked_ahead__event"
        )
    )
    cites = django_filters.CharFilter(
        method="filter_cites",
        validators=[
            RegexValidator(
                r"\A[a-z0-9-]{1,160}(~[a-z0-9_]{1,120})?\Z", gettext_lazy("Write {document} or {document}~{eid}.")
            )
        ],
        help_text="Key of a document or provision. Returns questions whose answer cites it, or a provision "
        "above or below it.",
    )
    home = HomeFilter()
    basis_changed = TrueOrFalseFilter(
        method="filter_basis_changed",
        help_text="`true`: the cited law has changed and the change is not reviewed yet.",
    )

    class Meta:
        model = Question
        fields: list[str] = []  # filters are listed above

    def keep_queryset(self, queryset: QuerySet[Question], name: str, day: datetime.date) -> QuerySet[Question]:
        return queryset

    def filter_q(self, queryset: QuerySet[Question], name: str, words: str) -> QuerySet[Question]:
        return queries.questions_matching(queryset, words)

    def filter_topic(self, queryset: QuerySet[Question], name: str, topics: Sequence[Topic]) -> QuerySet[Question]:
        return queries.questions_about(queryset, topics) if topics else queryset

    def filter_cites(self, queryset: QuerySet[Question], name: str, cited: str) -> QuerySet[Question]:
        document, _separator, eid = cited.partition(KEY_SEPARATOR)
        return queries.questions_citing(queryset, document, eid)

    def filter_basis_changed(self, queryset: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        return queryset.filter(basis_changed=wanted)


class QuestionLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()
    title = serializers.CharField(source="public_title", read_only=True)

    class Meta:
        model = Question
        fields = ["key", "url", "page_url", "title"]

    def get_url(self, question: Question) -> str:
        return resource_urls.question_url(question)

    def get_page_url(self, question: Question) -> str:
        return resource_urls.question_page_url(question)


class QuestionSerializer(HomeSerializer, QuestionLinkSerializer):
    """The public copy of a question, without personal data, and its current answer."""

    path_of_copies = "questions"
    text = serializers.CharField(source="public_text", read_only=True)
    topic = TopicLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    answer = serializers.SerializerMethodField()
    basis_changed = serializers.BooleanField(
        read_only=True,
        help_text="True: the cited law has changed and the change is not reviewed yet. `answer.causes` lists "
        "the changes.",
    )
    helpful = serializers.IntegerField(read_only=True, help_text="Readers who rated the answer as helpful.")
    not_helpful = serializers.IntegerField(read_only=True)
    updated_at = serializers.DateTimeField(
        source="public_changed_at", read_only=True, help_text="Time of the last change, ratings excluded."
    )
    source: Any = serializers.CharField(
        read_only=True,
        help_text="Source of a question that was imported with its answer; empty: asked and answered here.",
    )

    class Meta(QuestionLinkSerializer.Meta):
        fields = [
            "key", "url", "page_url", "title", "text", "topic", "province", "organisation", "answer", "basis_changed",
            "helpful", "not_helpful", "published_at", "updated_at", "source", "home", "home_url",
        ]  # fmt: skip

    @extend_schema_field(answers.AnswerSerializer(allow_null=True))
    def get_answer(self, question: Question) -> JSONObject | None:
        return answers.current_answer_representation(question)


class NewQuestionSerializer(KnownFieldsOnly, serializers.Serializer):
    """A new question. It needs no name and should contain none."""

    title = ReaderTextField(max_length=TITLE_LENGTH)
    text = ReaderTextField(max_length=TEXT_LENGTH)
    topic = KeyField(queryset=Topic.objects.all(), required=False, allow_null=True)
    province = KeyField(queryset=Province.objects.all(), required=False, allow_null=True)
    consent_to_publish = StrictBooleanField(
        help_text="Whether a copy without personal data may be published. The reader decides; there is no default."
    )


def validated_question(request: Request) -> dict[str, Any]:
    """The validated question with its Idempotency-Key, as keyword arguments of the service.

    Raises ValidationError, and RuleBroken for a key that was used for another question.
    """
    serializer = NewQuestionSerializer(
        data=request.data
    )  # reads the body first, so that a body that is not JSON gives parse_error
    key = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(IDEMPOTENCY_KEY_PATTERN, key):
        message = _("Send 1 to 255 visible ASCII characters, the same with each retry.")
        raise ValidationError({"Idempotency-Key": [message]}, code="invalid" if key else "required")
    if not serializer.is_valid():
        services.refuse_reused_key(calling_reader(request), key)
    serializer.is_valid(raise_exception=True)
    return {**serializer.validated_data, "idempotency_key": key}


class QuestionPagination(StrictCursorPagination):
    parameters = (*StrictCursorPagination.parameters, "count")
    is_countable = True
    ordering = "-publication"


@extend_schema(tags=["questions"])
@extend_schema_view(
    list=extend_schema(
        operation_id="listQuestions", summary="List answered questions, latest publication first", auth=[]
    ),
    retrieve=extend_schema(
        operation_id="getQuestion",
        summary="Get one question with its answer",
        auth=[],
        parameters=[
            *QUESTION_PATH_PARAMETERS,
            OpenApiParameter("as_of", {"type": "string", "format": "date"}, description=AS_OF_HELP),
        ],
    ),
)
class QuestionViewSet(PublicReadOnlyViewSet):
    """Answered questions of readers. Only the redacted copy is public, never the original text."""

    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter
    pagination_class = QuestionPagination
    lookup_value_regex = QUESTION_KEY
    queryset = Question.objects.none()  # tells drf-spectacular the model
    can_be_gone = True

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return {"list": ("fields",), "retrieve": ("fields", "as_of")}.get(self.action, ())

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Reading needs no authentication; asking needs a device."""
        asks = getattr(self.request, "method", "") == "POST"
        return [scheme() for scheme in cast(Any, api_settings).DEFAULT_AUTHENTICATION_CLASSES] if asks else []

    def get_permissions(self) -> list[BasePermission]:
        return [IsDevice()] if self.action == "create" else []

    def get_queryset(self) -> QuerySet[Question]:
        asked = "as_of" in self.request.query_params
        return queries.public_questions(requested_as_of(self.request) if asked else None)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            question = self.get_object()
        except Http404:
            if gone := queries.withdrawal_of(kwargs["key"]):
                raise QuestionGone(gone.at, gone.merged_into) from None
            raise
        return Response(self.get_serializer(question).data)  # without Last-Modified: ratings change the response too

    @extend_schema(
        operation_id="ask",
        summary="Ask a question",
        description="Show the reader `questions/similar` first. A retry with the same `Idempotency-Key` returns the "
        "existing question in its current state; a different question with that key is 422. At most 10 questions "
        "per reader and hour, and 30 per address and hour.",
        auth=DEVICE_ONLY,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", {"type": "string", "pattern": IDEMPOTENCY_KEY_PATTERN}, "header", required=True,
                description="Created by the app for this question and sent with each retry, preferably a random UUID.",
            )
        ],
        request=NewQuestionSerializer,
        responses={
            201: OwnQuestionSerializer,
            (422, "application/problem+json"): OpenApiResponse(
                {"$ref": "#/components/schemas/Problem"}, "Another question was sent with this key."
            ),
        },
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        ask = partial(services.ask, calling_reader(request), **validated_question(request))
        question = ask_within_quota(request, ask)
        representation = OwnQuestionSerializer(queries.questions_of(calling_reader(request)).get(pk=question.pk)).data
        return Response(representation, status=201, headers={"Location": representation["url"]})


class SimilarQuestionsSerializer(KnownFieldsOnly, serializers.Serializer):
    """The question that the reader is about to ask."""

    title = ReaderTextField(max_length=TITLE_LENGTH)


class SimilarQuestionsResultSerializer(serializers.Serializer):
    """Answered questions that are similar."""

    results = QuestionLinkSerializer(many=True, help_text="At most five questions, most similar first.")


class SimilarQuestionsView(KnownParametersOnly, APIView):
    """Search for questions that were asked before."""

    authentication_classes = []

    @extend_schema(
        operation_id="findSimilarQuestions",
        tags=["questions"],
        summary="Find similar answered questions before asking",
        description="Accents are optional. The text is not stored and no authentication is needed.",
        auth=DEVICE_OR_NOBODY,
        request=SimilarQuestionsSerializer,
        responses=SimilarQuestionsResultSerializer,
    )
    def post(self, request: Request) -> Response:
        throttle_similar_searches(request)
        serializer = SimilarQuestionsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        similar = search.similar_questions(serializer.validated_data["title"])
        return Response(SimilarQuestionsResultSerializer({"results": similar}).data)
