"""Pages in the language of the page from which a reader comes: «?lang=en» goes on through the links of a page.

A page without `lang` is in the language of the browser. So only who asked for English keeps asking.
"""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from content.law.page_paths import PAGES

KEPT = "en"
_PATHS = "|".join(map(re.escape, (*PAGES, "/tim", "/docs")))
_LINK = re.compile(  # of people; `link` elements name the canonical address, which has no language
    rf'(?P<opens><a\b[^>]*? href=")(?P<path>(?:{_PATHS})(?:/[^"?#]*)?)'
    r'(?P<query>\?[^"#]*)?(?=[#"])'
)
_LANGUAGE = re.compile(r"[?;&]lang=")


def asks_for_english(request: HttpRequest) -> bool:
    """Whether the address of the page asks for English, and not only the browser."""
    return request.GET.get("lang") == KEPT


def render_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page, whose links to other pages name the language that its address names."""
    keeps = asks_for_english(request)
    response = render(request, template, context | {"kept_language": KEPT if keeps else ""}, status=status)
    if keeps:
        response.content = _LINK.sub(_with_language, response.content.decode())
    return response


def _with_language(link: re.Match[str]) -> str:
    query = link["query"] or ""
    if not _LANGUAGE.search(query):
        query = f"{query}&amp;lang={KEPT}" if query else f"?lang={KEPT}"
    return f"{link['opens']}{link['path']}{query}"
