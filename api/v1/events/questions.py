"""Questions that readers ask before an event."""

from functools import partial

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.parameters import KnownParametersOnly
from api.v1.events.events import EVENT_PATH_PARAMETERS
from api.v1.events.registrations import event_or_404
from api.v1.questions.address_quota import ask_within_quota
from api.v1.questions.my_questions import OwnQuestionSerializer
from api.v1.questions.questions import IDEMPOTENCY_KEY_PATTERN, NewQuestionSerializer, validated_question
from content.events import services
from content.qa import queries as questions


class EventQuestionView(KnownParametersOnly, APIView):
    """Questions asked in advance of an event."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="askAhead",
        tags=["events"],
        summary="Ask a question in advance of an event",
        description="Creates an ordinary question (`questions/mine`) that is shown to the speakers. Without a topic it "
        "gets the topic of the event. After the event or its cancellation: 409 `event_not_ahead`.",
        parameters=[
            *EVENT_PATH_PARAMETERS,
            OpenApiParameter(
                "Idempotency-Key", {"type": "string", "pattern": IDEMPOTENCY_KEY_PATTERN}, "header", required=True,
                description="Created by the app for this question and sent with each retry, preferably a random UUID.",
            ),
        ],
        request=NewQuestionSerializer,
        responses={
            201: OwnQuestionSerializer,
            (422, "application/problem+json"): OpenApiResponse(
                {"$ref": "#/components/schemas/Problem"}, "Another question was sent with this key."
            ),
        },
    )  # fmt: skip
    def post(self, request: Request, key: str) -> Response:
        event = event_or_404(key)
        reader = calling_reader(request)
        ask = partial(services.ask_advance_question, event, reader, **validated_question(request))
        question = ask_within_quota(request, ask)
        representation = OwnQuestionSerializer(questions.questions_of(reader).get(pk=question.pk)).data
        return Response(representation, status=201, headers={"Location": representation["url"]})
