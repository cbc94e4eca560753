"""JSON of search results: object, effect and highlights."""

import datetime
from collections.abc import Mapping
from typing import Any, cast

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.contests.contests import ContestLinkSerializer
from api.v1.events.events import EventLinkSerializer
from api.v1.link_serializers import DocumentLinkSerializer, MaterialLinkSerializer, document_link
from api.v1.questions.questions import QuestionLinkSerializer
from api.v1.search import hit_provisions
from content.documents.effect import Effect, EffectStatus, effect_of
from content.documents.models import LegalDocument, Provision
from content.law.eids import KEY_SEPARATOR
from content.law.units import UnitKind
from content.search.match.parsed_query import ParsedQuery
from content.search.models import ResultKind
from content.search.results import Hit
from content.text.snippets import Snippet, SnippetSource, best_snippet, marked_text


class PathUnitSerializer(serializers.Serializer):
    """A provision in the path of a result."""

    eid = serializers.CharField()
    kind = serializers.ChoiceField(list(UnitKind), help_text="Kind of the provision.")
    number = serializers.CharField()


class HitProvisionSerializer(PathUnitSerializer):
    """The provision of a result."""

    url = serializers.URLField()
    page_url = serializers.URLField()
    citation = serializers.CharField(help_text="Citation: «Điều 15 Luật …».")
    heading = serializers.CharField()
    path = PathUnitSerializer(many=True, help_text="Parents of the provision, outermost first.")


@extend_schema_serializer(component_name="SearchHighlight")
class HighlightSerializer(serializers.Serializer):
    """A snippet with the matching words marked. Offsets count code points of `text` (NFC)."""

    field = serializers.ChoiceField([(name, name) for name in ("title", "text")])
    eid = serializers.CharField(help_text="eid of the provision that contains the snippet; empty: none.")
    text = serializers.CharField()
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2),
        help_text="Marked ranges as [start, end) pairs of code points, in order and without overlap.",
    )


@extend_schema_serializer(component_name="SearchHit")
class HitSerializer(serializers.Serializer):
    """One search result. `kind` names the field that is not null."""

    kind = serializers.ChoiceField([(kind.value, kind.value) for kind in ResultKind])
    score = serializers.FloatField(
        allow_null=True, help_text="Relevance, comparable within one response only; null: the query names the object."
    )
    document = DocumentLinkSerializer(allow_null=True)
    provision = HitProvisionSerializer(allow_null=True)
    question = QuestionLinkSerializer(allow_null=True)
    event = EventLinkSerializer(allow_null=True)
    contest = ContestLinkSerializer(allow_null=True)
    material = MaterialLinkSerializer(allow_null=True)
    effect_status = serializers.ChoiceField(
        EffectStatus.choices, allow_null=True, help_text="Effect of the provision or document on the day of `as_of`."
    )
    effect_status_name = serializers.CharField(allow_null=True)
    document_status = serializers.ChoiceField(
        EffectStatus.choices,
        allow_null=True,
        help_text="Effect of the whole document on that day, which `status` filters by and `facets.status` counts.",
    )
    same_as = serializers.CharField(
        allow_null=True,
        help_text="Key of the same article in another act that is ranked before this one; null: none.",
    )
    highlights = HighlightSerializer(many=True)


_QUESTION_LINK, _EVENT_LINK, _CONTEST_LINK, _MATERIAL_LINK = (
    QuestionLinkSerializer(),
    EventLinkSerializer(),
    ContestLinkSerializer(),
    MaterialLinkSerializer(),
)  # made once


def hit_representations(
    hits: list[Hit], query: ParsedQuery, day: datetime.date, *, day_in_urls: bool = False
) -> list[JSONObject]:
    """The hits as HitSerializer describes them; with `day_in_urls` the URLs of law lead to the text of `day`."""
    events: dict[int, Any] = {}
    paths, texts = hit_provisions.ancestors_of(hits), hit_provisions.provision_texts(hits, day)
    shown = [_hit_representation(hit, paths, texts, events, query.marked_words, day) for hit in hits]
    return [_with_day_in_urls(each, day) for each in shown] if day_in_urls else shown


def _with_day_in_urls(shown: JSONObject, day: datetime.date) -> JSONObject:
    for link in filter(None, (shown["document"], shown["provision"])):
        link |= {name: f"{link[name]}?as_of={day}" for name in ("url", "page_url")}
    return shown


def _hit_representation(
    hit: Hit,
    paths: Mapping[int, list[Provision]],
    texts: Mapping[int, list[SnippetSource]],
    events: dict[int, Any],
    words: set[str],
    day: datetime.date,
) -> JSONObject:
    shown: JSONObject = {"kind": hit.kind, "score": hit.score} | dict.fromkeys(
        ("document", "provision", "question", "event", "contest", "material")
    )
    shown["document_status"] = hit.facts and hit.facts.status
    shown["same_as"] = _provision_key(hit.same_as) if hit.same_as else None
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
    if contest := hit.contest:
        shown["contest"] = _CONTEST_LINK.to_representation(contest)
        return shown | _effect_status_fields(None) | _title_and_text_highlights(contest.title, contest.text, words)
    if hit.material:
        shown["material"] = _MATERIAL_LINK.to_representation(hit.material)
        text = "\n".join(filter(None, [hit.material.summary, hit.material.full_text, hit.material.transcript]))
        return shown | _effect_status_fields(None) | _title_and_text_highlights(hit.material.title, text, words)
    document = cast(LegalDocument, hit.document)  # the only kinds left
    shown["document"] = document_link(document)
    if hit.provision is None:
        title = marked_text(document.title, words)
        return (
            shown
            | _effect_status_fields(effect_of(document, day))
            | {"highlights": [_highlight_representation("title", title)]}
        )
    document, _provision = hit_provisions.shown_provision(hit)
    path, units = paths[hit.provision.pk], texts[hit.provision.pk]
    heading = units[0].heading if units else ""
    shown["provision"] = _path_unit_representation(hit.provision) | {
        "url": resource_urls.provision_url(document, hit.provision.eid),
        "page_url": resource_urls.provision_page_url(document, hit.provision.eid),
        "citation": hit_provisions.hit_citation(hit, path),
        "heading": heading,
        "path": [_path_unit_representation(above) for above in path],
    }
    highlights = [_highlight_representation("title", marked_text(heading, words))] if heading else []
    highlights.append(_highlight_representation("text", best_snippet(units, words)))
    return shown | _effect_status_fields(hit_provisions.hit_effect(hit, day, events)) | {"highlights": highlights}


def _provision_key(hit: Hit) -> str:
    """The key of the provision that a hit shows."""
    document, provision = hit_provisions.shown_provision(hit)
    return f"{document.key}{KEY_SEPARATOR}{provision.eid}"


def _title_and_text_highlights(title: str, text: str, words: set[str]) -> JSONObject:
    highlights = [_highlight_representation("title", marked_text(title, words))]
    if text:
        highlights.append(_highlight_representation("text", best_snippet([SnippetSource("", "", text)], words)))
    return {"highlights": highlights}


def _path_unit_representation(provision: Provision) -> JSONObject:
    return {"eid": provision.eid, "kind": provision.kind, "number": provision.number}


def _effect_status_fields(effect: Effect | None) -> JSONObject:
    status = effect and effect.status
    return {"effect_status": status, "effect_status_name": status and EffectStatus(status).label}


def _highlight_representation(field: str, snippet: Snippet) -> JSONObject:
    return {"field": field, "eid": snippet.eid, "text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
