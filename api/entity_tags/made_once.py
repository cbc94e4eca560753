"""Answers that many ask for and that seldom change: made once for each tag, and kept in the process.

The tag is read from the database for each request, so what is kept is never old: another tag finds another answer.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from api.entity_tags.tags import entity_tag, unchanged, with_entity_tag

MOST_BYTES = 16 * 1024 * 1024  # of all bodies that are kept in a process
LARGEST_SHARE = 4  # one body may have so much: a quarter


@dataclass(frozen=True)
class KeptAnswer:
    """The body and the headers that its view gave it."""

    body: bytes
    headers: dict[str, str]


class KeptAnswers:
    """Answers by tag. When they are too large together, the one asked for longest ago is dropped."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._bytes = 0
        self._answers: OrderedDict[str, KeptAnswer] = OrderedDict()

    def get(self, tag: str) -> KeptAnswer | None:
        """The answer of this tag, if it is kept."""
        with self._lock:
            if tag in self._answers:
                self._answers.move_to_end(tag)
            return self._answers.get(tag)

    def clear(self) -> None:
        """Forget all: the next caller of each pays for it again."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    def keep(self, tag: str, answer: KeptAnswer) -> None:
        """Keep an answer, unless it is too large. A repeat changes nothing."""
        with self._lock:
            if tag in self._answers or len(answer.body) * LARGEST_SHARE > self._most_bytes:
                return
            self._answers[tag] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._most_bytes:
                _tag, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body)


KEPT = KeptAnswers()


def made_once(request: Request, state: str, make: Callable[[], HttpResponse]) -> Any:
    """The answer to a public read: a 304, one that is kept, or what `make` returns, which is then kept.

    `state`: the text of everything from the database that the answer shows.
    """
    tag = entity_tag(request, state)
    if known := unchanged(request, tag):
        return known
    if kept := KEPT.get(tag):
        return with_entity_tag(HttpResponse(kept.body, headers=kept.headers), tag)
    response = with_entity_tag(make(), tag)
    if response.status_code != 200:
        return response
    if hasattr(response, "add_post_render_callback"):  # DRF renders it after the view
        response.add_post_render_callback(lambda rendered: _keep(tag, rendered))
    else:
        _keep(tag, response)
    return response


def kept_page(request: HttpRequest, state: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The same for an address without ETag, as those of sitemaps are."""
    tag = entity_tag(request, state)
    if kept := KEPT.get(tag):
        return HttpResponse(kept.body, headers=kept.headers)
    response = make()
    _keep(tag, response)
    return response


def _keep(tag: str, response: HttpResponse) -> None:
    headers = {name: response[name] for name in ("Content-Type", "Last-Modified", "Link") if name in response}
    KEPT.keep(tag, KeptAnswer(response.content, headers))
