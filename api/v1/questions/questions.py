"""Questions the public reads, and the door through which readers ask."""

import re

import django_filters
from django.core.validators import RegexValidator
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from drf_spectacular.utils import extend_schema_view as schemas
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from api.authentication import IsDevice
from api.fields import KeyField, KnownFieldsOnly, StrictBooleanField
from api.pagination import StrictCursorPagination
from api.parameters import DayFilter, KnownParametersOnly, requested_as_of
from api.problems import QuestionGone
from api.throttles import throttle_similar_searches
from api.v1 import resource_urls
from api.v1.link_serializers import ReaderTextField
from api.v1.questions import answers
from api.v1.questions.my_questions import OwnQuestionSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer, ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.events import queries as events
from content.organisations.models import Organisation, Province
from content.qa import queries, services
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Question
from content.search import queries as search
from content.topics.models import Topic

QUESTION_KEY = "hoi-[a-z0-9]{10}"
QUESTION_PATH_PARAMETERS = [
    OpenApiParameter("key", {"type": "string", "pattern": f"^{QUESTION_KEY}$"}, "path", description="Its key.")
]
IDEMPOTENCY_KEY_PATTERN = r"^[\x21-\x7e]{1,255}$"
AS_OF_HELP = "As it stood when that day ended, Viet Nam time: from 1945 to ten years ahead."


class QuestionFilter(django_filters.FilterSet):
    as_of = DayFilter(method="taken_by_the_view", help_text=AS_OF_HELP)
    q = django_filters.CharFilter(
        method="filter_q", max_length=200, help_text="Words of the question, all of them; accents are optional."
    )
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; its headings are included. Any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    organisation = extend_schema_field({"type": "string", "description": "Key of the body it is about."})(
        django_filters.ModelChoiceFilter(queryset=Organisation.objects.all(), to_field_name="key")
    )
    province = extend_schema_field({"type": "string", "description": "Key of the province it is about."})(
        django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key")
    )
    event = extend_schema_field({"type": "string", "description": "Key of an event it was asked ahead of."})(
        django_filters.ModelChoiceFilter(
            queryset=events.public_events(), to_field_name="key", field_name="asked_ahead__event"
        )
    )
    cites = django_filters.CharFilter(
        method="filter_cites",
        validators=[
            RegexValidator(r"\A[a-z0-9-]{1,160}(/[a-z0-9_]{1,120})?\Z", _lazy("{document} or {document}/{eid}."))
        ],
        help_text="Key of a document, or `{key}/{eid}`: those whose answer cites it, what is above or under it.",
    )
    basis_changed = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        method="filter_basis_changed",
        help_text="Whether the law the answer cites has changed and nobody has looked yet.",
    )

    class Meta:
        model = Question
        fields = []  # every filter is written out

    def taken_by_the_view(self, queryset, name, day):
        return queryset

    def filter_q(self, queryset, name, words):
        return queries.questions_matching(queryset, words)

    def filter_topic(self, queryset, name, topics):
        return queries.questions_about(queryset, topics) if topics else queryset

    def filter_cites(self, queryset, name, cited):
        document, _slash, eid = cited.partition("/")
        return queries.questions_citing(queryset, document, eid)

    @extend_schema_field({"type": "string", "enum": ["true", "false"]})
    def filter_basis_changed(self, queryset, name, value):
        return queryset.filter(basis_changed=value == "true")


class QuestionLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    title = serializers.CharField(source="public_title", read_only=True)

    class Meta:
        model = Question
        fields = ["key", "url", "title"]

    def get_url(self, question) -> str:
        return resource_urls.question_url(question)


class QuestionSerializer(QuestionLinkSerializer):
    """A question as the public may read it: a copy without what tells who asked, and the answer that holds."""

    text = serializers.CharField(source="public_text", read_only=True)
    topic = TopicLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    answer = serializers.SerializerMethodField()
    basis_changed = serializers.BooleanField(
        read_only=True,
        help_text="The cited law has changed since and nobody has looked yet: `answer.causes` says what.",
    )
    helpful = serializers.IntegerField(read_only=True, help_text="How many readers found it so.")
    not_helpful = serializers.IntegerField(read_only=True)
    updated_at = serializers.DateTimeField(
        source="public_changed_at", read_only=True, help_text="When what stands here last changed, ratings aside."
    )
    source = serializers.CharField(
        read_only=True, help_text="Of a question answered elsewhere and taken over; empty: asked and answered here."
    )

    class Meta(QuestionLinkSerializer.Meta):
        fields = [
            "key", "url", "title", "text", "topic", "province", "organisation", "answer", "basis_changed", "helpful",
            "not_helpful", "published_at", "updated_at", "source",
        ]  # fmt: skip

    def get_answer(self, question) -> answers.AnswerSerializer(allow_null=True):
        return answers.current_answer_representation(question)


class NewQuestionSerializer(KnownFieldsOnly, serializers.Serializer):
    """A question: no name is needed, and none should be in it."""

    title = ReaderTextField(max_length=TITLE_LENGTH)
    text = ReaderTextField(max_length=TEXT_LENGTH)
    topic = KeyField(queryset=Topic.objects.all(), required=False, allow_null=True)
    province = KeyField(queryset=Province.objects.all(), required=False, allow_null=True)
    consent_to_publish = StrictBooleanField(
        help_text="Whether a copy without what tells who asked may be published. The reader says it; no default."
    )


def validated_question(request):
    """What the services take of a posted question, its Idempotency-Key too. Raises ValidationError, RuleBroken."""
    papers = NewQuestionSerializer(data=request.data)  # first: a body that is no JSON is refused as such
    key = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(IDEMPOTENCY_KEY_PATTERN, key):
        message = _("1 to 255 visible ASCII characters, the same with each try.")
        raise ValidationError({"Idempotency-Key": [message]}, code="invalid" if key else "required")
    if not papers.is_valid():
        services.refuse_reused_key(request.user, key)
    papers.is_valid(raise_exception=True)
    return papers.validated_data | {"idempotency_key": key}


class QuestionPagination(StrictCursorPagination):
    ordering = "-publication"


@extend_schema(tags=["questions"])
@schemas(
    list=extend_schema(operation_id="listQuestions", summary="Answered questions, newest published first", auth=[]),
    retrieve=extend_schema(
        operation_id="getQuestion",
        summary="One question with its answer",
        auth=[],
        parameters=[
            *QUESTION_PATH_PARAMETERS,
            OpenApiParameter("as_of", {"type": "string", "format": "date"}, description=AS_OF_HELP),
        ],
    ),
)
class QuestionViewSet(PublicReadOnlyViewSet):
    """Questions of readers that were answered. What was asked is never shown, only the copy a person redacted."""

    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter
    pagination_class = QuestionPagination
    lookup_value_regex = QUESTION_KEY
    queryset = Question.objects.none()  # for the contract: what kind of rows these are
    may_be_gone = True

    @property
    def own_parameters(self):
        return {"list": ("fields",), "retrieve": ("fields", "as_of")}.get(self.action, ())

    def get_authenticators(self):
        """Reading asks nobody who they are; asking needs a device."""
        asks = getattr(self.request, "method", "") == "POST"
        return [scheme() for scheme in api_settings.DEFAULT_AUTHENTICATION_CLASSES] if asks else []

    def get_permissions(self):
        return [IsDevice()] if self.action == "create" else []

    def get_queryset(self):
        asked = "as_of" in self.request.query_params
        return queries.public_questions(requested_as_of(self.request) if asked else None)

    def retrieve(self, request, *args, **kwargs):
        try:
            question = self.get_object()
        except Http404:
            if gone := queries.withdrawal_of(kwargs["key"]):
                raise QuestionGone(gone.at, gone.merged_into) from None
            raise
        return Response(self.get_serializer(question).data)  # without a Last-Modified: ratings come and go under it

    @extend_schema(
        operation_id="ask",
        summary="Ask a question",
        description="First show the reader `questions/similar`. The same again under the same `Idempotency-Key` is "
        "answered as the first was, with the question as it stands now; another question under it is 422. At most 10 "
        "accepted questions an hour and reader.",
        auth=[{"device": []}],
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", {"type": "string", "pattern": IDEMPOTENCY_KEY_PATTERN}, "header", required=True,
                description="Made by the app for this question and sent with each try, best a random UUID.",
            )
        ],
        request=NewQuestionSerializer,
        responses={
            201: OwnQuestionSerializer,
            (422, "application/problem+json"): OpenApiResponse(
                {"$ref": "#/components/schemas/Problem"}, "Another question had this key."
            ),
        },
    )  # fmt: skip
    def create(self, request):
        question, _created = services.ask(request.user, **validated_question(request))
        shown = OwnQuestionSerializer(queries.questions_of(request.user).get(pk=question.pk)).data
        return Response(shown, status=201, headers={"Location": shown["url"]})


class SimilarQuestionsSerializer(KnownFieldsOnly, serializers.Serializer):
    """What the reader is about to ask."""

    title = ReaderTextField(max_length=TITLE_LENGTH)


class SimilarQuestionsResultSerializer(serializers.Serializer):
    results = QuestionLinkSerializer(many=True, help_text="At most five, the most alike first.")


class SimilarQuestionsView(KnownParametersOnly, APIView):
    """Whether it was asked before."""

    authentication_classes = []

    @extend_schema(
        operation_id="findSimilarQuestions",
        tags=["questions"],
        summary="Answered questions like this one, to be read before asking",
        description="Accents are optional. Nothing of it is kept, and nobody is asked who they are.",
        auth=[{"device": []}, {}],
        request=SimilarQuestionsSerializer,
        responses=SimilarQuestionsResultSerializer,
    )
    def post(self, request):
        throttle_similar_searches(request)
        papers = SimilarQuestionsSerializer(data=request.data)
        papers.is_valid(raise_exception=True)
        alike = search.similar_questions(papers.validated_data["title"])
        return Response(SimilarQuestionsResultSerializer({"results": alike}).data)
