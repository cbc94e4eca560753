"""Rounds of contests: their questions are fixed before they begin, and after their end anyone derives them again."""

import datetime
from operator import attrgetter
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.limits.throttles import throttle_bulk_requests
from api.negotiation import PROBLEM_MEDIA_TYPE, IgnoreAcceptNegotiation
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.contests.contests import ContestLinkSerializer
from api.v1.contests.parameters import ROUND_PATH_PARAMETERS, round_or_404
from api.v1.contests.round_links import RoundLinkSerializer
from content.contest_papers import paper
from content.contest_results import proof
from content.contests import queries
from content.contests.choices import RankingKey, ScorePolicy
from content.contests.models import Round, RoundQuestion
from content.contests.states import ContestStatus, RoundStatus
from content.copies import url_at_home
from content.copying.contests import draw_at_home
from content.question_banks.models import QuizKind
from content.topics.models import Topic

NOT_YET = OpenApiResponse(
    {"$ref": "#/components/schemas/Problem"}, "A rule does not allow the request now. `code` names the rule."
)
SHA256_HELP = "SHA-256, hex; null: not frozen yet."


@extend_schema_serializer(component_name="ContestSection")
class SectionSerializer(serializers.Serializer):
    """A part of a paper: so many questions drawn from those about a topic."""

    topic = serializers.CharField(help_text="Key of the topic; empty: any question of the bank.")
    topic_name = serializers.CharField(help_text="Name of the topic, in Vietnamese; empty: any.")
    count = serializers.IntegerField(min_value=1, help_text="Number of questions on each paper.")


@extend_schema_serializer(component_name="VoidedContestQuestion")
class VoidedQuestionSerializer(serializers.ModelSerializer):
    """A question that counts for nobody. The proof shows its words."""

    reason = serializers.CharField(source="void_reason", read_only=True, help_text="Why it counts for nobody.")

    class Meta:
        model = RoundQuestion
        fields = ["hash", "reason", "voided_at"]
        read_only_fields = fields
        extra_kwargs = {
            "hash": {"help_text": "Salted hash of the question, as in the proof."},
            "voided_at": {"help_text": "Time when it was voided."},
        }


@extend_schema_serializer(component_name="ContestRound")
class RoundSerializer(RoundLinkSerializer):
    """One round, what a paper is made of, and the hashes that fix its draw."""

    contest = ContestLinkSerializer(read_only=True)
    paper_size = serializers.IntegerField(read_only=True, help_text="Number of questions on each paper.")
    sections = serializers.SerializerMethodField(help_text="Parts of a paper, in their order.")
    algorithm = serializers.SerializerMethodField(help_text="Name of the algorithm that derives papers from the seed.")
    seed_hash = serializers.SerializerMethodField(
        help_text=f"Hash of the seed, published before the round begins. {SHA256_HELP}"
    )
    pool_hash = serializers.SerializerMethodField(help_text=f"Hash of all questions of the round. {SHA256_HELP}")
    pool_size = serializers.SerializerMethodField(
        help_text="Number of questions from which papers are drawn; null: not frozen yet."
    )
    voided = serializers.SerializerMethodField(help_text="Questions that count for nobody; empty: none.")
    proof_url = serializers.SerializerMethodField(
        help_text="URL of the proof, of a copy at its home; null: not published yet."
    )
    proof_file_url = serializers.SerializerMethodField(
        help_text="URL of the file with a line for each attempt; null: not published yet."
    )

    class Meta(RoundLinkSerializer.Meta):
        fields = [
            *RoundLinkSerializer.Meta.fields, "contest", "paper_size", "sections", "algorithm", "frozen_at",
            "seed_hash", "pool_hash", "pool_size", "voided", "closed_at", "turnout", "proof_url", "proof_file_url",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            **RoundLinkSerializer.Meta.extra_kwargs,
            "frozen_at": {"help_text": "Time when the questions were fixed; null: not yet."},
            "closed_at": {"help_text": "Time when the ranks were final; null: not yet."},
            "turnout": {"help_text": "What contestants predicted, counted at the end; null: not yet, or not asked."},
        }

    @extend_schema_field(SectionSerializer(many=True))
    def get_sections(self, round: Round) -> list[JSONObject]:
        names = dict(
            Topic.objects.filter(key__in=[each["topic"] for each in round.sections]).values_list("key", "name")
        )
        return [
            {"topic": each["topic"], "topic_name": names.get(each["topic"], ""), "count": each["count"]}
            for each in round.sections
        ]

    def get_algorithm(self, round: Round) -> str:
        return paper.ALGORITHM

    def get_seed_hash(self, round: Round) -> str | None:
        return round.seed_hash or None

    def get_pool_hash(self, round: Round) -> str | None:
        return round.pool_hash or None

    def get_pool_size(self, round: Round) -> int | None:
        if round.is_copied:
            return draw_at_home(round).pool_size
        return round.questions.count() if round.is_frozen else None

    @extend_schema_field(VoidedQuestionSerializer(many=True))
    def get_voided(self, round: Round) -> list[JSONObject]:
        voided = round.questions.exclude(voided_at=None).order_by("voided_at")
        rows: Any = VoidedQuestionSerializer(_voided_at_home(round) if round.is_copied else voided, many=True)
        return list(rows.data)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_proof_url(self, round: Round) -> str | None:
        return self._url_of(round, "proof")

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_proof_file_url(self, round: Round) -> str | None:
        return self._url_of(round, "proof.jsonl.gz")

    def _url_of(self, round: Round, name: str) -> str | None:
        """Of a copy at its home, which may show it later: while another contest there asks the same questions."""
        if round.is_copied:
            path = f"/api/v1/contests/{round.contest.key}/rounds/{round.number}/{name}"
            return url_at_home(round.contest.home, path) if _shows_proof_at_home(round) else None
        return f"{resource_urls.contest_round_url(round)}/{name}" if self.context["has_proof"] else None


def _shows_proof_at_home(round: Round) -> bool:
    """Whether the home of a copied round shows its proof: after the end, or once it published the seed at a cancel."""
    if round.contest.status == ContestStatus.CANCELLED:
        return bool(draw_at_home(round).seed)
    return round.status == RoundStatus.CLOSED and round.shows_results


def _voided_at_home(round: Round) -> list[RoundQuestion]:
    """The voided questions of a copied round as its home tells them, unsaved."""
    found = [
        RoundQuestion(
            hash=each["hash"],
            void_reason=each["reason"],
            voided_at=datetime.datetime.fromisoformat(each["voided_at"]),
        )
        for each in draw_at_home(round).voided
    ]
    return sorted(found, key=attrgetter("voided_at"))


class ProvenQuestionSerializer(serializers.Serializer):
    """A question as its hash covers it."""

    key = serializers.CharField(help_text="Key of the question in the bank.")
    revision = serializers.IntegerField(help_text="Number of its revision.")
    kind = serializers.ChoiceField(QuizKind.choices, help_text="Kind of question.")
    text = serializers.CharField(help_text="The question.")
    choices = serializers.ListField(child=serializers.CharField(), help_text="Choices in the order of the bank.")
    right = serializers.IntegerField(allow_null=True, help_text="Number of the right choice, from 1; null: no choices.")
    accepted = serializers.ListField(child=serializers.CharField(), help_text="Right texts of a question to fill in.")
    accents_count = serializers.BooleanField(help_text="Whether accents count in a text that is filled in.")
    keeps_order = serializers.BooleanField(help_text="True: its choices are not shuffled.")


class PoolEntrySerializer(serializers.Serializer):
    """A question of the pool with what its hash was made of."""

    position = serializers.IntegerField(help_text="Position in the pool, from 0.")
    section = serializers.IntegerField(help_text="Position of its section in `sizes`, from 0.")
    salt = serializers.CharField(help_text="Salt of its hash, hex.")
    hash = serializers.CharField(help_text="SHA-256 of the salt and the question, hex.")
    question = ProvenQuestionSerializer(help_text="The question.")


@extend_schema_serializer(component_name="ContestProof")
class ProofSerializer(serializers.Serializer):
    """What derives every paper and rank of a closed round again."""

    algorithm = serializers.CharField(help_text="Name of the algorithm.")
    contest = serializers.CharField(help_text="Key of the contest.")
    round = serializers.IntegerField(help_text="Number of the round.")
    seed_hash = serializers.CharField(help_text="SHA-256 of the seed, hex, as published before the round.")
    pool_hash = serializers.CharField(help_text="SHA-256 of the hashes of the pool, hex, as published before.")
    pool_size = serializers.IntegerField(help_text="Number of questions in the pool.")
    sizes = serializers.ListField(
        child=serializers.IntegerField(), help_text="Number of questions that a paper has of each section."
    )
    seed = serializers.CharField(help_text="The seed, hex.")
    ranking = serializers.ListField(child=serializers.ChoiceField(RankingKey.choices), help_text="As in the rules.")
    score_policy = serializers.ChoiceField(ScorePolicy.choices, help_text="Which attempt counts, as in the rules.")
    is_ranked = serializers.BooleanField(help_text="False: practice, or cancelled before its end; no ranks.")
    turnout = serializers.IntegerField(
        allow_null=True, help_text="What contestants predicted, counted; null: nothing was predicted."
    )
    voided = serializers.ListField(
        child=serializers.IntegerField(), help_text="Positions in the pool of questions that count for nobody."
    )
    pool = PoolEntrySerializer(many=True, help_text="All questions of the round.")


class RoundView(PublicReadMixin, KnownParametersOnly, APIView):
    """One round of a contest."""

    @extend_schema(
        operation_id="getContestRound",
        tags=["contests"],
        auth=[],
        summary="Get one round of a contest",
        parameters=ROUND_PATH_PARAMETERS,
        responses=RoundSerializer,
    )
    def get(self, request: Request, key: str, number: str) -> Response:
        round = round_or_404(key, number)
        return Response(RoundSerializer(round, context={"has_proof": queries.publishes_proof(round)}).data)


class ProofView(PublicReadMixin, KnownParametersOnly, APIView):
    """The proof of a closed round."""

    @extend_schema(
        operation_id="getContestProof",
        tags=["contests"],
        auth=[],
        summary="Get the seed, the salts and the questions of a closed round",
        description="With `proof.jsonl.gz` and `verifying.py`, which needs only Python, anyone derives every paper "
        "and rank of the round. Before its end: 409 `round_not_closed`; before results are shown: 409 "
        "`results_not_shown`; while another round asks one of its questions: 409 `answers_still_secret`. A round "
        "whose contest was cancelled after somebody had begun has a proof too, without ranks.",
        parameters=ROUND_PATH_PARAMETERS,
        responses={200: ProofSerializer, (409, PROBLEM_MEDIA_TYPE): NOT_YET},
    )
    def get(self, request: Request, key: str, number: str) -> Response:
        round = round_or_404(key, number)
        return Response(proof.round_proof(round))


class ProofFileView(KnownParametersOnly, APIView):
    """The attempts of a closed round."""

    authentication_classes = []
    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="getContestProofFile",
        tags=["contests"],
        auth=[],
        summary="Download a line for each attempt of a closed round",
        description="Gzipped JSON Lines: code, bracket, number, nonce, hash of the paper, right answers, duration, "
        "prediction, time of submission, hash of the receipt, rank. No name, no answer. Refused as the "
        "proof is, and while a large one is packed: 409 `proof_not_packed`.",
        parameters=ROUND_PATH_PARAMETERS,
        responses={
            (200, "application/gzip"): OpenApiResponse(OpenApiTypes.BINARY, "The whole file."),
            (409, PROBLEM_MEDIA_TYPE): NOT_YET,
        },
    )
    def get(self, request: Request, key: str, number: str) -> StreamingHttpResponse:
        throttle_bulk_requests(request)
        round = round_or_404(key, number)
        name = f"{round.contest.key}-{round.number}-proof.jsonl.gz"
        response = StreamingHttpResponse(proof.proof_file(round), content_type="application/gzip")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
