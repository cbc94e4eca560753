"""JSON of answers: text, cited provisions, and changes of the cited law."""

from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from content.basis.models import BasisChange, Citation
from content.changes.event_types import PUBLIC_EVENT_TYPES
from content.qa.models import Question


class CitationSerializer(serializers.Serializer):
    """A provision that the answer cites."""

    citation = serializers.CharField(source="words", help_text="Citation in words: «khoản 1 Điều 2 Luật …».")
    document = serializers.CharField(source="document_key", help_text="Key of the document.")
    eid = serializers.CharField(help_text="eid of the provision; empty: the whole document.")
    url = serializers.SerializerMethodField()

    def get_url(self, citation: Citation) -> str:
        if citation.eid:
            return resource_urls.resource_url("document-provision", key=citation.document_key, eid=citation.eid)
        return resource_urls.resource_url("document-detail", key=citation.document_key)


class BasisChangeSerializer(serializers.Serializer):
    """A change of the cited law that is not reviewed yet."""

    event_type = serializers.ChoiceField(
        PUBLIC_EVENT_TYPES, source="change.event_type", help_text="What happened, as in `changes`."
    )
    document = serializers.CharField(source="change.subject", help_text="Key of the document.")
    url = serializers.SerializerMethodField()
    eids = serializers.ListField(child=serializers.CharField(), help_text="eids of the cited provisions it concerns.")
    noted_at = serializers.DateTimeField()

    def get_url(self, cause: BasisChange) -> str:
        return resource_urls.resource_url("document-detail", key=cause.change.subject)


class AnswerSerializer(serializers.Serializer):
    """The current answer of a question."""

    text = serializers.CharField()
    answered_at = serializers.DateTimeField(source="approved_at")
    read_on = serializers.DateField(source="basis.read_on", help_text="The answer refers to the law of this day.")
    confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="Last confirmation after a change of the law; null: never."
    )
    citations = CitationSerializer(source="basis.citations.all", many=True)
    causes = BasisChangeSerializer(source="basis.unsettled", many=True)


def current_answer_representation(question: Question) -> JSONObject | None:
    """The current answer as a dict; None without one."""
    answers = question.current_answers
    return AnswerSerializer(answers[0]).data if answers else None
