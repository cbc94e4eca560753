"""Which requests may be answered from memory, and what tells them apart."""

import functools
import re
import threading
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from api import long_polling
from api.caching import NO_SLOT, accepted_encoding
from content.vietnam_time import written_today

# The migration `public_changes_are_announced` watches their tables. A file is too large for memory; a record is read
# right after its line in the change log, before this process may have heard of the change.
_API = re.compile(
    r"/api/v1/(?:documents|topics|organisations|provinces)(?:/(?!.*/(?:files(?:/|\Z)|record\Z|layers\Z))[a-z0-9_/-]+)?"
)
CHANGES = "/api/v1/changes"
_WAITS = tuple(f"wait={seconds}" for seconds in range(1, long_polling.MAX_WAIT_SECONDS + 1))
_PAGE = re.compile(r"/van-ban/[a-z0-9_/-]+")
_PAGE_PARAMETERS = ("as_of", "lang")  # a page ignores all others, so that they make no answer of their own
_ACCEPTED = ("", "*/*", "application/json", "application/json, text/plain, */*")
_NOT_STORED = ("q", "search")  # found in the search index, which no trigger watches
# a request with one of them is answered by Django: it may have an answer of its own
_OWN_ANSWER = frozenset(
    {
        "HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_UNMODIFIED_SINCE", "HTTP_TRANSFER_ENCODING", "CONTENT_TYPE",
    }
)  # fmt: skip
# what browsers send. The answer to anything else does not let a page of another origin read it
_ORIGIN = re.compile(r"null|[a-z][a-z0-9+.-]*://[a-z0-9._-]+(?::[0-9]{1,5})?")
_LONGEST_QUERY = 500  # bytes
_MOST_PARAMETERS = 20
_LONGEST = 1_000  # of path, Host and the headers below together: what is longer is nobody's honest request
Environ = dict[str, Any]


class _AnsweredByDjango(Exception):
    """A request that is not answered from memory. Raised, so that what is remembered has no place for its address."""


class ReadKey(NamedTuple):
    """What an answer depends on, besides the data."""

    path: str
    query: tuple[str, ...]
    host: str
    language: str
    encoding: str | None
    day: str  # in Viet Nam: the status of the law changes at midnight
    has_origin: bool  # a page of another origin gets a header that lets it read the answer


class _Asked(NamedTuple):
    """What the address of a request asks for."""

    query_string: str  # without the parameters that a page ignores
    parameters: tuple[str, ...]  # in order of their names


def read_key(environ: Environ, *, slots: threading.Semaphore | None = None) -> ReadKey | None:
    """The key of a request; None: it is not answered from memory.

    The query of a page loses the parameters that the page ignores, for Django too. So does that of a request for
    changes that cannot wait for them, because none of the `slots` is free: it is marked NO_SLOT.
    """
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not environ.keys().isdisjoint(_OWN_ANSWER):
        return None
    if environ.get("CONTENT_LENGTH", "0") not in ("", "0"):
        return None
    if (origin := environ.get("HTTP_ORIGIN")) is not None and not _ORIGIN.fullmatch(origin):
        return None
    path, query, host = environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get("HTTP_HOST", "")
    accept, languages = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_LANGUAGE", "")
    encodings = environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(query) > _LONGEST_QUERY or query.count("&") >= _MOST_PARAMETERS:
        return None
    if len(path) + len(host) + len(accept) + len(languages) + len(encodings) > _LONGEST:
        return None
    try:
        if path == CHANGES:
            query, environ[NO_SLOT] = _without_wait(query, slots)
        day, has_origin = written_today(), origin is not None
        key, environ["QUERY_STRING"] = _key(path, query, host, accept, languages, encodings, day, has_origin)
    except _AnsweredByDjango:
        return None
    return key


@functools.lru_cache(maxsize=2_000)  # what is asked often is looked at once
def _key(
    path: str, query: str, host: str, accept: str, languages: str, encodings: str, day: str, has_origin: bool
) -> tuple[ReadKey, str]:
    """(the key, the query for Django). Raises _AnsweredByDjango."""
    asked = _asked(path, query, accept)
    language, encoding = _language(languages), accepted_encoding(encodings)
    return ReadKey(path, asked.parameters, host, language, encoding, day, has_origin), asked.query_string


def _asked(path: str, query: str, accept: str) -> _Asked:
    """What is asked. Raises _AnsweredByDjango, for example for a search or an address that is not of public law."""
    parameters = query.split("&")
    names = [_name(each) for each in parameters]
    if any("%" in name or name in _NOT_STORED for name in names):  # %61s_of is as_of to Django
        raise _AnsweredByDjango
    if _PAGE.fullmatch(path):
        if not _wants_html(accept):  # an app is led to the API
            raise _AnsweredByDjango
        parameters = [each for each in parameters if _name(each) in _PAGE_PARAMETERS]
    elif not (path == CHANGES or _API.fullmatch(path)) or accept not in _ACCEPTED:
        raise _AnsweredByDjango
    return _Asked("&".join(parameters), tuple(sorted(parameters, key=_name)))  # those of one name stay in their order


def _without_wait(query: str, slots: threading.Semaphore | None) -> tuple[str, bool]:
    """(the query without its `wait`, whether it wants to wait and cannot). Raises _AnsweredByDjango where it can."""
    parameters = query.split("&")
    waits = [each for each in parameters if _name(each) == "wait"]
    if waits in ([], ["wait=0"]):
        return query, False
    if len(waits) > 1 or waits[0] not in _WAITS or long_polling.has_slot(slots):
        raise _AnsweredByDjango
    return "&".join(each for each in parameters if each != waits[0]), True


@functools.lru_cache(maxsize=500)
def _wants_html(accept: str) -> bool:
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = accept or "*/*"
    return request.get_preferred_type(["text/html", "application/json"]) == "text/html"


def _name(parameter: str) -> str:
    return parameter.partition("=")[0]


@functools.lru_cache(maxsize=500)
def _language(accepted: str) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return get_language_from_request(request)


def same_for_all(headers: list[tuple[str, str]]) -> bool:
    """Whether an answer says that a cache may give it to anybody whose key is the same."""
    found = {name.lower(): value for name, value in headers}
    varies = {each.strip().lower() for each in found.get("vary", "").split(",")}
    return (
        found.get("cache-control", "").startswith("public")
        and "set-cookie" not in found
        and varies <= {"", "accept", "accept-language", "accept-encoding", "origin"}
    )
