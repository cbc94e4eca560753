"""What contestants reply to the organiser: an objection to a disqualification, and who a winner is."""

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.fields import KnownFieldsOnly, ReaderTextField, StrictBooleanField, StrictCharField
from api.parameters import KnownParametersOnly
from api.v1.contests.entries import EntrySerializer, entry_or_404
from api.v1.contests.exported_entries import WinnerIdentitySerializer
from api.v1.contests.parameters import CONTEST_PATH_PARAMETERS, contest_or_404
from content.contest_results import services
from content.contest_results.models import Winner
from content.contest_results.models.winners import CONTACT_LENGTH, NAME_LENGTH
from content.contest_results.services.fairness import MAX_TEXT
from content.contest_results.services.winners import DOCUMENT_LENGTH
from content.contest_results.states import WinnerStatus


class ObjectionSerializer(KnownFieldsOnly, serializers.Serializer):
    """An objection to a disqualification."""

    text = ReaderTextField(max_length=MAX_TEXT, help_text="What the contestant objects.")


@extend_schema_serializer(component_name="WinnerReply")
class WinnerReplySerializer(KnownFieldsOnly, serializers.Serializer):
    """Who a winner is. It is erased 90 days after the results."""

    name = ReaderTextField(max_length=NAME_LENGTH, help_text="Name of the winner.")
    contact = ReaderTextField(max_length=CONTACT_LENGTH, help_text="How to reach the winner.")
    document_number = ReaderTextField(
        max_length=DOCUMENT_LENGTH, help_text="Number of an identity document. Only a hash of it is stored."
    )
    consent = StrictBooleanField(help_text="Consent to store this until the prize is given.")
    naming_consent = StrictBooleanField(default=False, help_text="Consent to be named as a winner.")
    guardian_name = StrictCharField(
        max_length=NAME_LENGTH, allow_blank=True, default="", help_text="Name of the representative, under 16."
    )
    guardian_contact = StrictCharField(
        max_length=CONTACT_LENGTH, allow_blank=True, default="", help_text="How to reach the representative."
    )
    guardian_consent = StrictBooleanField(
        default=False, help_text="Consent of the representative to store this until the prize is given."
    )
    guardian_naming_consent = StrictBooleanField(
        default=False,
        help_text="Consent of the representative that the child is named. Without it the winner is published by code.",
    )


@extend_schema(tags=["contests"], parameters=CONTEST_PATH_PARAMETERS)
class ObjectionView(KnownParametersOnly, APIView):
    """The objection of this reader."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="objectToDisqualification",
        summary="Object to a disqualification",
        description="Possible for 72 hours; sent again, it replaces the former text. Another person decides.",
        request=ObjectionSerializer,
        responses=EntrySerializer,
    )
    def put(self, request: Request, key: str) -> Response:
        contest, reader = contest_or_404(key), calling_reader(request)
        serializer = ObjectionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.object_to_disqualification(entry_or_404(contest, reader), **serializer.validated_data)
        return Response(EntrySerializer(entry_or_404(contest, reader)).data)


@extend_schema(tags=["contests"], parameters=CONTEST_PATH_PARAMETERS)
class WinnerIdentityView(KnownParametersOnly, APIView):
    """Who this reader is, if they are asked as a winner."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="sayWhoTheWinnerIs",
        summary="Say who the winner is",
        description="Only for a winner who is asked (`is_identity_asked`): otherwise 404. Under 16 a representative "
        "must agree: 409 `guardian_required`.",
        request=WinnerReplySerializer,
        responses=WinnerIdentitySerializer,
    )
    def put(self, request: Request, key: str) -> Response:
        entry = entry_or_404(contest_or_404(key), calling_reader(request))
        winner = Winner.objects.filter(entry=entry, status=WinnerStatus.ASKED).first()  # others learn of no prize here
        if winner is None:
            raise Http404
        serializer = WinnerReplySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        identity = services.give_identity(winner, calling_reader(request), **serializer.validated_data)
        return Response(WinnerIdentitySerializer(identity).data)


@extend_schema(tags=["contests"], parameters=CONTEST_PATH_PARAMETERS)
class NamingConsentView(KnownParametersOnly, APIView):
    """Whether this reader agrees to be named as a winner."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="withdrawNaming",
        summary="Take back the consent to be named as a winner",
        description="A name that was published is taken out: the winner is shown by code, and stays one. A repeat "
        "changes nothing. Who was never asked as a winner: 404.",
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, key: str) -> Response:
        entry = entry_or_404(contest_or_404(key), calling_reader(request))
        winner = Winner.objects.filter(entry=entry, asked_at__isnull=False).first()
        if winner is None:
            raise Http404
        services.withdraw_naming(winner)
        return Response(status=204)
