"""`/chung-nhan/{serial}`: where the QR code of a certificate leads. What it says, and whether a typed name is on it.

The name comes in the body of a form, never in an address, and the page that has it is not stored. The form needs no
token: it acts for nobody and changes nothing but the count of names tried, ten in an hour for each certificate.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from rest_framework.parsers import FormParser
from rest_framework.request import Request

from api.caching import REVALIDATE_CACHE_CONTROL
from api.limits.throttles import throttle_certificates
from api.pages.kept_language import render_page
from api.pages.views import Page, answer, prefers_json, see_api
from api.problems import LimitReached
from api.v1 import resource_urls
from api.v1.contests.certificates import SERIAL
from content.contest_certificates import queries, services
from content.contest_certificates.models import SERIAL_LENGTH, Certificate
from content.errors import QuotaExceeded, RuleBroken
from content.law.page_paths import certificate_path, contest_path
from content.vietnam_time import VIETNAM_TIME


@dataclass(frozen=True)
class NameAnswer:
    """What is said about a typed name. `kind`: yes, no or refused; `wait`: seconds, 0 for none."""

    kind: str
    words: str
    typed: str
    status: int = 200
    wait: int = 0


class CertificatePage(Page):
    """A certificate that somebody holds in their hands."""

    extra_parameters = ("lang",)
    http_method_names = ["get", "head", "post", "options"]
    parser_classes = [FormParser]
    cache_control = REVALIDATE_CACHE_CONTROL  # one that was renewed in another name is unknown at once

    def get(self, request: Request, serial: str) -> HttpResponse:
        if prefers_json(request._request):
            if not re.fullmatch(SERIAL, serial):
                raise Http404
            return see_api(request._request, resource_urls.resource_url("certificate", serial=serial))
        certificate = queries.certificate_of(serial)
        if certificate is None:
            return _no_such_certificate(request._request)
        return _page(request._request, certificate, None)

    def post(self, request: Request, serial: str) -> HttpResponse:
        """Whether the certificate is in the name that the form has. A refused name is in the form again."""
        certificate = queries.certificate_of(serial)
        if certificate is None:
            return _no_such_certificate(request._request)
        told = _try_name(request, certificate, request.POST.get("name", ""))
        response = _page(request._request, certificate, told)
        response.status_code = told.status
        if told.wait:
            response["Retry-After"] = str(told.wait)
        return response


def _try_name(request: Request, certificate: Certificate, typed: str) -> NameAnswer:
    try:
        throttle_certificates(request)
        is_name = services.is_name_on(certificate, typed)
    except Throttled as refusal:
        return NameAnswer("refused", str(refusal.detail), typed, 429, int(getattr(refusal, "wait", 0)))
    except QuotaExceeded as refusal:
        return NameAnswer("refused", refusal.message, typed, 429, LimitReached(refusal).wait)
    except RuleBroken as refusal:
        return NameAnswer("refused", refusal.message, typed, 400)
    if is_name:
        return NameAnswer("yes", _("Yes: the certificate is in this name."), typed)
    words = _("No: the certificate is not in this name. Compare each letter and accent with the paper.")
    return NameAnswer("no", words, typed)


def _page(request: HttpRequest, certificate: Certificate, told: NameAnswer | None) -> HttpResponse:
    path = certificate_path(certificate.shown_serial)
    return answer(request, "api/pages/certificate.html", path, _context(certificate) | {"told": told}, None)


def _context(certificate: Certificate) -> dict[str, Any]:
    """Of a certificate from `certificate_of`. There is no name: only its hash is stored."""
    round = certificate.attempt.round
    published_at = round.contest.results_published_at or certificate.issued_at
    return {
        "certificate": certificate,
        "contest": round.contest,
        "contest_path": contest_path(round.contest.key),
        "round": round,
        "bracket": certificate.attempt.entry.bracket,
        "published_on": published_at.astimezone(VIETNAM_TIME).date(),
        "issued_on": certificate.issued_at.astimezone(VIETNAM_TIME).date(),
        "name_length": services.NAME_LENGTH,
        "api_url": resource_urls.certificate_url(certificate),
    }


def _no_such_certificate(request: HttpRequest) -> HttpResponse:
    """404 with what to check. A serial that was replaced looks the same: nothing is stored of it."""
    context = {"letters": SERIAL_LENGTH, "other_language": "en" if get_language() == "vi" else "vi"}
    return render_page(request, "api/pages/certificate_unknown.html", context, status=404)
