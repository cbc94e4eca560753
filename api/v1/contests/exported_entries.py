"""What `me/export` shows of a reader's contests: entries, attempts with answers and receipts, and who winners are."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.types import JSONObject
from api.v1.contests.attempts import AnswersField, NonceField, OutcomeSerializer
from api.v1.contests.certificates import CertificateSerializer
from api.v1.contests.entries import EntrySerializer
from content.contest_certificates.models import Certificate
from content.contest_results.models import WinnerIdentity
from content.contests.models import Entry


@extend_schema_serializer(component_name="ExportedAttempt")
class ExportedAttemptSerializer(OutcomeSerializer):
    """An attempt of the reader in a contest."""

    round = serializers.IntegerField(source="round.number", help_text="Number of the round.")
    number = serializers.IntegerField(help_text="Number of the attempt in this round, from 1.")
    nonce = NonceField(help_text="The random bytes that the app sent, in hex.")
    prediction = serializers.IntegerField(allow_null=True, help_text="What the contestant predicted; null: nothing.")
    started_at = serializers.DateTimeField(help_text="Time of the start.")
    deadline_at = serializers.DateTimeField(help_text="End of the attempt.")
    answers = AnswersField(help_text="The answers that are saved.")


@extend_schema_serializer(component_name="ExportedWinnerIdentity")
class WinnerIdentitySerializer(serializers.ModelSerializer):
    """Who a winner is, as they said. Of the document only a hash is stored."""

    class Meta:
        model = WinnerIdentity
        fields = [
            "name", "contact", "guardian_name", "guardian_contact", "consented_at", "naming_consented_at",
            "guardian_consented_at", "guardian_naming_consented_at", "given_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "name": {"help_text": "Name of the winner."},
            "contact": {"help_text": "How to reach the winner."},
            "guardian_name": {"help_text": "Name of the representative of a child; empty: none."},
            "guardian_contact": {"help_text": "How to reach the representative; empty: none."},
            "consented_at": {"help_text": "Time of the consent."},
            "naming_consented_at": {"help_text": "Time of the consent to be named; null: none."},
            "guardian_consented_at": {"help_text": "Time of the representative's consent; null: none."},
            "guardian_naming_consented_at": {
                "help_text": "Time of the representative's consent that the child is named; null: none."
            },
            "given_at": {"help_text": "Time when the winner said it."},
        }


@extend_schema_serializer(component_name="ExportedContestEntry")
class ExportedEntrySerializer(EntrySerializer):
    """An entry of the reader in a contest, with all attempts."""

    attempts = serializers.SerializerMethodField(help_text="Attempts in all rounds, the first first.")
    certificates = serializers.SerializerMethodField(help_text="Certificates of the attempts, without the name.")
    identity = serializers.SerializerMethodField(help_text="Who the winner is; null: not asked, or not said.")

    class Meta(EntrySerializer.Meta):
        fields = [*EntrySerializer.Meta.fields, "attempts", "certificates", "identity"]
        read_only_fields = fields

    @extend_schema_field(ExportedAttemptSerializer(many=True))
    def get_attempts(self, entry: Entry) -> list[JSONObject]:
        attempts = list(entry.attempts.all())
        for attempt in attempts:
            attempt.round.contest = entry.contest
        rows: Any = ExportedAttemptSerializer(attempts, many=True).data
        return list(rows)

    @extend_schema_field(CertificateSerializer(many=True))
    def get_certificates(self, entry: Entry) -> list[JSONObject]:
        found = (
            Certificate.objects.filter(attempt__entry=entry).select_related("attempt__round__contest").order_by("pk")
        )
        rows: Any = CertificateSerializer(found, many=True).data
        return list(rows)

    @extend_schema_field(WinnerIdentitySerializer(allow_null=True))
    def get_identity(self, entry: Entry) -> JSONObject | None:
        identity = WinnerIdentity.objects.filter(winner__entry=entry).first()
        return WinnerIdentitySerializer(identity).data if identity else None
