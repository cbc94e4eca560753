"""Public contests: what they are about, their rules as data and in words, and their rounds."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.homes import HomeFilter, HomeSerializer
from api.pagination import StrictCursorPagination
from api.parameters import TrueOrFalseFilter
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.contests.parameters import CONTEST_KEY, CONTEST_PATH_PARAMETERS
from api.v1.contests.round_links import RoundLinkSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.contest_results.models import Winner
from content.contest_rules.sentences import rules_in_words
from content.contests import queries
from content.contests.choices import Identity, PredictionOf, RankingKey, ResultsShown, ScorePolicy
from content.contests.models import Contest
from content.contests.states import PUBLIC_STATUSES
from content.copies import url_at_home
from content.copying.contests import NamedWinner, named_winners
from content.organisations.models import Organisation, Province
from content.topics.choices import Audience
from content.topics.models import Topic

PUBLIC_STATUS_CHOICES = [(status.value, status.label) for status in PUBLIC_STATUSES]


class ContestPagination(StrictCursorPagination):
    parameters = (*StrictCursorPagination.parameters, "count")
    is_countable = True
    ordering = "-pk"


class ContestFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(
        choices=PUBLIC_STATUS_CHOICES, help_text="Status of the contest. Default: all, including cancelled ones."
    )
    open = TrueOrFalseFilter(
        method="filter_open", help_text="`true`: a round is open now. `false`: no parameter, the same as without it."
    )
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; includes its headings. Repeat it to match any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    organisation = extend_schema_field(
        {"type": "string", "description": "Key of the organisation that holds the contest."}
    )(django_filters.ModelChoiceFilter(queryset=Organisation.objects.all(), to_field_name="key"))
    province = extend_schema_field({"type": "string", "description": "Key of the province that the contest is for."})(
        django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key")
    )
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, method="filter_audience", help_text="One of the audiences of the contest."
    )
    home = HomeFilter()
    q = django_filters.CharFilter(
        method="filter_q",
        max_length=200,
        help_text="Words of the title, description, prizes, topics or organiser; accents are optional, all must match.",
    )

    class Meta:
        model = Contest
        fields: list[str] = []  # filters are listed above

    def filter_open(self, queryset: QuerySet[Contest], name: str, wanted: bool) -> QuerySet[Contest]:
        return queries.open_contests(queryset) if wanted else queryset

    def filter_topic(self, queryset: QuerySet[Contest], name: str, topics: Sequence[Topic]) -> QuerySet[Contest]:
        return queries.contests_about(queryset, topics) if topics else queryset

    def filter_audience(self, queryset: QuerySet[Contest], name: str, audience: str) -> QuerySet[Contest]:
        return queryset.filter(audiences__contains=[audience])

    def filter_q(self, queryset: QuerySet[Contest], name: str, words: str) -> QuerySet[Contest]:
        return queries.contests_matching(queryset, words)


class ContestLinkSerializer(serializers.ModelSerializer):
    """A link to a contest."""

    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()
    status = serializers.ChoiceField(PUBLIC_STATUS_CHOICES, read_only=True)

    class Meta:
        model = Contest
        fields = ["key", "url", "page_url", "title", "status"]
        read_only_fields = fields

    def get_url(self, contest: Contest) -> str:
        return resource_urls.contest_url(contest)

    def get_page_url(self, contest: Contest) -> str:
        return resource_urls.contest_page_url(contest)


@extend_schema_serializer(component_name="ContestSummary")
class ContestSerializer(HomeSerializer, ContestLinkSerializer):
    """A contest in a list."""

    path_of_copies = "contests"
    status = serializers.ChoiceField(
        PUBLIC_STATUS_CHOICES, read_only=True, help_text="`cancelled`: see `cancel_reason`."
    )
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    topics = TopicLinkSerializer(many=True, read_only=True)
    audiences = serializers.ListField(child=serializers.ChoiceField(Audience.choices), read_only=True)
    rounds = RoundLinkSerializer(many=True, read_only=True, help_text="Rounds of the contest, in their order.")
    updated_at = serializers.DateTimeField(
        source="changed_at", read_only=True, help_text="Time of the last change, entries and attempts excluded."
    )

    class Meta:
        model = Contest
        fields = [
            "key", "url", "page_url", "title", "status", "status_name", "cancel_reason", "organisation", "province",
            "topics", "audiences", "rounds", "is_sample", "announced_at", "updated_at", "home", "home_url",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {"is_sample": {"help_text": "True for a sample contest without prizes."}}


class ContestRulesSerializer(serializers.ModelSerializer):
    """The rules of a contest. What decides the ranks is fixed when it is announced."""

    score_policy = serializers.ChoiceField(
        ScorePolicy.choices, read_only=True, help_text="Which of several attempts of a contestant counts."
    )
    ranking = serializers.ListField(
        child=serializers.ChoiceField(RankingKey.choices),
        read_only=True,
        help_text="What contestants are ranked by, in this order. Equal results share a rank.",
    )
    prediction_of = serializers.SerializerMethodField(
        help_text="What contestants may predict when they start an attempt; null: nothing."
    )
    results_shown = serializers.ChoiceField(
        ResultsShown.choices, read_only=True, help_text="When contestants see their result, and everybody the ranks."
    )
    identity = serializers.ChoiceField(Identity.choices, read_only=True, help_text="Who takes part once.")
    brackets = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Groups that are ranked apart; a contestant chooses one. Empty: none.",
    )
    units = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Schools, offices or the like that a contestant may name; empty: none.",
    )

    class Meta:
        model = Contest
        fields = [
            "max_attempts", "score_policy", "ranking", "prediction_of", "results_shown", "identity", "brackets",
            "units", "min_age", "max_age",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "max_attempts": {"help_text": "Number of attempts in a round that is ranked; null: any number."},
            "min_age": {"help_text": "Lowest age in whole years; null: no limit."},
            "max_age": {"help_text": "Highest age in whole years; null: no limit."},
        }

    @extend_schema_field(serializers.ChoiceField([each for each in PredictionOf.choices if each[0]], allow_null=True))
    def get_prediction_of(self, contest: Contest) -> str | None:
        return contest.prediction_of or None


@extend_schema_serializer(component_name="ContestWinner")
class WinnerSerializer(serializers.ModelSerializer):
    """A winner whom the organiser has named."""

    code = serializers.CharField(read_only=True, help_text="Code of the contestant.")
    name = serializers.SerializerMethodField(
        help_text="Name of the winner; null: they did not agree to be named, or this is a copy: its home names them."
    )

    class Meta:
        model = Winner
        fields = ["position", "code", "prize", "name"]
        read_only_fields = fields
        extra_kwargs = {
            "position": {"help_text": "Position in the list of winners, from 1."},
            "prize": {"help_text": "The prize in words."},
        }

    def get_name(self, winner: NamedWinner) -> str | None:
        return winner.name or None


@extend_schema_serializer(component_name="ContestDetail")
class ContestDetailSerializer(ContestSerializer):
    """One contest with its rules as data and in words."""

    rules = ContestRulesSerializer(source="*", read_only=True, help_text="The rules as data. They decide.")
    rules_in_words = serializers.SerializerMethodField(help_text="The rules in sentences, in the requested language.")
    leaderboard_url = serializers.SerializerMethodField(help_text="URL of the lists of ranks; of a copy at its home.")
    winners = serializers.SerializerMethodField(help_text="Winners whom the organiser has named; empty: none yet.")

    class Meta(ContestSerializer.Meta):
        fields = [
            *ContestSerializer.Meta.fields, "text", "prizes", "rules", "rules_in_words", "results_published_at",
            "leaderboard_url", "winners",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            **ContestSerializer.Meta.extra_kwargs,
            "text": {"help_text": "Description of the contest."},
            "prizes": {"help_text": "Prizes in words; may be empty."},
            "results_published_at": {"help_text": "Time when the organiser published the results; null: not yet."},
        }

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_rules_in_words(self, contest: Contest) -> list[str]:
        return rules_in_words(contest)

    def get_leaderboard_url(self, contest: Contest) -> str:
        at_home = url_at_home(contest.home, f"/api/v1/contests/{contest.key}/leaderboard")
        return at_home or f"{resource_urls.contest_url(contest)}/leaderboard"

    @extend_schema_field(WinnerSerializer(many=True))
    def get_winners(self, contest: Contest) -> list[JSONObject]:
        rows: Any = WinnerSerializer(named_winners(contest), many=True).data
        return list(rows)


@extend_schema(tags=["contests"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listContests", summary="List contests, the newest first"),
)
class ContestViewSet(PublicReadOnlyViewSet):
    """Announced contests, cancelled ones too."""

    serializer_class = ContestSerializer
    filterset_class = ContestFilter
    pagination_class = ContestPagination
    lookup_value_regex = CONTEST_KEY
    queryset = Contest.objects.none()  # tells drf-spectacular the model

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return ("fields",)

    def get_serializer_class(self) -> type[ContestSerializer]:
        return ContestDetailSerializer if self.action == "retrieve" else ContestSerializer

    def get_queryset(self) -> QuerySet[Contest]:
        return queries.public_contests()

    @extend_schema(
        operation_id="getContest",
        summary="Get one contest with its rules",
        parameters=CONTEST_PATH_PARAMETERS,
        responses=ContestDetailSerializer,
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)  # without Last-Modified: rounds follow the clock
