"""The search page: one box, and results that lead to pages."""

import datetime
from typing import Any

from django.http import HttpResponse
from django.template.defaultfilters import date as written
from django.utils.http import urlencode
from django.utils.translation import get_language
from rest_framework.request import Request

from api.pages.banners import SIGNS
from api.pages.day_addresses import as_of_query, day_context
from api.pages.kept_language import render_page
from api.pages.views import Page
from api.parameters import requested_as_of, requested_integer
from api.types import JSONObject
from api.v1.search.hits import hit_representations
from content.documents.effect import EffectStatus
from content.law.page_paths import (
    contest_path,
    document_path,
    event_path,
    material_path,
    provision_path,
    question_path,
)
from content.missing_documents.queries import missing_document
from content.search import queries
from content.search.limits import SearchLimits
from content.search.models import ResultKind
from content.search.results import with_rows
from content.sql import snapshot, time_limit

LIMITS = SearchLimits()
PAGE_SIZE, MAX_PAGES = 20, 10
EXAMPLES = ("thời hiệu khởi kiện", "nồng độ cồn xe máy", "Luật Đất đai 2024", "điều 6 nghị định 168/2024")


class HomePage(Page):
    """`/tim?q=`: what the API's search finds, for people."""

    extra_parameters = ("q", "page", "as_of", "lang")

    def get(self, request: Request) -> HttpResponse:
        typed = " ".join(request.query_params.get("q", "").split())[:200]
        day = requested_as_of(request)
        context: dict[str, Any] = {"q": typed, "examples": EXAMPLES, "written_day": written(day, "d/m/Y")}
        context |= day_context(day) | self._found(request, typed, day)
        context["other_language"] = "en" if get_language() == "vi" else "vi"
        return render_page(request._request, "api/pages/home.html", context)

    def _found(self, request: Request, typed: str, day: datetime.date) -> dict[str, Any]:
        if not typed:
            return {}
        page = requested_integer(request, "page", 1, MAX_PAGES, default=1)
        first = (page - 1) * PAGE_SIZE
        filters = queries.SearchFilters(
            day=day, kinds=tuple(ResultKind), topics=(), doc_types=(), issuers=(), statuses=()
        )
        with snapshot(), time_limit(LIMITS.statement_ms):
            found = queries.search_or_nearest(typed, filters, in_force_first=True, limits=LIMITS)
            hits = with_rows(found.hits[first : first + PAGE_SIZE])
            results = [_result(each, as_of_query(day)) for each in hit_representations(hits, found.query, day)]
            missing = missing_document(found, day)
        is_more = len(found.hits) > first + PAGE_SIZE and page < MAX_PAGES
        return {
            "results": results,
            "count": len(found.hits),
            "did_you_mean": found.did_you_mean,
            "missing": missing and missing.name,
            "issued": written(missing.issued_on, "d/m/Y") if missing and missing.issued_on else "",
            "next_url": _next_url(request, typed, page + 1) if is_more else "",
        }


def _next_url(request: Request, typed: str, page: int) -> str:
    """The same search on the same day, in the same language."""
    kept = {name: request.query_params[name] for name in ("as_of", "lang") if name in request.query_params}
    return f"/tim?{urlencode({'q': typed, 'page': str(page), **kept})}"


def _result(hit: JSONObject, as_of: str) -> JSONObject:
    """One result for the template. What a search finds was there on its day, so the address may name that day."""
    document, provision = hit["document"], hit["provision"]
    if provision:
        address = provision_path(document["key"], provision["eid"])
        title = f"{provision['citation']}. {provision['heading']}" if provision["heading"] else provision["citation"]
    elif document:
        address, title = document_path(document["key"]), document["title"]
    elif question := hit["question"]:
        address, title = question_path(question["key"]), question["title"]
    elif event := hit["event"]:
        address, title, as_of = event_path(event["key"]), event["title"], ""  # an event has no days
    elif contest := hit["contest"]:
        address, title, as_of = contest_path(contest["key"]), contest["title"], ""  # nor has a contest
    else:
        material = hit["material"]  # nor has a material
        address, title, as_of = material_path(material["key"]), material["title"], ""
    text = next((each for each in hit["highlights"] if each["field"] == "text"), None)
    status = hit["effect_status"]
    return {
        "address": address + as_of,
        "title": title,
        "status": status,
        "status_name": hit["effect_status_name"],
        "sign": SIGNS[EffectStatus(status)] if status else "",
        "snippet": _pieces(text["text"], text["marks"]) if text else [],
    }


def _pieces(text: str, marks: list[list[int]]) -> list[tuple[str, bool]]:
    """(piece, whether it is marked) of a snippet."""
    pieces, at = [], 0
    for start, end in marks:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [*pieces, (text[at:], False)]
