"""Citations in a text that somebody sends: where they stand, what they mean, whether it is in force."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.fields import KeyField, KnownFieldsOnly, StrictCharField
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1.citations.candidates import CandidateRepresentations, CandidateSerializer
from api.v1.citations.limits import throttle_citations
from api.v1.day_parameters import AsOfField
from content.documents import queries as documents
from content.mentions.resolver import Certainty, Context, Resolution, resolve_text
from content.vietnam_time import today

MAX_TEXT = 20_000  # letters
MAX_CITATIONS = 200
EID_OR_NONE = r"^[a-z0-9_]{0,160}$"


class CitationContextSerializer(KnownFieldsOnly, serializers.Serializer):
    """What «this law» and «this article» mean."""

    document = KeyField(queryset=documents.public_documents(), help_text="Key of the document that the text is from.")
    eid = serializers.RegexField(
        EID_OR_NONE, required=False, allow_blank=True, default="", help_text="eid of the provision; empty: none."
    )


class ResolveCitationsSerializer(KnownFieldsOnly, serializers.Serializer):
    """A text with citations."""

    text = StrictCharField(max_length=MAX_TEXT, trim_whitespace=False, help_text="The text as it is shown.")
    as_of = AsOfField(required=False, allow_null=True)
    context: Any = CitationContextSerializer(required=False, allow_null=True)  # a Field has an attribute of this name


class NamedUnitsSerializer(serializers.Serializer):
    """Units of one kind."""

    kind = serializers.CharField(help_text="Kind of the unit: `article`, `clause`, `point`.")
    numbers = serializers.ListField(
        child=serializers.CharField(), help_text="Their numbers, ranges filled; «này»: the one of `context`."
    )


class ParsedCitationSerializer(serializers.Serializer):
    """What the words say; empty or null what they do not."""

    units = NamedUnitsSerializer(many=True, help_text="Units, the largest first; empty: only a document is named.")
    type = serializers.CharField(help_text="Type of the document; empty: not said.")
    name = serializers.CharField(help_text="Name of the law without its type and year.")
    number = serializers.CharField(help_text="Official number, or a part of it.")
    year = serializers.IntegerField(allow_null=True, help_text="Year of the document.")
    is_this = serializers.BooleanField(help_text="Whether the words mean the document of `context`.")


class FoundCitationSerializer(serializers.Serializer):
    """A citation in the text."""

    start = serializers.IntegerField(help_text="Offset of its first code point in `text`.")
    end = serializers.IntegerField(help_text="Offset behind its last code point.")
    text = serializers.CharField(help_text="The words themselves.")
    parsed = ParsedCitationSerializer()
    certainty = serializers.ChoiceField([(each.value, each.value) for each in Certainty])
    units_truncated = serializers.BooleanField(
        help_text="True: the words name more units than `provisions` has, at most 50."
    )
    candidates = CandidateSerializer(many=True, help_text="Most likely first; at most five.")


class ResolvedCitationsSerializer(serializers.Serializer):
    """The citations of a text, in order."""

    as_of = serializers.DateField(help_text="Day to which effects refer.")
    citations = FoundCitationSerializer(many=True, help_text="At most 200 citations.")
    truncated = serializers.BooleanField(help_text="True: the text holds more.")


class ResolveCitationsView(KnownParametersOnly, APIView):
    """Find the citations in a text."""

    authentication_classes = []

    @extend_schema(
        operation_id="resolveCitations",
        tags=["citations"],
        summary="Find the citations in a text and what they mean",
        description="The text is neither stored nor logged. At most 60 requests a minute from one address.",
        auth=[],
        request=ResolveCitationsSerializer,
        responses=ResolvedCitationsSerializer,
    )
    def post(self, request: Request) -> Response:
        throttle_citations(request)
        serializer = ResolveCitationsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        day = asked.get("as_of") or today()
        context = Context(**asked["context"]) if "context" in asked else None
        found = resolve_text(asked["text"], day, context, limit=MAX_CITATIONS + 1)
        shown = found[:MAX_CITATIONS]
        candidates = CandidateRepresentations(
            [candidate.document for each in shown for candidate in each.candidates], day
        )
        return Response(
            {
                "as_of": day,
                "citations": [citation_representation(asked["text"], each, candidates) for each in shown],
                "truncated": len(found) > len(shown),
            }
        )


def citation_representation(text: str, found: Resolution, candidates: CandidateRepresentations) -> JSONObject:
    mention, document = found.mention, found.mention.document
    return {
        "start": mention.start,
        "end": mention.end,
        "text": text[mention.start : mention.end],
        "parsed": {
            "units": [{"kind": kind, "numbers": numbers} for kind, numbers in mention.parts.items()],
            "type": document.doc_type if document else "",
            "name": document.name if document else "",
            "number": (document.number or document.serial) if document else "",
            "year": document.year if document else None,
            "is_this": document is None or document.is_this,
        },
        "certainty": found.certainty,
        "units_truncated": found.is_cut,
        "candidates": [candidates.of(each) for each in found.candidates],
    }
