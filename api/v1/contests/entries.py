"""Entries: a reader takes part in a contest under a code, without a name."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KeyField, KnownFieldsOnly, StrictBooleanField, StrictCharField
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.choices import NamedChoiceField
from api.v1.contests.parameters import CONTEST_PATH_PARAMETERS, contest_or_404
from api.v1.reference.provinces import ProvinceLinkSerializer
from content.contest_results.models import Disqualification, Winner
from content.contest_results.states import WinnerStatus
from content.contests import queries
from content.contests.choices import AgeBand
from content.contests.models import Contest, Entry
from content.contests.models.contests import LABEL_LENGTH
from content.organisations.models import Province
from content.people.models import Reader
from notifications.follows import contest_entries


class NewEntrySerializer(KnownFieldsOnly, serializers.Serializer):
    """An entry. Nothing in it says who the contestant is."""

    age_band = NamedChoiceField(AgeBand.choices, help_text="Age of the contestant; nothing else is asked about it.")
    consent = StrictBooleanField(
        help_text="Consent to store the answers and the result for this contest. Without it: 409 `consent_required`."
    )
    bracket = StrictCharField(
        max_length=LABEL_LENGTH,
        allow_blank=True,
        default="",
        help_text="One of the brackets of the contest; empty where it has none.",
    )
    province = KeyField(
        queryset=Province.objects.all(),
        required=False,
        allow_null=True,
        default=None,
        help_text="Key of the province that the result counts for; null: none.",
    )
    unit = StrictCharField(
        max_length=LABEL_LENGTH,
        allow_blank=True,
        default="",
        help_text="One of the units of the contest that the result counts for; empty: none.",
    )


@extend_schema_serializer(component_name="ContestDisqualification")
class DisqualificationSerializer(serializers.ModelSerializer):
    """Why a contestant was taken out of the ranking, and what became of the objection."""

    objection = serializers.SerializerMethodField(help_text="What the contestant objected; null: nothing.")
    decision = serializers.SerializerMethodField(help_text="Decision on the objection, with reasons; null: none yet.")

    class Meta:
        model = Disqualification
        fields = ["at", "reason", "objection", "decision", "is_lifted"]
        read_only_fields = fields
        extra_kwargs = {
            "at": {"help_text": "Time of the decision. An objection is possible for 72 hours."},
            "reason": {"help_text": "Reason given to the contestant."},
            "is_lifted": {"help_text": "True: the contestant is ranked again."},
        }

    def get_objection(self, decision: Disqualification) -> str | None:
        return decision.objection or None

    def get_decision(self, decision: Disqualification) -> str | None:
        return decision.decision or None


@extend_schema_serializer(component_name="ContestEntry")
class EntrySerializer(serializers.ModelSerializer):
    """A reader's entry in a contest. Lists of ranks show its code only."""

    contest: serializers.SlugRelatedField[Contest] = serializers.SlugRelatedField(
        "key", read_only=True, help_text="Key of the contest."
    )
    url = serializers.SerializerMethodField()
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    age_band = serializers.ChoiceField(AgeBand.choices, read_only=True, help_text="Age of the contestant.")
    is_locked = serializers.SerializerMethodField(
        help_text="True: the entry is fixed, by the first attempt or a disqualification."
    )
    disqualification = serializers.SerializerMethodField(
        help_text="Why the contestant was taken out of the ranking; null: they were not."
    )

    is_identity_asked = serializers.SerializerMethodField(
        help_text="True: the contestant may get a prize and is asked who they are (`entry/identity`)."
    )

    class Meta:
        model = Entry
        fields = [
            "contest", "url", "code", "bracket", "province", "unit", "age_band", "consented_at", "entered_at",
            "is_locked", "disqualification", "is_identity_asked",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "code": {"help_text": "Code under which the contestant is public; another one in each contest."},
            "bracket": {"help_text": "Bracket in which the contestant is ranked; empty: the contest has none."},
            "unit": {"help_text": "Unit that the result counts for; empty: none."},
            "consented_at": {"help_text": "Time of the consent."},
            "entered_at": {"help_text": "Time of the first entry."},
        }

    def get_url(self, entry: Entry) -> str:
        return resource_urls.resource_url("contest-entry", key=entry.contest.key)

    def get_is_locked(self, entry: Entry) -> bool:
        return entry.disqualified_at is not None or entry.attempts.exists()

    @extend_schema_field(DisqualificationSerializer(allow_null=True))
    def get_disqualification(self, entry: Entry) -> JSONObject | None:
        decision: Any = entry.disqualifications.last()
        return DisqualificationSerializer(decision).data if decision else None

    def get_is_identity_asked(self, entry: Entry) -> bool:
        return Winner.objects.filter(entry=entry, status=WinnerStatus.ASKED).exists()


def entry_or_404(contest: Contest, reader: Reader) -> Entry:
    """The reader's entry in the contest. Raises Http404."""
    entry = queries.entry_of(reader, contest)
    if entry is None:
        raise Http404
    return entry


@extend_schema(tags=["contests"], parameters=CONTEST_PATH_PARAMETERS)
class EntryView(KnownParametersOnly, APIView):
    """The entry of this reader in a contest."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="getContestEntry", summary="Get this reader's entry in a contest", responses=EntrySerializer
    )
    def get(self, request: Request, key: str) -> Response:
        return Response(EntrySerializer(entry_or_404(contest_or_404(key), calling_reader(request))).data)

    @extend_schema(
        operation_id="enterContest",
        summary="Enter a contest",
        description="A repeat replaces the entry until the first attempt fixes it: then 409 `entry_locked`. Without a "
        "sign-in that the rules ask for: 409 `sign_in_required`. Disqualified: 409 `disqualified`.",
        request=NewEntrySerializer,
        responses={200: EntrySerializer, 201: OpenApiResponse(EntrySerializer, "Created.")},
    )
    def put(self, request: Request, key: str) -> Response:
        contest = contest_or_404(key)
        serializer = NewEntrySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        reader = calling_reader(request)
        _entry, created = contest_entries.enter(contest, reader, **serializer.validated_data)
        entry = entry_or_404(contest, reader)
        return Response(EntrySerializer(entry).data, status=201 if created else 200)

    @extend_schema(
        operation_id="withdrawContestEntry",
        summary="Withdraw this reader's entry",
        description="After the first attempt: 409 `entry_locked`. Disqualified: 409 `disqualified`.",
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, key: str) -> Response:
        contest_entries.withdraw(contest_or_404(key), calling_reader(request))
        return Response(status=204)
