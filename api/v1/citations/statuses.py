"""Documents that somebody names: which are meant, and whether they are in force."""

import datetime
from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.fields import KeyField, KnownFieldsOnly, StrictCharField
from api.parameters import KnownParametersOnly, requested_as_of
from api.types import JSONObject
from api.v1.citations.candidates import CandidateRepresentations, CandidateSerializer
from api.v1.citations.limits import throttle_citations
from api.v1.day_parameters import AS_OF_PARAMETER, AsOfField
from content.mentions.resolver import (
    Certainty,
    NamedCandidates,
    documents_of_name,
    documents_of_number,
    documents_of_references,
)
from content.organisations.models import Province
from content.permanent_addresses.lookup import documents_of_address
from content.permanent_addresses.paths import Scheme
from content.vietnam_time import today

MAX_REFERENCES = 50
MAX_LETTERS = 300  # of one reference


class DocumentStatusesSerializer(KnownFieldsOnly, serializers.Serializer):
    """References to documents."""

    references = serializers.ListField(
        child=StrictCharField(max_length=MAX_LETTERS), min_length=1, max_length=MAX_REFERENCES,
        help_text="Keys, official numbers or names with year: «31/2024/QH15», «Luật Đất đai năm 2024».",
    )  # fmt: skip
    as_of = AsOfField(required=False, allow_null=True)


class ReferencedDocumentsSerializer(serializers.Serializer):
    """The documents that one reference may mean."""

    reference = serializers.CharField(help_text="The reference as it was sent.")
    certainty = serializers.ChoiceField([(each.value, each.value) for each in Certainty])
    candidates = CandidateSerializer(many=True, help_text="Most likely first; at most five.")


class DocumentStatusesResultSerializer(serializers.Serializer):
    """One entry for each reference, in the order of the request."""

    as_of = serializers.DateField(help_text="Day to which effects refer.")
    results = ReferencedDocumentsSerializer(many=True, help_text="What each reference may mean, in their order.")


class DocumentStatusesView(KnownParametersOnly, APIView):
    """The effect of many documents at once."""

    authentication_classes = []

    @extend_schema(
        operation_id="getDocumentStatuses",
        tags=["citations"],
        summary="Get the effect of up to 50 documents",
        description="A reference that fits several documents gets all of them: none is chosen.",
        auth=[],
        request=DocumentStatusesSerializer,
        responses=DocumentStatusesResultSerializer,
    )
    def post(self, request: Request) -> Response:
        throttle_citations(request)
        serializer = DocumentStatusesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        day = serializer.validated_data.get("as_of") or today()
        references = serializer.validated_data["references"]
        found = documents_of_references(references, day)
        candidates = CandidateRepresentations([each.document for one in found for each in one.candidates], day)
        results = [
            {"reference": reference, **named_representation(one, candidates)}
            for reference, one in zip(references, found, strict=True)
        ]
        return Response({"as_of": day, "results": results})


class LookupResultSerializer(serializers.Serializer):
    """The documents that were looked up."""

    as_of = serializers.DateField(help_text="Day to which effects refer.")
    certainty = serializers.ChoiceField([(each.value, each.value) for each in Certainty])
    candidates = CandidateSerializer(many=True, help_text="Most likely first; at most five.")


LOOKUPS: dict[str, Callable[[str, datetime.date], NamedCandidates]] = {
    "number": documents_of_number,
    "name": documents_of_name,
    "akn": partial(documents_of_address, Scheme.AKN),
    "eli": partial(documents_of_address, Scheme.ELI),
}


class DocumentLookupView(PublicReadMixin, KnownParametersOnly, APIView):
    """Look up a document by what it is called."""

    extra_parameters = ("as_of", "province", *LOOKUPS)

    @extend_schema(
        operation_id="lookUpDocument",
        tags=["citations"],
        summary="Look up a document by number, name or permanent address",
        description="Give one of `number`, `name`, `akn` and `eli`. 200 also when there is none.",
        auth=[],
        parameters=[
            AS_OF_PARAMETER,
            OpenApiParameter("number", str, description="Official number, whole or in part."),
            OpenApiParameter("province", str, description="With `number`: key of the province that issued it."),
            OpenApiParameter("name", str, description="Type and name, with or without the year."),
            OpenApiParameter("akn", str, description="Akoma Ntoso address."),
            OpenApiParameter("eli", str, description="ELI address."),
        ],
        responses=LookupResultSerializer,
    )
    def get(self, request: Request) -> Response:
        given = [name for name in LOOKUPS if name in request.query_params]
        if len(given) != 1:
            message = _("Give exactly one of these parameters: %s.") % ", ".join(LOOKUPS)
            raise ValidationError({"number": [message]}, code="required")
        value = request.query_params[given[0]]
        if len(value) > MAX_LETTERS:
            raise ValidationError({given[0]: [_("Use at most %d letters.") % MAX_LETTERS]}, code="max_length")
        if "\x00" in value:  # PostgreSQL has no such text
            raise ValidationError({given[0]: [_("Leave out the null character (U+0000).")]}, code="invalid")
        day = requested_as_of(request)
        if province := _requested_province(request, given[0]):
            found = documents_of_number(value, day, province)
        else:
            found = LOOKUPS[given[0]](value, day)
        candidates = CandidateRepresentations([each.document for each in found.candidates], day)
        return Response({"as_of": day, **named_representation(found, candidates)})


def _requested_province(request: Request, lookup: str) -> Province | None:
    """The province of the query. Raises ValidationError for an unknown one, and beside another look-up."""
    if "province" not in request.query_params:
        return None
    if lookup != "number":
        raise ValidationError({"province": [_("Give `province` with `number` only.")]}, code="invalid")
    try:
        province: Province = KeyField(queryset=Province.objects.all()).run_validation(request.query_params["province"])
    except ValidationError as error:
        raise ValidationError({"province": error.detail}) from None
    return province


def named_representation(found: NamedCandidates, candidates: CandidateRepresentations) -> JSONObject:
    return {"certainty": found.certainty, "candidates": [candidates.of(each) for each in found.candidates]}
