"""Answers as the API shows them: their text, the law they cite as of the day it was read, and what changed since."""

from rest_framework import serializers

from api.v1 import resource_urls


class CitationSerializer(serializers.Serializer):
    """A provision the answer leans on."""

    citation = serializers.CharField(source="words", help_text="«khoản 1 Điều 2 Luật …», as it was cited.")
    document = serializers.CharField(source="document_key", help_text="Key of the document.")
    eid = serializers.CharField(help_text="Empty: the document as a whole.")
    url = serializers.SerializerMethodField()

    def get_url(self, citation) -> str:
        if citation.eid:
            return resource_urls.resource_url("document-provision", key=citation.document_key, eid=citation.eid)
        return resource_urls.resource_url("document-detail", key=citation.document_key)


class BasisChangeSerializer(serializers.Serializer):
    """A change of the cited law that nobody has looked at yet."""

    event_type = serializers.CharField(
        source="change.event_type", help_text="What happened to the document, as in the day-book."
    )
    document = serializers.CharField(source="change.subject", help_text="Key of the document.")
    url = serializers.SerializerMethodField()
    eids = serializers.ListField(child=serializers.CharField(), help_text="The cited provisions it touches.")
    noted_at = serializers.DateTimeField()

    def get_url(self, cause) -> str:
        return resource_urls.resource_url("document-detail", key=cause.change.subject)


class AnswerSerializer(serializers.Serializer):
    """The answer that holds."""

    text = serializers.CharField()
    answered_at = serializers.DateTimeField(source="approved_at")
    read_on = serializers.DateField(source="basis.read_on", help_text="The day whose law it speaks of.")
    confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When somebody last read the changed law and stood by it; null: no need yet."
    )
    citations = CitationSerializer(source="basis.citations.all", many=True)
    causes = BasisChangeSerializer(source="basis.unsettled", many=True)


def current_answer_representation(question):
    """Its one standing answer as the API shows it, None without one."""
    answers = question.current_answers
    return AnswerSerializer(answers[0]).data if answers else None
