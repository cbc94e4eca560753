"""JSON of search results: object, effect and highlights."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.contests.contests import ContestLinkSerializer
from api.v1.events.events import EventLinkSerializer
from api.v1.link_serializers import DocumentLinkSerializer, MaterialLinkSerializer, document_link
from api.v1.questions.questions import QuestionLinkSerializer
from api.v1.search import hit_provisions
from content.document_reads.found import FoundDocument, PathUnit, unit_texts
from content.documents.effect import EffectStatus
from content.law.eids import KEY_SEPARATOR
from content.law.units import UnitKind
from content.media.models import Material
from content.search.match.parsed_query import ParsedQuery
from content.search.models import ResultKind
from content.search.results import Hit
from content.text.snippets import Snippet, SnippetFinder, SnippetSource, marked_text


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


@dataclass(frozen=True)
class _Page:
    """What the results of one page share."""

    words: frozenset[str]  # to mark, folded
    snippets: SnippetFinder
    texts: Mapping[int, Sequence[SnippetSource]]  # {primary key of a provision: it and what is under it}
    effects: hit_provisions.HitEffects
    status_names: Mapping[EffectStatus, str]  # in the active language


def hit_representations(
    hits: list[Hit], query: ParsedQuery, day: datetime.date, *, day_in_urls: bool = False
) -> list[JSONObject]:
    """The hits as HitSerializer describes them; with `day_in_urls` the URLs of law lead to the text of `day`."""
    if not hits:
        return []
    page = _Page(
        frozenset(query.marked_words),
        SnippetFinder(query.marked_words),
        unit_texts((hit.provision for hit in hits if hit.provision), day),
        hit_provisions.HitEffects(day),
        {status: str(status.label) for status in EffectStatus},
    )
    shown = [_hit_representation(hit, page) for hit in hits]
    return [_with_day_in_urls(each, day) for each in shown] if day_in_urls else shown


def _with_day_in_urls(shown: JSONObject, day: datetime.date) -> JSONObject:
    for link in filter(None, (shown["document"], shown["provision"])):
        link |= {name: f"{link[name]}?as_of={day}" for name in ("url", "page_url")}
    return shown


def _hit_representation(hit: Hit, page: _Page) -> JSONObject:
    shown: JSONObject = {"kind": hit.kind, "score": hit.score} | dict.fromkeys(
        ("document", "provision", "question", "event", "contest", "material")
    )
    shown["document_status"] = hit.facts and hit.facts.status
    shown["same_as"] = _provision_key(hit.same_as) if hit.same_as else None
    if hit.document:
        shown["document"] = document_link(hit.document)
        return shown | (_provision_fields(hit, page) if hit.provision else _document_fields(hit, page))
    if hit.question:
        shown["question"] = _QUESTION_LINK.to_representation(hit.question)
        title, text = hit.question.public_title, hit.question.public_text
    elif hit.event:
        shown["event"] = _EVENT_LINK.to_representation(hit.event)
        title, text = hit.event.title, hit.event.text
    elif hit.contest:
        shown["contest"] = _CONTEST_LINK.to_representation(hit.contest)
        title, text = hit.contest.title, hit.contest.text
    else:
        material = cast(Material, hit.material)  # the only kind left
        shown["material"] = _MATERIAL_LINK.to_representation(material)
        texts = [material.summary, material.full_text, material.transcript]
        title, text = material.title, "\n".join(filter(None, texts))
    return shown | _effect_status_fields(None, page) | _title_and_text_highlights(title, text, page)


def _document_fields(hit: Hit, page: _Page) -> JSONObject:
    """Effect and highlights of a document. The effect is that by which it was ranked, as in `document_status`."""
    document = cast(FoundDocument, hit.document)
    title = marked_text(document.title, page.words)
    status = hit.facts.status if hit.facts else None
    return _effect_status_fields(status, page) | {"highlights": [_highlight_representation("title", title)]}


def _provision_fields(hit: Hit, page: _Page) -> JSONObject:
    """A provision with its effect and highlights."""
    document, provision = hit_provisions.shown_provision(hit)
    units = page.texts[provision.pk]
    heading = units[0].heading if units else ""
    shown = _path_unit_representation(provision) | {
        "url": resource_urls.provision_url(document, provision.eid),
        "page_url": resource_urls.provision_page_url(document, provision.eid),
        "citation": hit_provisions.hit_citation(hit),
        "heading": heading,
        "path": [_path_unit_representation(above) for above in provision.ancestors],
    }
    highlights = [_highlight_representation("title", marked_text(heading, page.words))] if heading else []
    highlights.append(_highlight_representation("text", page.snippets.best_snippet(units)))
    status = page.effects.status_of(hit)
    return {"provision": shown} | _effect_status_fields(status, page) | {"highlights": highlights}


def _provision_key(hit: Hit) -> str:
    """The key of the provision that a hit shows."""
    document, provision = hit_provisions.shown_provision(hit)
    return f"{document.key}{KEY_SEPARATOR}{provision.eid}"


def _title_and_text_highlights(title: str, text: str, page: _Page) -> JSONObject:
    highlights = [_highlight_representation("title", marked_text(title, page.words))]
    if text:
        snippet = page.snippets.best_snippet([SnippetSource("", "", text)])
        highlights.append(_highlight_representation("text", snippet))
    return {"highlights": highlights}


def _path_unit_representation(unit: PathUnit) -> JSONObject:
    return {"eid": unit.eid, "kind": unit.kind, "number": unit.number}


def _effect_status_fields(status: EffectStatus | None, page: _Page) -> JSONObject:
    return {"effect_status": status, "effect_status_name": status and page.status_names[status]}


def _highlight_representation(field: str, snippet: Snippet) -> JSONObject:
    return {"field": field, "eid": snippet.eid, "text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
