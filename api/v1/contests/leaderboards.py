"""Lists of ranks: by person, province and unit, and the rank of the caller."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.caching import PublicReadMixin
from api.negotiation import PROBLEM_MEDIA_TYPE
from api.pagination import MAX_PAGE_SIZE, cursor_fields, invalid_cursor, link_header
from api.parameters import KnownParametersOnly, requested_integer
from api.types import JSONObject
from api.v1.choices import values_message
from api.v1.contests.entries import entry_or_404
from api.v1.contests.parameters import CONTEST_PATH_PARAMETERS, contest_or_404, round_or_404
from api.v1.contests.rounds import NOT_YET
from api.v1.reference.provinces import ProvinceLinkSerializer
from content.contest_results import boards
from content.contest_results.boards import GroupRow, Place
from content.contest_results.models import Standing
from content.contests.choices import GroupKind
from content.contests.models import Contest, Round
from content.errors import RuleBroken

PERSON = "person"
BY = (PERSON, GroupKind.PROVINCE.value, GroupKind.UNIT.value)
PAGE_SIZE = 20
MAX_CURSOR = 10**6  # of a list of groups: there are at most some thousand
ROUND_PARAMETER = OpenApiParameter(
    "round",
    {"type": "integer", "minimum": 1, "maximum": 9999},
    description="Number of a round. Default: the contest as a whole.",
)


@extend_schema_serializer(component_name="RankedPerson")
class PersonSerializer(serializers.ModelSerializer):
    """The result of a contestant. There is no name."""

    code = serializers.CharField(source="entry.code", read_only=True, help_text="Code of the contestant.")
    province = ProvinceLinkSerializer(read_only=True, allow_null=True, help_text="Province; null: none.")

    class Meta:
        model = Standing
        fields = ["code", "province", "correct", "duration_ms", "submitted_at", "attempts"]
        read_only_fields = fields
        extra_kwargs = {
            "correct": {"help_text": "Number of right answers in the attempt that counts; of several rounds the sum."},
            "duration_ms": {"help_text": "Time taken, in milliseconds; of several rounds the sum."},
            "submitted_at": {"help_text": "Time of the submission that counts, of several rounds the last one."},
            "attempts": {"help_text": "Number of attempts made."},
        }


@extend_schema_serializer(component_name="RankedGroup")
class GroupSerializer(serializers.Serializer):
    """The results of a province or a unit together."""

    key = serializers.CharField(
        help_text="Key of the province, or the unit; empty: units with less than 5 contestants."
    )
    name = serializers.CharField(help_text="Name of the province or unit; «khác»: small units together.")
    contestants = serializers.IntegerField(help_text="Number of contestants.")
    attempts = serializers.IntegerField(help_text="Number of attempts.")
    correct_sum = serializers.IntegerField(max_value=2**53, help_text="Sum of right answers, of one attempt each.")


@extend_schema_serializer(component_name="RankedRow")
class RowSerializer(serializers.Serializer):
    """A row of a list of ranks: of a person, or of a group."""

    rank = serializers.IntegerField(
        allow_null=True, help_text="Final rank. Equal results share one. Null: not final, or a group."
    )
    person = PersonSerializer(allow_null=True, help_text="The contestant; null in a list of groups.")
    group = GroupSerializer(allow_null=True, help_text="The province or unit; null in a list of people.")


@extend_schema_serializer(component_name="Leaderboard")
class LeaderboardSerializer(serializers.Serializer):
    """One page of a list of ranks."""

    next = serializers.URLField(allow_null=True, help_text="URL of the next page; null: this is the last.")
    previous = serializers.URLField(allow_null=True, help_text="Always null: the list is read forwards.")
    results = RowSerializer(many=True, help_text="Best results first; groups with most contestants first.")
    is_final = serializers.BooleanField(help_text="False: contestants still compete.")


@extend_schema_serializer(component_name="ContestStanding")
class StandingSerializer(serializers.Serializer):
    """The rank of a contestant in their bracket."""

    rank = serializers.IntegerField(allow_null=True, help_text="The rank now; null: no counted result yet.")
    of = serializers.IntegerField(allow_null=True, help_text="Number of contestants with a result; null as `rank`.")
    is_final = serializers.BooleanField(help_text="False: the rank may still change.")


def _asked_round(request: Request, contest: Contest) -> Round | None:
    """The round that the request names, else what stands for the whole contest. Raises Http404, ValidationError."""
    number = requested_integer(request, "round", 1, 9999, default=0)
    return boards.counted_round(contest, round_or_404(contest.key, str(number)) if number else None)


def _refuse_hidden(contest: Contest, round: Round | None) -> None:
    if not boards.is_board_open(contest, round):
        raise RuleBroken("results_not_shown", _("The ranks are not shown yet, or the round is not ranked."))


class LeaderboardView(PublicReadMixin, KnownParametersOnly, APIView):
    """The ranks of a contest."""

    extra_parameters = ("round", "bracket", "by", "cursor", "page_size")

    @extend_schema(
        operation_id="getLeaderboard",
        tags=["contests"],
        auth=[],
        summary="List the ranks of a contest by person, province or unit",
        description="People are listed by code, without those under 16. Units with less than five contestants are one "
        "row, in the whole contest only. Before the rules show ranks: 409 `results_not_shown`.",
        parameters=[
            *CONTEST_PATH_PARAMETERS,
            ROUND_PARAMETER,
            OpenApiParameter(
                "bracket", {"type": "string", "maxLength": 200},
                description="One of the brackets of the contest. Required for people where there are brackets.",
            ),
            OpenApiParameter("by", str, enum=BY, default=PERSON, description="What is ranked."),
            OpenApiParameter(
                "cursor", {"type": "string", "pattern": "^[A-Za-z0-9+/]+=*$"},
                description="Position in the list, from `next` of another page.",
            ),
            OpenApiParameter(
                "page_size", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
                description="Number of results per page.",
            ),
        ],
        responses={200: LeaderboardSerializer, (409, PROBLEM_MEDIA_TYPE): NOT_YET},
    )  # fmt: skip
    def get(self, request: Request, key: str) -> Response:
        contest = contest_or_404(key)
        by = _asked_grouping(request)
        bracket = _asked_bracket(request, contest, is_required=by == PERSON)
        size = requested_integer(request, "page_size", 1, MAX_PAGE_SIZE, default=PAGE_SIZE)
        round = _asked_round(request, contest)
        _refuse_hidden(contest, round)
        if by == PERSON:
            rows, cursor = _people(request, contest, round, bracket or "", size)
        else:
            rows, cursor = _groups(request, boards.group_board(contest, round, GroupKind(by), bracket), size)
        following = _address_with(request, cursor) if cursor else None
        page = {"next": following, "previous": None, "results": rows, "is_final": boards.is_final(contest, round)}
        return Response(LeaderboardSerializer(page).data, headers={"Link": link_header(next=following)})


class StandingView(KnownParametersOnly, APIView):
    """The rank of this reader."""

    permission_classes = [IsDevice]
    extra_parameters = ("round",)

    @extend_schema(
        operation_id="getContestStanding",
        tags=["contests"],
        summary="Get this reader's rank in a contest",
        description="Without an entry: 404. Before the rules show results: 409 `results_not_shown`.",
        parameters=[*CONTEST_PATH_PARAMETERS, ROUND_PARAMETER],
        responses={200: StandingSerializer, (409, PROBLEM_MEDIA_TYPE): NOT_YET},
    )
    def get(self, request: Request, key: str) -> Response:
        contest = contest_or_404(key)
        entry = entry_or_404(contest, calling_reader(request))
        round = _asked_round(request, contest)
        _refuse_hidden(contest, round)
        own = boards.own_rank(entry, round)
        shown = {"rank": own and own.rank, "of": own and own.of, "is_final": own is not None and own.is_final}
        return Response(StandingSerializer(shown).data)


def _asked_grouping(request: Request) -> str:
    by = request.query_params.get("by", PERSON)
    if by not in BY:
        raise ValidationError({"by": [values_message(BY)]}, code="invalid_choice")
    return by


def _asked_bracket(request: Request, contest: Contest, *, is_required: bool) -> str | None:
    """The bracket that the request names; None: all of them. Raises ValidationError for one that there is not."""
    bracket = request.query_params.get("bracket")
    if bracket is None and not (is_required and contest.brackets):
        return None
    if bracket not in contest.brackets:
        code = "required" if bracket is None else "invalid_choice"
        raise ValidationError({"bracket": [values_message(contest.brackets or ["-"])]}, code=code)
    return bracket


def _people(
    request: Request, contest: Contest, round: Round | None, bracket: str, size: int
) -> tuple[list[JSONObject], str | None]:
    """(rows of this page, cursor of the next or None)."""
    board = boards.people_board(contest, round, bracket, after=_asked_place(request))
    standings = list(board[: size + 1])
    rows = [{"rank": each.rank, "person": each, "group": None} for each in standings[:size]]
    if len(standings) <= size:
        return rows, None
    last = standings[size - 1]
    return rows, _cursor(k=bytes(last.order_key).hex(), p=str(last.pk))


def _groups(request: Request, groups: Sequence[GroupRow], size: int) -> tuple[list[JSONObject], str | None]:
    """As `_people`, for a list that is already there."""
    first = _asked_offset(request)
    rows = [{"rank": None, "person": None, "group": each} for each in groups[first : first + size]]
    return rows, _cursor(o=str(first + size)) if len(groups) > first + size else None


def _cursor(**fields: str) -> str:
    return b64encode(urlencode(fields).encode()).decode()


def _asked_place(request: Request) -> Place | None:
    encoded = request.query_params.get("cursor")
    if encoded is None:
        return None
    fields = cursor_fields(encoded)
    try:
        place = Place(bytes.fromhex(fields["k"]), int(fields["p"]))
    except (KeyError, ValueError):
        raise invalid_cursor() from None
    if not 0 <= place.pk < 2**63 or len(place.order_key) > 100:
        raise invalid_cursor()
    return place


def _asked_offset(request: Request) -> int:
    encoded = request.query_params.get("cursor")
    if encoded is None:
        return 0
    offset = cursor_fields(encoded).get("o", "")
    if not (offset.isascii() and offset.isdigit() and int(offset[:8]) <= MAX_CURSOR):
        raise invalid_cursor()
    return int(offset[:8])


def _address_with(request: Request, cursor: str) -> str:
    """This URL with another cursor; never the Host header."""
    parameters: Any = request.query_params.copy()
    parameters["cursor"] = cursor
    return f"{settings.PUBLIC_URL}{request.path}?{parameters.urlencode()}"
