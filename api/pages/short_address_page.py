"""`/s/{code}`: a short address. What it is, in words; links to the page, the app and the API; no script, no cookie.

An opening is counted for the link and the day. Nothing of the person is kept or passed on.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from api.caching import PUBLIC_CACHE_CONTROL
from api.pages.error_pages import page_policy
from api.pages.shared_states import absence_of, banner_of
from api.pages.views import Page, answer
from content.dissemination import cards, queries, subjects
from content.dissemination.models import ShareLink
from content.dissemination.openings import COUNTER, is_preview_robot
from content.dissemination.subjects import Subject
from content.law.page_paths import short_path
from content.vietnam_time import today

CODE = "[a-z0-9]{7}"


@method_decorator(page_policy, name="dispatch")
class ShortAddressPage(Page):
    """A short address that somebody opened."""

    extra_parameters = ("lang",)
    cache_control = "no-store"  # else a cache would open it, not the person

    def get(self, request: Request, code: str) -> HttpResponse:
        link, subject = link_and_subject(code)
        context = _context(link, subject)
        response = answer(request._request, "api/pages/short_address.html", short_path(code), context, None)
        response["Referrer-Policy"] = "no-referrer"
        if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
            agent = request.headers.get("User-Agent", "")  # looked at here, kept nowhere
            COUNTER.note(link.pk, is_preview=is_preview_robot(agent))
        return response


@require_safe
def short_address_card(request: HttpRequest, code: str) -> HttpResponse:
    """The picture of a short address, for networks. 404 until the worker has drawn it."""
    link = queries.link_with_code(code)
    subject = cards.subject_of_card(link) if link else None
    picture = cards.card_of(subject) if subject else None
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = PUBLIC_CACHE_CONTROL  # gone as soon as the object is
    response["X-Content-Type-Options"] = "nosniff"
    return response


def link_and_subject(code: str) -> tuple[ShareLink, Subject]:
    """The short address and what is public of its object. Raises Http404, or why it is gone (410)."""
    link = queries.link_with_code(code)
    subject = subjects.subject_of(link) if link else None
    if link is None:
        raise Http404
    if subject is None:
        raise absence_of(link, today())
    return link, subject


def _context(link: ShareLink, subject: Subject) -> dict[str, Any]:
    on_card = subject if get_language() == "vi" else cards.subject_of_card(link)
    has_card = on_card is not None and cards.card_of(on_card) is not None
    card = f"{short_path(link.code)}.png" if has_card else f"{settings.STATIC_URL}api/card.png"
    return {
        "subject": subject,
        "banner": banner_of(subject.row, link.eid, today()),
        "page_title": subject.title,
        "description": subject.summary or subject.title,
        "api_url": settings.PUBLIC_URL + subject.api_path,
        "page_url": settings.PUBLIC_URL + subject.page_path,
        "share_card_url": settings.PUBLIC_URL + card,
    }
