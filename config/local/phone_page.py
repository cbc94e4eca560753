"""The page /phone: a virtual phone to look at, in local mode only (config/urls.py).

The browser can reach only the web process. So these views pass on to the local FCM server what a phone needs: to exist,
to be online or offline, and to show its tray. Everything else the page does through the public API, as an app would.
"""

import datetime
import json
from http.client import HTTPException
from urllib.error import HTTPError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from config.command_lines import manage_line
from config.local.fcm_emulator.client import ControlClient
from config.local.fcm_emulator.http_messages import JsonObject
from config.local.fcm_emulator.message_queue import TrayEntry

REGISTRATION_PATTERN = r"[A-Za-z0-9_-]{20,100}"  # the page makes it from random bytes
MAX_PHONES = 100  # a page of any origin may make one
TIMEOUT_SECONDS = 3  # shorter than the page's own timeout


class RoutineJsonResponse(JsonResponse):
    """An answer that the request log leaves out: the page asks every second."""

    is_routine = True


@never_cache
@require_safe
def phone_page(request: HttpRequest) -> HttpResponse:
    """The HTML page."""
    again = " && ".join(map(manage_line, ("load_sample --remove", "load_sample --notify")))
    return render(request, "phone.html", {"publish_again": again})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "PUT"])
def phone_state(request: HttpRequest, registration: str) -> HttpResponse:
    """The phone with this FCM registration. PUT creates it if it is new; `{"online": bool}` sets whether it is online.

    200 as in `_phone_json`; 404 if the local FCM server does not know the phone, 409 if there are MAX_PHONES, 502 if
    it does not answer. A page in development, of another origin (CORS), may call it and so receive pushes.
    """
    try:
        online = _requested_online(request) if request.method == "PUT" else None
    except ValueError as mistake:
        return _error_response(400, "invalid", str(mistake))
    server = ControlClient(settings.FCM_PORT, settings.HOME / "fcm", timeout_seconds=TIMEOUT_SECONDS)
    try:
        if request.method == "PUT":
            known = server.call("GET", "devices")
            if registration not in known and len(known) >= MAX_PHONES:
                return _error_response(409, "full", _("100 phones exist. Stop the server, delete fcm/phones.pickle."))
            return JsonResponse(_phone_json(_put_phone(server, registration, online)))
        return RoutineJsonResponse(_phone_json(server.phone(registration)))
    except (OSError, HTTPException, ValueError) as error:
        return _fcm_error_response(error.code if isinstance(error, HTTPError) else 502)


def _requested_online(request: HttpRequest) -> bool | None:
    """The value of `online` in the body; None if it is not there. Raises ValueError with a message for people."""
    if request.content_type != "application/json":
        raise ValueError(_("The body must be JSON: Content-Type: application/json."))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise ValueError(_("The body is not JSON in UTF-8.")) from None
    if not isinstance(body, dict) or body.keys() - {"online"} or not isinstance(body.get("online", True), bool):
        raise ValueError(_('The body must be an object. It may contain {"online": true} or {"online": false}.'))
    online: bool | None = body.get("online")
    return online


def _put_phone(server: ControlClient, registration: str, online: bool | None) -> JsonObject:
    phone: JsonObject = server.call("POST", "devices", {"token": registration})
    is_as_asked = online is None or online == phone["online"]
    return phone if is_as_asked else server.phone(registration, "online" if online else "offline")


def _phone_json(phone: JsonObject) -> JsonObject:
    """The phone as the page draws it: online or not, number of FCM topics and waiting messages, tray (newest first)."""
    received = {message["id"]: message for message in phone["received"]}
    cards = [_tray_card(tag, entry, received.get(entry["id"])) for tag, entry in phone["tray"].items()]
    cards.sort(key=lambda card: card["at"] or "", reverse=True)
    return {"online": phone["online"], "topics": len(phone["topics"]), "waiting": phone["waiting"], "tray": cards}


def _tray_card(tag: str, entry: TrayEntry, received: JsonObject | None) -> JsonObject:
    """`received`: the message with the time of its arrival; None if it is so old that the server forgot it."""
    card = {"tag": tag, "title": entry["title"], "body": entry["body"], "link": entry.get("link"), "id": entry["id"]}
    if received is None:
        return card | {"at": None, "data": None}
    at = timezone.localtime(datetime.datetime.fromtimestamp(received["at"], datetime.UTC))
    return card | {"at": at.isoformat(), "data": received["message"].get("data", {})}


def _fcm_error_response(status: int) -> JsonResponse:
    if status == 404:
        return _error_response(404, "not_found", _("The local FCM server does not know this phone."))
    if status == 400:
        return _error_response(400, "invalid", _("The local FCM server refuses this registration."))
    return _error_response(502, "fcm_away", _("The local FCM server does not answer."))


def _error_response(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse({"code": code, "detail": detail}, status=status)
