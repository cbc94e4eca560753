"""Questions of the calling reader: status, answer, further details, withdrawal."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import IsDevice, calling_reader
from api.fields import KnownFieldsOnly, ReaderTextField
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.questions import answers
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from content.qa import queries, services
from content.qa.models import TEXT_LENGTH, Question, QuestionTransitionLog
from content.qa.states import REASON_SHOWN_TO_ASKER, QuestionStatus, QuestionTransition, Resolution

QUESTION_KEY = "hoi-[a-z0-9]{10}"
QUESTION_PATH_PARAMETERS = [
    OpenApiParameter(
        "key", {"type": "string", "pattern": f"^{QUESTION_KEY}$"}, "path", description="Key of the question."
    )
]


class QuestionTransitionSerializer(serializers.Serializer):
    """A change of the question's status."""

    transition = serializers.ChoiceField(QuestionTransition.choices)
    status = serializers.ChoiceField(QuestionStatus.choices, source="to_status")
    at = serializers.DateTimeField()
    reason = serializers.SerializerMethodField(help_text="Reason given to the reader; empty if none is given.")

    def get_reason(self, question_transition: QuestionTransitionLog) -> str:
        return question_transition.reason if question_transition.transition in REASON_SHOWN_TO_ASKER else ""


class OwnQuestionSerializer(serializers.ModelSerializer):
    """A question as its author sees it: original text, status and answer."""

    url = serializers.SerializerMethodField()
    topic = TopicLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    organisation = OrganisationLinkSerializer(
        read_only=True, allow_null=True, help_text="Organisation that is responsible."
    )
    status = serializers.ChoiceField(QuestionStatus.choices, read_only=True)
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    resolution = serializers.SerializerMethodField(help_text="How the question was closed; null: it is open.")
    resolution_name = serializers.CharField(
        source="get_resolution_display", read_only=True, help_text="`resolution` in words; empty: the question is open."
    )
    due_on = serializers.DateField(read_only=True, allow_null=True, help_text="Planned date of the answer.")
    public_url = serializers.SerializerMethodField(help_text="URL of the public question; null: not public.")
    same_as = serializers.SerializerMethodField(help_text="URL of the public question it was merged into; null: none.")
    answer = serializers.SerializerMethodField()
    basis_changed = serializers.BooleanField(read_only=True)
    transitions = QuestionTransitionSerializer(many=True, read_only=True)

    class Meta:
        model = Question
        fields = [
            "key", "url", "title", "text", "topic", "province", "organisation", "consent_to_publish", "status",
            "status_name", "resolution", "resolution_name", "asked_at", "due_on", "public_url", "same_as", "answer",
            "basis_changed", "transitions",
        ]  # fmt: skip
        extra_kwargs = {name: {"read_only": True} for name in ("title", "text", "consent_to_publish", "asked_at")}

    @extend_schema_field(serializers.ChoiceField(Resolution.choices, allow_null=True))
    def get_resolution(self, question: Question) -> str | None:
        return question.resolution or None

    def get_url(self, question: Question) -> str:
        return resource_urls.resource_url("my-question-detail", key=question.key)

    def get_public_url(self, question: Question) -> str | None:
        return resource_urls.question_url(question) if question.is_public else None

    def get_same_as(self, question: Question) -> str | None:
        same = question.same_as
        return resource_urls.question_url(same) if same and same.is_public else None

    @extend_schema_field(answers.AnswerSerializer(allow_null=True))
    def get_answer(self, question: Question) -> JSONObject | None:
        return answers.current_answer_representation(question)


class QuestionDetailSerializer(KnownFieldsOnly, serializers.Serializer):
    """The requested detail."""

    text = ReaderTextField(max_length=TEXT_LENGTH)


class MyQuestionPagination(StrictCursorPagination):
    ordering = "-pk"


@extend_schema(tags=["questions"])
@extend_schema_view(
    list=extend_schema(operation_id="listMyQuestions", summary="List the questions of this reader, newest first"),
    retrieve=extend_schema(
        operation_id="getMyQuestion", summary="Get one question of this reader", parameters=QUESTION_PATH_PARAMETERS
    ),
)
class MyQuestionViewSet(KnownParametersOnly, ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet):
    """All questions of this reader, in any status. Other readers cannot see them here."""

    permission_classes = [IsDevice]
    serializer_class = OwnQuestionSerializer
    pagination_class = MyQuestionPagination
    queryset = Question.objects.none()  # tells drf-spectacular the model
    lookup_field = "key"
    lookup_value_regex = QUESTION_KEY

    def get_queryset(self) -> QuerySet[Question]:
        return queries.questions_of(calling_reader(self.request))

    @extend_schema(
        operation_id="withdrawQuestion",
        summary="Withdraw a question",
        description="Erases the text and ends its publication. A repeat returns 204.",
        parameters=QUESTION_PATH_PARAMETERS,
        request=None,
        responses={204: None},
    )
    def destroy(self, request: Request, key: str) -> Response:
        services.withdraw(self._own(key))
        return Response(status=204)

    @extend_schema(
        operation_id="addDetail",
        summary="Add the requested detail to a question",
        description="Possible while the status is `returned`.",
        parameters=QUESTION_PATH_PARAMETERS,
        request=QuestionDetailSerializer,
        responses=OwnQuestionSerializer,
    )
    @action(detail=True, methods=["post"], url_path="details", url_name="details")
    def details(self, request: Request, key: str) -> Response:
        question = self._own(key)
        serializer = QuestionDetailSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.add_detail(question, **serializer.validated_data)
        return Response(self.get_serializer(self._own(key)).data)

    def _own(self, key: str) -> Question:
        return get_object_or_404(self.get_queryset(), key=key)
