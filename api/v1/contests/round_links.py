"""A round of a contest in short, as its contest and other resources show it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.v1 import resource_urls
from content.contests.models import Round
from content.contests.states import ContestStatus, RoundStatus

# as everybody sees them: by the clock, whatever the worker has recorded yet
ROUND_STATUSES = ("planned", "frozen", "open", "ended", "closed", "cancelled")


def public_status(round: Any) -> str:
    """What everybody sees of the status of a round of `public_contests`, at its `now`. Needs its contest."""
    if round.status == RoundStatus.CLOSED:
        return "closed"
    if round.contest.status == ContestStatus.CANCELLED:
        return "cancelled"
    if not round.is_frozen:
        return "planned"
    if round.now < round.starts_at:
        return "frozen"
    return "open" if round.now < round.ends_at else "ended"


@extend_schema_serializer(component_name="ContestRoundLink")
class RoundLinkSerializer(serializers.ModelSerializer):
    """A link to a round with its time and status."""

    url = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField(help_text="Status of the round at the time of this response.")

    class Meta:
        model = Round
        fields = ["number", "url", "title", "status", "starts_at", "ends_at", "seconds", "is_practice"]
        read_only_fields = fields
        extra_kwargs = {
            "number": {"help_text": "Number of the round, from 1."},
            "title": {"help_text": "Title of the round; may be empty."},
            "ends_at": {"help_text": "End, exclusive: «24h00» of a day is 00:00 of the next."},
            "seconds": {"help_text": "Time for an attempt, in seconds."},
            "is_practice": {"help_text": "True: for practice, not ranked."},
        }

    def get_url(self, round: Round) -> str:
        return resource_urls.contest_round_url(round)

    @extend_schema_field(serializers.ChoiceField(ROUND_STATUSES))
    def get_status(self, round: Round) -> str:
        return public_status(round)
