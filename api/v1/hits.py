"""Results of a search as the API shows them: where each stands, its effect, and what to mark."""

from rest_framework import serializers

from api.v1 import addresses
from api.v1.events import EventLinkSerializer
from api.v1.links import DocumentLinkSerializer
from api.v1.questions import QuestionLinkSerializer
from content.documents.effect import EffectStatus, effect_of
from content.search import queries, showing


class PathUnitSerializer(serializers.Serializer):
    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()


class HitProvisionSerializer(PathUnitSerializer):
    url = serializers.URLField()
    citation = serializers.CharField(help_text="«Điều 15 Luật …»")
    heading = serializers.CharField()
    path = PathUnitSerializer(many=True, help_text="What it stands under, outermost first.")


class HighlightSerializer(serializers.Serializer):
    """Words of the text with what answers the query marked. Offsets are code points of `text` (NFC)."""

    field = serializers.ChoiceField([(name, name) for name in ("title", "text")])
    eid = serializers.CharField(help_text="Of the unit in which the words stand; empty: none.")
    text = serializers.CharField()
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2),
        help_text="[start, end) pairs in order; none overlaps another.",
    )


class HitSerializer(serializers.Serializer):
    kind = serializers.ChoiceField([(kind, kind) for kind in queries.KINDS])
    score = serializers.FloatField(
        allow_null=True, help_text="Comparable within one answer only; null: the query names it."
    )
    document = DocumentLinkSerializer(allow_null=True)
    provision = HitProvisionSerializer(allow_null=True)
    question = QuestionLinkSerializer(allow_null=True)
    event = EventLinkSerializer(allow_null=True)
    effect_status = serializers.ChoiceField(
        EffectStatus.choices, allow_null=True, help_text="Of the provision or document on the day of `as_of`."
    )
    effect_status_name = serializers.CharField(allow_null=True)
    same_as = serializers.CharField(
        allow_null=True, help_text="`{document}/{eid}` of the same article in another act that was put before this one."
    )
    highlights = HighlightSerializer(many=True)


_DOCUMENT, _QUESTION, _EVENT = DocumentLinkSerializer(), QuestionLinkSerializer(), EventLinkSerializer()  # made once


def shown(hits, reading, day):
    lines, texts, events = showing.ancestors_of(hits), showing.texts(hits, day), {}
    return [_hit(hit, lines, texts, events, reading.marked, day) for hit in hits]


def _hit(hit, lines, texts, events, words, day):
    shown = {"kind": hit.kind, "score": hit.score} | dict.fromkeys(("document", "provision", "question", "event"))
    same = hit.same_as
    shown["same_as"] = same and f"{same.document.key}/{same.provision.eid}"
    if hit.question:
        shown["question"] = _QUESTION.to_representation(hit.question)
        return shown | _status(None) | _marked(hit.question.public_title, hit.question.public_text, words)
    if hit.event:
        shown["event"] = _EVENT.to_representation(hit.event)
        return shown | _status(None) | _marked(hit.event.title, hit.event.text, words)
    shown["document"] = _DOCUMENT.to_representation(hit.document)
    if hit.provision is None:
        title = showing.marked(hit.document.title, words)
        return shown | _status(effect_of(hit.document, day)) | {"highlights": [_highlight("title", title)]}
    line, units = lines[hit.provision.pk], texts[hit.provision.pk]
    heading = units[0][1] if units else ""
    shown["provision"] = _unit(hit.provision) | {
        "url": addresses.of_provision(hit.document, hit.provision.eid),
        "citation": showing.citation(hit, line),
        "heading": heading,
        "path": [_unit(above) for above in line],
    }
    highlights = [_highlight("title", showing.marked(heading, words))] if heading else []
    highlights.append(_highlight("text", showing.snippet(units, words)))
    return shown | _status(showing.effect(hit, day, events)) | {"highlights": highlights}


def _marked(title, text, words):
    highlights = [_highlight("title", showing.marked(title, words))]
    if text:
        highlights.append(_highlight("text", showing.snippet([("", "", text)], words)))
    return {"highlights": highlights}


def _unit(provision):
    return {"eid": provision.eid, "kind": provision.kind, "number": provision.number}


def _status(effect):
    status = effect and effect.status
    return {"effect_status": status, "effect_status_name": status and EffectStatus(status).label}


def _highlight(field, snippet):
    return {"field": field, "eid": snippet.eid, "text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
