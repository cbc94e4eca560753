"""The page `/phone` and its door to the local FCM server: a virtual phone to look at. Local mode only (config/urls).

The browser can reach only the web process, so this passes on the little a phone needs: to exist, to be on or off line,
and to show its tray. All else the page does through the public API, as an app would.
"""

import datetime
import json
from http.client import HTTPException
from urllib.error import HTTPError

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from config.local.fcm_emulator.client import ControlClient

REGISTRATION_PATTERN = r"[A-Za-z0-9_-]{20,100}"  # made by the page from random bytes
TIMEOUT_SECONDS = 3  # seconds; less than the page has


@never_cache
@require_safe
def phone_page(request):
    return render(request, "phone.html")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "PUT"])
def phone_state(request, registration):
    """The phone with this FCM registration. PUT makes it if it is new; `{"online": bool}` sets whether it is on line.

    200 with the phone as `_shown` has it; 404 for one the server does not know, 502 while that server is away. A PUT
    must be JSON: no page of another origin can send that unasked, since this door answers no preflight request.
    """
    try:
        wish = _requested_online(request) if request.method == "PUT" else None
    except ValueError as mistake:
        return _error_response(400, "invalid", str(mistake))
    server = ControlClient(settings.FCM_PORT, settings.HOME / "fcm", patience=TIMEOUT_SECONDS)
    try:
        found = _put_phone(server, registration, wish) if request.method == "PUT" else server.phone(registration)
    except HTTPError as error:
        return _fcm_error_response(error.code)
    except (OSError, HTTPException, ValueError):
        return _fcm_error_response(502)
    answer = JsonResponse(_phone_json(found))
    answer.is_routine = request.method != "PUT"  # the page asks every second: no line in the log for each
    return answer


def _requested_online(request):
    """What the body asks for: True or False for `online`, None where it says nothing. Raises ValueError in words."""
    if request.content_type != "application/json":
        raise ValueError(_("The body must be JSON: Content-Type: application/json."))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise ValueError(_("The body is not JSON in UTF-8.")) from None
    if not isinstance(body, dict) or body.keys() - {"online"} or not isinstance(body.get("online", True), bool):
        raise ValueError(_('The body is an object; it may say {"online": true} or {"online": false}.'))
    return body.get("online")


def _put_phone(server, registration, online):
    found = server.call("POST", "devices", {"token": registration})
    if online is None or online == found["online"]:
        return found
    return server.phone(registration, "online" if online else "offline")


def _phone_json(found):
    """The phone as the page draws it: on line or not, number of FCM topics, what waits, the tray (newest first)."""
    came_at = {message["id"]: message["at"] for message in found["received"]}
    cards = [
        {"tag": tag, "title": card["title"], "body": card["body"], "link": card.get("link"), "id": card["id"]}
        | {"at": _timestamp(came_at.get(card["id"]))}
        for tag, card in found["tray"].items()
    ]
    cards.sort(key=lambda card: card["at"] or "", reverse=True)
    return {"online": found["online"], "topics": len(found["topics"]), "waiting": found["waiting"], "tray": cards}


def _timestamp(seconds):
    """RFC 3339; None for a message so old that the server forgot when it came."""
    return seconds and timezone.localtime(datetime.datetime.fromtimestamp(seconds, datetime.UTC)).isoformat()


def _fcm_error_response(status):
    if status == 404:
        return _error_response(404, "not_found", _("The local FCM server does not know this phone."))
    if status == 400:
        return _error_response(400, "invalid", _("The local FCM server does not take this registration."))
    return _error_response(502, "fcm_away", _("The local FCM server does not answer."))


def _error_response(status, code, detail):
    return JsonResponse({"code": code, "detail": detail}, status=status)
