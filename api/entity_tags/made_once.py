"""Answers that many ask for and that seldom change: made once for each tag, and stored in the process.

The tag is read from the database for each request, so what is stored is never old: another tag finds another answer.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from api.entity_tags.tags import entity_tag, unchanged, with_entity_tag
from api.viewsets import PublicReadOnlyViewSet
from content.bounded_store import BoundedStore
from content.sql import state_of_tables

MOST_BYTES = 16 * 1024 * 1024  # of all bodies that a process stores


class StoredBody(NamedTuple):
    """A body and the headers that its view gave it."""

    body: bytes
    headers: dict[str, str]


STORE: BoundedStore[str, StoredBody] = BoundedStore(MOST_BYTES)


def made_once(request: Request, state: str, make: Callable[[], HttpResponse]) -> Any:
    """The answer to a public read: a 304, one that is stored, or what `make` returns, which is then stored.

    `state`: the text of everything from the database that the answer shows. It never comes back once it has changed:
    where it changes between its statement and those of `make`, nobody asks for the tag again.
    """
    tag = entity_tag(request, state)
    if known := unchanged(request, tag):
        return known
    if stored := STORE.get(tag):
        return with_entity_tag(HttpResponse(stored.body, headers=stored.headers), tag)
    response = with_entity_tag(make(), tag)
    if response.status_code != 200:
        return response
    if hasattr(response, "add_post_render_callback"):  # DRF renders it after the view
        response.add_post_render_callback(lambda rendered: _store(tag, rendered))
    else:
        _store(tag, response)
    return response


class MadeOnceViewSet(PublicReadOnlyViewSet):
    """A public resource whose list and details are made once for each change of `shown_tables`, small tables."""

    shown_tables: tuple[type[Model], ...]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        whole = super().list
        return made_once(request, state_of_tables(*self.shown_tables), lambda: whole(request, *args, **kwargs))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        whole = super().retrieve
        return made_once(request, state_of_tables(*self.shown_tables), lambda: whole(request, *args, **kwargs))


def page_made_once(request: HttpRequest, state: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The same for an address without ETag and parameters, as those of sitemaps are.

    Parameters that somebody adds make no answer of their own: it would cost as much, and take the place of others.
    """
    tag = entity_tag(request, state, address=request.path)
    if stored := STORE.get(tag):
        return HttpResponse(stored.body, headers=stored.headers)
    response = make()
    _store(tag, response)
    return response


def _store(tag: str, response: HttpResponse) -> None:
    headers = {name: response[name] for name in ("Content-Type", "Last-Modified", "Link") if name in response}
    STORE.put(tag, StoredBody(response.content, headers), len(response.content))
