"""Attempts: start one, save answers meanwhile, submit it, and read it again. The clock is that of the server."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KnownFieldsOnly, StrictCharField
from api.parameters import KnownParametersOnly
from api.problems import failure_response
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.contests import saving_turns
from api.v1.contests.parameters import (
    ATTEMPT_PATH_PARAMETERS,
    ROUND_PATH_PARAMETERS,
    attempt_not_found_as_404,
    attempt_or_404,
    starting_round_or_404,
)
from api.v1.questions.answers import CitationSerializer
from content.contests import papers, queries, services
from content.contests.models import Attempt
from content.contests.models.attempts import MAX_PREDICTION
from content.contests.papers import ShownQuestion, SolvedQuestion
from content.contests.services.attempts import MAX_SEQ
from content.contests.states import ContestStatus
from content.errors import RuleBroken
from content.question_banks.models import ANSWER_LENGTH, QuizKind

NONCE = re.compile("(?:[0-9a-f]{2}){16,32}")
MAX_ANSWERS = 200  # questions of the longest paper
ATTEMPT_STATES = ("open", "submitted", "closed")
STATE_HELP = "`closed`: the time ran out, and the answers saved last count. The list may grow."


class StrictIntegerField(serializers.IntegerField):
    """Accepts whole numbers of JSON only, also `3.0` (JSON Schema 2020-12, 6.1.1). DRF's field also accepts texts."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "pattern": f"^{NONCE.pattern}$"})
class NonceField(serializers.Field):
    """Random bytes in hex."""

    def to_internal_value(self, data: Any) -> bytes:
        if not (isinstance(data, str) and NONCE.fullmatch(data)):
            raise ValidationError(_("Send 16 to 32 random bytes as lower-case hex digits."), code="invalid_nonce")
        return bytes.fromhex(data)

    def to_representation(self, value: bytes) -> str:
        return bytes(value).hex()


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "string", "maxLength": ANSWER_LENGTH, "pattern": r"^[^\x00]*$"},
        "maxProperties": MAX_ANSWERS,
    }
)
class AnswersField(serializers.DictField):
    """{number of a question on the paper: id of a choice, or the text filled in}."""

    child = StrictCharField(allow_blank=True, trim_whitespace=False)

    def run_child_validation(self, data: Any) -> Any:
        if len(data) > MAX_ANSWERS:
            raise ValidationError(_("A paper has at most %d questions.") % MAX_ANSWERS, code="invalid")
        return super().run_child_validation(data)


class NewAttemptSerializer(KnownFieldsOnly, serializers.Serializer):
    """The start of an attempt."""

    nonce = NonceField(
        help_text="16 to 32 random bytes in hex, made by the app for this attempt and sent again with each retry. "
        "With the seed of the server they decide the paper: neither side chooses it alone."
    )
    prediction = StrictIntegerField(
        min_value=0,
        max_value=MAX_PREDICTION,
        required=False,
        allow_null=True,
        default=None,
        help_text="What the rules ask to predict (`prediction_of`); null: nothing.",
    )


class SavedAnswersSerializer(KnownFieldsOnly, serializers.Serializer):
    """All answers so far. They replace those that were saved with a lower `seq`."""

    seq = StrictIntegerField(
        min_value=1,
        max_value=MAX_SEQ,
        help_text="Counts what the app saves, upwards from 1. The highest counts, and of the "
        "same one the submission. Count on before each request, not after its reply.",
    )
    answers = AnswersField(
        help_text="By the number of the question on the paper: the id of a choice, or the text filled in."
    )


@extend_schema_serializer(component_name="ContestSavedState")
class SavedStateSerializer(serializers.Serializer):
    """What is saved now, and when to save again."""

    saved_seq = serializers.IntegerField(max_value=MAX_SEQ, help_text="The highest `seq` that is saved; 0: none.")
    now = serializers.DateTimeField(help_text="Time of the server.")
    save_seconds = serializers.IntegerField(help_text="Save again after so many seconds, if something changed.")


@extend_schema_serializer(component_name="ContestChoice")
class ChoiceSerializer(serializers.Serializer):
    """A choice of a question."""

    id = serializers.CharField(help_text="Letter of the choice on this paper: what an answer gives.")
    text = serializers.CharField(help_text="The choice in words.")


@extend_schema_serializer(component_name="ContestQuestion")
class PaperQuestionSerializer(serializers.Serializer):
    """A question of a paper, without its key."""

    n = serializers.IntegerField(source="number", help_text="Number on the paper, from 1.")
    kind = serializers.ChoiceField(QuizKind.choices, help_text="Kind of question.")
    text = serializers.CharField(help_text="The question.")
    choices = serializers.SerializerMethodField(help_text="Choices in the order of this paper; empty: fill in a text.")

    @extend_schema_field(ChoiceSerializer(many=True))
    def get_choices(self, question: ShownQuestion) -> list[JSONObject]:
        return [{"id": letter, "text": text} for letter, text in question.choices]


@extend_schema_serializer(component_name="ContestSolution")
class SolutionSerializer(serializers.Serializer):
    """The solution of a question, with the law behind it."""

    n = serializers.IntegerField(source="shown.number", help_text="Number on the paper, from 1.")
    answer = serializers.CharField(help_text="The answer that was given; empty: none.")
    right = serializers.ListField(child=serializers.CharField(), help_text="Ids of right choices, or right texts.")
    is_right = serializers.BooleanField(help_text="Whether the answer is right.")
    is_voided = serializers.BooleanField(help_text="True: the question counts for nobody.")
    explanation = serializers.CharField(help_text="Why it is right; may be empty.")
    citations = CitationSerializer(source="question.basis.citations.all", many=True, help_text="The law behind it.")


@extend_schema_serializer(component_name="ContestResult")
class ResultSerializer(serializers.Serializer):
    """The result of an attempt."""

    correct = serializers.IntegerField(help_text="Number of right answers, without questions that count for nobody.")
    questions = serializers.SerializerMethodField(help_text="Number of questions on the paper.")
    duration_ms = serializers.IntegerField(max_value=2**53, help_text="Time taken, in milliseconds.")

    def get_questions(self, attempt: Attempt) -> int:
        return attempt.round.paper_size


@extend_schema_serializer(component_name="ContestOutcome")
class OutcomeSerializer(serializers.Serializer):
    """What became of an attempt."""

    key = serializers.CharField(help_text="Key of the attempt.")
    state = serializers.SerializerMethodField(help_text=STATE_HELP)
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="Time of the submission; null: open.")
    saved_seq = serializers.IntegerField(max_value=MAX_SEQ, help_text="The highest `seq` that is saved; 0: none.")
    receipt = serializers.SerializerMethodField(
        help_text="Signed receipt (JWS, EdDSA), verified with the keys of `/.well-known/jwks.json`; null: open."
    )
    result = serializers.SerializerMethodField(help_text="The result; null: not shown yet.")

    @extend_schema_field(serializers.ChoiceField(ATTEMPT_STATES))
    def get_state(self, attempt: Attempt) -> str:
        if attempt.submitted_at is None:
            return "open"
        return "closed" if attempt.is_closed_by_system else "submitted"

    def get_receipt(self, attempt: Attempt) -> str | None:
        return attempt.receipt or None

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, attempt: Attempt) -> JSONObject | None:
        is_cancelled = attempt.round.contest.status == ContestStatus.CANCELLED  # after it began: the proof is public
        is_shown = attempt.submitted_at is not None and (attempt.round.shows_results or is_cancelled)
        return ResultSerializer(attempt).data if is_shown else None


@extend_schema_serializer(component_name="ContestAttempt")
class AttemptSerializer(OutcomeSerializer):
    """An attempt with its paper, what is saved, and later the result."""

    url = serializers.SerializerMethodField()
    contest = serializers.CharField(source="round.contest.key", help_text="Key of the contest.")
    round = serializers.IntegerField(source="round.number", help_text="Number of the round.")
    number = serializers.IntegerField(help_text="Number of the attempt in this round, from 1.")
    nonce = NonceField(help_text="The random bytes that the app sent, in hex.")
    prediction = serializers.IntegerField(allow_null=True, help_text="What the contestant predicted; null: nothing.")
    started_at = serializers.DateTimeField(help_text="Time of the start.")
    deadline_at = serializers.DateTimeField(help_text="Submit until then; 5 seconds later it is too late.")
    now = serializers.DateTimeField(help_text="Time of the server. Show the time left from it, not from the phone.")
    save_seconds = serializers.SerializerMethodField(help_text="Save again after so many seconds.")
    answers = AnswersField(help_text="The answers that are saved.")
    questions = serializers.SerializerMethodField(help_text="The paper: questions in their order, without the key.")
    solutions = serializers.SerializerMethodField(
        help_text="Solutions, shown when nobody competes any more; null: not yet."
    )

    def get_url(self, attempt: Attempt) -> str:
        return resource_urls.resource_url("contest-attempt", key=attempt.key)

    def get_save_seconds(self, attempt: Attempt) -> int:
        return saving_turns.TURNS.save_seconds()

    @extend_schema_field(PaperQuestionSerializer(many=True))
    def get_questions(self, attempt: Attempt) -> list[JSONObject]:
        rows: Any = PaperQuestionSerializer(papers.shown_paper(attempt), many=True).data
        return list(rows)

    @extend_schema_field(SolutionSerializer(many=True, allow_null=True))
    def get_solutions(self, attempt: Attempt) -> list[JSONObject] | None:
        try:
            solved: Sequence[SolvedQuestion] = papers.solved_paper(attempt)
        except RuleBroken:
            return None
        rows: Any = SolutionSerializer(solved, many=True).data
        return list(rows)


class NewAttemptView(KnownParametersOnly, APIView):
    """Attempts of this reader in a round."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="startContestAttempt",
        tags=["contests"],
        summary="Start an attempt and get its paper",
        description="A retry starts no other: an open attempt is returned as it is, and so is that of this `nonce`. "
        "Outside the round: 409 `round_not_open`; without an entry: 409 `no_entry`; after the last "
        "attempt: 409 `no_attempts_left`; after 200 within 24 hours, where their number has no limit: 429 "
        "`too_many_attempts`.",
        parameters=ROUND_PATH_PARAMETERS,
        request=NewAttemptSerializer,
        responses={
            200: OpenApiResponse(AttemptSerializer, "The attempt that is open, or was started with this nonce."),
            201: OpenApiResponse(AttemptSerializer, "Created."),
        },
    )
    def post(self, request: Request, key: str, number: str) -> Response:
        round = starting_round_or_404(key, number)
        serializer = NewAttemptSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        reader = calling_reader(request)
        attempt, created = services.start(round, reader, **serializer.validated_data)
        representation = AttemptSerializer(queries.attempt_of(reader, attempt.key)).data
        headers = {"Location": representation["url"]} if created else {}
        return Response(representation, status=201 if created else 200, headers=headers)


@extend_schema(tags=["contests"], parameters=ATTEMPT_PATH_PARAMETERS)
class AttemptView(KnownParametersOnly, APIView):
    """One attempt of this reader."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="getContestAttempt",
        summary="Get an attempt of this reader",
        responses=AttemptSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        return Response(AttemptSerializer(attempt_or_404(calling_reader(request), key)).data)


@extend_schema(tags=["contests"], parameters=ATTEMPT_PATH_PARAMETERS)
class AnswersView(KnownParametersOnly, APIView):
    """What is saved of an open attempt."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="saveContestAnswers",
        summary="Save the answers of an open attempt",
        description="A lower `seq` than the saved one changes nothing. Save every `save_seconds`, if something "
        "changed: if the attempt is never submitted, the answers saved last count. 503 `too_many_saves`: "
        "nothing is saved; send all answers again after `Retry-After`, or submit them, which is never "
        "refused so.",
        request=SavedAnswersSerializer,
        responses=SavedStateSerializer,
    )
    def put(self, request: Request, key: str) -> HttpResponse:
        turns, sent = saving_turns.TURNS, request.data  # a phone that sends slowly holds no turn
        try:
            with turns.turn():
                serializer = SavedAnswersSerializer(data=sent)
                serializer.is_valid(raise_exception=True)
                with attempt_not_found_as_404():
                    attempt = services.save_own(calling_reader(request), key, **serializer.validated_data)
        except saving_turns.TooManySaves as refusal:
            return failure_response(refusal)  # not raised: nobody needs a traceback of each in the log
        now = attempt.now  # type: ignore[attr-defined]  # a column that the query adds
        state = {"saved_seq": attempt.saved_seq, "now": now, "save_seconds": turns.save_seconds()}
        return Response(SavedStateSerializer(state).data)


@extend_schema(tags=["contests"], parameters=ATTEMPT_PATH_PARAMETERS)
class SubmissionView(KnownParametersOnly, APIView):
    """The submission of an attempt."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="submitContestAttempt",
        summary="Submit an attempt and get its receipt",
        description="A repeat returns the submission as it was. Answers with a lower `seq` than the saved one are not "
        "used; `saved_seq` says whose count. It is taken until 5 seconds after `deadline_at`; "
        "later: 409 `too_late`, and the answers saved last count.",
        request=SavedAnswersSerializer,
        responses=OutcomeSerializer,
    )
    def post(self, request: Request, key: str) -> Response:
        serializer = SavedAnswersSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with attempt_not_found_as_404():
            submitted, _now = services.submit_own(calling_reader(request), key, **serializer.validated_data)
        return Response(OutcomeSerializer(submitted).data)
