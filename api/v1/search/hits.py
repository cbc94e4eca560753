"""Results of a search as the API shows them: where each stands, its effect, and what to mark."""

from rest_framework import serializers

from api.v1 import resource_urls
from api.v1.events.events import EventLinkSerializer
from api.v1.link_serializers import DocumentLinkSerializer
from api.v1.questions.questions import QuestionLinkSerializer
from api.v1.search import hit_provisions
from content.documents.effect import EffectStatus, effect_of
from content.search.models import ResultKind
from content.text.snippets import SnippetSource, best_snippet, marked_text


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
    kind = serializers.ChoiceField([(kind.value, kind.value) for kind in ResultKind])
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


_DOCUMENT_LINK, _QUESTION_LINK, _EVENT_LINK = (
    DocumentLinkSerializer(),
    QuestionLinkSerializer(),
    EventLinkSerializer(),
)  # made once


def hit_representations(hits, query, day):
    lines, texts, events = hit_provisions.ancestors_of(hits), hit_provisions.provision_texts(hits, day), {}
    return [_hit_representation(hit, lines, texts, events, query.marked_words, day) for hit in hits]


def _hit_representation(hit, lines, texts, events, words, day):
    shown = {"kind": hit.kind, "score": hit.score} | dict.fromkeys(("document", "provision", "question", "event"))
    same = hit.same_as
    shown["same_as"] = same and f"{same.document.key}/{same.provision.eid}"
    if hit.question:
        shown["question"] = _QUESTION_LINK.to_representation(hit.question)
        return (
            shown
            | _effect_status_fields(None)
            | _title_and_text_highlights(hit.question.public_title, hit.question.public_text, words)
        )
    if hit.event:
        shown["event"] = _EVENT_LINK.to_representation(hit.event)
        return shown | _effect_status_fields(None) | _title_and_text_highlights(hit.event.title, hit.event.text, words)
    shown["document"] = _DOCUMENT_LINK.to_representation(hit.document)
    if hit.provision is None:
        title = marked_text(hit.document.title, words)
        return (
            shown
            | _effect_status_fields(effect_of(hit.document, day))
            | {"highlights": [_highlight_representation("title", title)]}
        )
    line, units = lines[hit.provision.pk], texts[hit.provision.pk]
    heading = units[0].heading if units else ""
    shown["provision"] = _path_unit_representation(hit.provision) | {
        "url": resource_urls.provision_url(hit.document, hit.provision.eid),
        "citation": hit_provisions.hit_citation(hit, line),
        "heading": heading,
        "path": [_path_unit_representation(above) for above in line],
    }
    highlights = [_highlight_representation("title", marked_text(heading, words))] if heading else []
    highlights.append(_highlight_representation("text", best_snippet(units, words)))
    return shown | _effect_status_fields(hit_provisions.hit_effect(hit, day, events)) | {"highlights": highlights}


def _title_and_text_highlights(title, text, words):
    highlights = [_highlight_representation("title", marked_text(title, words))]
    if text:
        highlights.append(_highlight_representation("text", best_snippet([SnippetSource("", "", text)], words)))
    return {"highlights": highlights}


def _path_unit_representation(provision):
    return {"eid": provision.eid, "kind": provision.kind, "number": provision.number}


def _effect_status_fields(effect):
    status = effect and effect.status
    return {"effect_status": status, "effect_status_name": status and EffectStatus(status).label}


def _highlight_representation(field, snippet):
    return {"field": field, "eid": snippet.eid, "text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
