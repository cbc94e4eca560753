"""The control side, `/_emu/*`: tests and the /phone page create phones, read the log and plan faults."""

from urllib.parse import unquote

from config.local.fcm_emulator.faults import FAULT_KINDS, OPERATIONS, Fault
from config.local.fcm_emulator.http_messages import Request, Response, read_json
from config.local.fcm_emulator.message_queue import PLATFORMS

_NUMBER = (int, float)


class ControlError(ValueError):
    """The caller's mistake, in words."""


def control_response(emulator, request: Request) -> Response:
    """The answer to any control request; mistakes become `{"error": …}` with 400, 404 or 405."""
    name, _, rest = request.path.removeprefix("/_emu/").partition("/")
    handlers = _HANDLERS.get(name)
    if handlers is None or (rest and name != "devices"):
        known = ", ".join(f"/_emu/{known}" for known in _HANDLERS)
        return Response(404, {"error": f"no {request.path} here; known: {known}"})
    if request.method not in handlers:
        allowed = ", ".join(handlers)
        return Response(405, {"error": f"{request.path} takes {allowed}, not {request.method}"}, {"Allow": allowed})
    try:
        return handlers[request.method](emulator, request, rest)
    except ControlError as mistake:
        return Response(400, {"error": str(mistake)})


def _get_phones(emulator, _request, rest):
    if not rest:
        return Response(200, list(emulator.phones.by_token))
    return _with_phone(emulator, rest, lambda phone: None)


def _post_phones(emulator, request, rest):
    if not rest:
        return _add_phones(emulator, request)
    registration, _, verb = rest.rpartition("/")
    if verb not in _PHONE_COMMANDS or not registration:
        raise ControlError(f"after the device comes one of {', '.join(_PHONE_COMMANDS)}, not {verb!r}")
    return _with_phone(emulator, registration, _PHONE_COMMANDS[verb])


def _with_phone(emulator, registration, act):
    phone = emulator.phones.find(unquote(registration))
    if phone is None:
        return Response(404, {"error": f"no phone with token or fid {unquote(registration)!r}"})
    act(phone)
    return Response(200, phone.as_json())


_PHONE_COMMANDS = {
    "online": lambda phone: phone.go_online(),
    "offline": lambda phone: setattr(phone, "online", False),
    "invalidate": lambda phone: setattr(phone, "valid", False),
}


def _add_phones(emulator, request):
    """201 if a phone is new, 200 if all were there. An object gets an object back, a list a list."""
    body, wishes = _body_objects(request)
    wishes = [_checked_phone(wish) for wish in wishes]
    try:
        added = [emulator.phones.add(**wish) for wish in wishes]
    except ValueError as clash:
        raise ControlError(str(clash)) from None
    shown = [phone.as_json() for phone, _new in added]
    return Response(201 if any(new for _phone, new in added) else 200, shown if isinstance(body, list) else shown[0])


def _checked_phone(wish):
    _check_fields(wish, {"token": str, "fid": str, "platform": str, "online": bool}, needed=("token",))
    for name in ("token", "fid"):
        if name in wish and wish[name].split() != [wish[name]]:
            raise ControlError(f"{name} must be a non-empty string without spaces")
    if wish.get("platform", "android") not in PLATFORMS:
        raise ControlError(f"platform must be one of {', '.join(PLATFORMS)}, not {wish['platform']!r}")
    return {"fid": None, "platform": "android", "online": True, **wish}


def _plan_faults(emulator, request, _rest):
    _body, wishes = _body_objects(request)
    emulator.faults.planned = [_checked_fault(wish) for wish in wishes]
    return _read_faults(emulator, request, _rest)


def _checked_fault(wish):
    fields = {"op": str, "kind": str, "times": int, "target": str, "retry_after": int, "delay": _NUMBER}
    _check_fields(wish, fields, needed=("op", "kind"))
    for name, known in (("op", OPERATIONS), ("kind", FAULT_KINDS)):
        if wish[name] not in known:
            raise ControlError(f"unknown {name} {wish[name]!r}; known: {', '.join(known)}")
    if wish["kind"] == "INVALID_GRANT" and wish["op"] != "token":
        raise ControlError("INVALID_GRANT is an answer of op token only")
    for name, least, most in (("times", 1, 10**9), ("retry_after", 0, 10**6), ("delay", 0, 600)):
        if not least <= wish.get(name, least) <= most:
            raise ControlError(f"{name} must be from {least} to {most}")
    return Fault(**wish)


def _read_faults(emulator, _request, _rest):
    return Response(200, [vars(fault) for fault in emulator.faults.planned if fault.times])


def _clear_faults(emulator, _request, _rest):
    emulator.faults.planned = []
    return Response(200, {})


def _clear_log(emulator, _request, _rest):
    emulator.log.clear()
    return Response(200, {})


def _reset(emulator, _request, _rest):
    emulator.reset()
    return Response(200, {})


_HANDLERS = {
    "devices": {"GET": _get_phones, "POST": _post_phones},
    "faults": {"GET": _read_faults, "POST": _plan_faults, "DELETE": _clear_faults},
    "log": {"GET": lambda emulator, _request, _rest: Response(200, list(emulator.log)), "DELETE": _clear_log},
    "reset": {"POST": _reset},
}


def _body_objects(request):
    """The body as it came, and as a list of objects."""
    try:
        body = read_json(request.body)
    except ValueError as error:
        raise ControlError(f"the body is not JSON: {error}") from None
    wishes = body if isinstance(body, list) else [body]
    if not all(isinstance(wish, dict) for wish in wishes):
        raise ControlError("the body must be an object or a list of objects")
    return body, wishes


def _check_fields(wish, types, *, needed):
    for name in wish.keys() - types.keys():
        raise ControlError(f"unknown field {name!r}; known: {', '.join(types)}")
    for name in needed:
        if name not in wish:
            raise ControlError(f"{name} is missing")
    for name, value in wish.items():
        if not isinstance(value, types[name]) or (isinstance(value, bool) and types[name] is not bool):
            raise ControlError(f"{name} has the wrong type: {value!r}")
