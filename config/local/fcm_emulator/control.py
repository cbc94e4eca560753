"""The control side, `/_emu/*`: tests and the page /phone create phones, read the log and plan faults."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from config.local.fcm_emulator.faults import FAULT_KINDS, OPERATIONS, Fault
from config.local.fcm_emulator.http_messages import JsonObject, Request, Response, read_json
from config.local.fcm_emulator.message_queue import PLATFORMS
from config.local.fcm_emulator.phones import VirtualPhone
from config.local.fcm_emulator.state import EmulatorState

_NUMBER = (int, float)

FieldTypes = Mapping[str, type | tuple[type, ...]]


class ControlError(ValueError):
    """A mistake of the caller. The message says what is wrong."""


def control_response(emulator: EmulatorState, request: Request) -> Response:
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


def _get_phones(emulator: EmulatorState, _request: Request, rest: str) -> Response:
    if not rest:
        return Response(200, list(emulator.phones.by_token))
    return _with_phone(emulator, rest, lambda phone: None)


def _post_phones(emulator: EmulatorState, request: Request, rest: str) -> Response:
    if not rest:
        return _add_phones(emulator, request)
    registration, _, verb = rest.rpartition("/")
    if verb not in _PHONE_COMMANDS or not registration:
        raise ControlError(f"after the device comes one of {', '.join(_PHONE_COMMANDS)}, not {verb!r}")
    return _with_phone(emulator, registration, _PHONE_COMMANDS[verb])


def _with_phone(emulator: EmulatorState, registration: str, command: Callable[[VirtualPhone], None]) -> Response:
    phone = emulator.phones.find(unquote(registration))
    if phone is None:
        return Response(404, {"error": f"no phone with token or fid {unquote(registration)!r}"})
    command(phone)
    return Response(200, phone.as_json())


_PHONE_COMMANDS: dict[str, Callable[[VirtualPhone], None]] = {
    "online": lambda phone: phone.go_online(),
    "offline": lambda phone: setattr(phone, "online", False),
    "invalidate": lambda phone: setattr(phone, "valid", False),
}


def _add_phones(emulator: EmulatorState, request: Request) -> Response:
    """201 if a phone is new, 200 if all existed. The answer is an object for an object and a list for a list."""
    body, objects = _body_objects(request)
    checked = [_checked_phone(fields) for fields in objects]
    try:
        added = [emulator.phones.add(**fields) for fields in checked]
    except ValueError as clash:
        raise ControlError(str(clash)) from None
    phones = [phone.as_json() for phone, _new in added]
    status = 201 if any(new for _phone, new in added) else 200
    return Response(status, phones if isinstance(body, list) else phones[0])


def _checked_phone(fields: JsonObject) -> JsonObject:
    _check_fields(fields, {"token": str, "fid": str, "platform": str, "online": bool}, needed=("token",))
    for name in ("token", "fid"):
        if name in fields and fields[name].split() != [fields[name]]:
            raise ControlError(f"{name} must be a non-empty string without spaces")
    if fields.get("platform", "android") not in PLATFORMS:
        raise ControlError(f"platform must be one of {', '.join(PLATFORMS)}, not {fields['platform']!r}")
    return {"fid": None, "platform": "android", "online": True, **fields}


def _plan_faults(emulator: EmulatorState, request: Request, _rest: str) -> Response:
    _body, objects = _body_objects(request)
    emulator.faults.planned = [_checked_fault(fields) for fields in objects]
    return _read_faults(emulator, request, _rest)


def _checked_fault(fields: JsonObject) -> Fault:
    types: FieldTypes = {
        "op": str, "kind": str, "times": int, "target": str, "retry_after": int, "delay": _NUMBER,
    }  # fmt: skip
    _check_fields(fields, types, needed=("op", "kind"))
    for name, known in (("op", OPERATIONS), ("kind", FAULT_KINDS)):
        if fields[name] not in known:
            raise ControlError(f"unknown {name} {fields[name]!r}; known: {', '.join(known)}")
    if fields["kind"] == "INVALID_GRANT" and fields["op"] != "token":
        raise ControlError("INVALID_GRANT is an answer of op token only")
    for name, least, most in (("times", 1, 10**9), ("retry_after", 0, 10**6), ("delay", 0, 600)):
        if not least <= fields.get(name, least) <= most:
            raise ControlError(f"{name} must be from {least} to {most}")
    return Fault(**fields)


def _read_faults(emulator: EmulatorState, _request: Request, _rest: str) -> Response:
    return Response(200, [vars(fault) for fault in emulator.faults.planned if fault.times])


def _clear_faults(emulator: EmulatorState, _request: Request, _rest: str) -> Response:
    emulator.faults.planned = []
    return Response(200, {})


def _read_log(emulator: EmulatorState, _request: Request, _rest: str) -> Response:
    return Response(200, [vars(entry) for entry in emulator.log])


def _clear_log(emulator: EmulatorState, _request: Request, _rest: str) -> Response:
    emulator.log.clear()
    return Response(200, {})


def _reset(emulator: EmulatorState, _request: Request, _rest: str) -> Response:
    emulator.reset()
    return Response(200, {})


_HANDLERS: dict[str, dict[str, Callable[[EmulatorState, Request, str], Response]]] = {
    "devices": {"GET": _get_phones, "POST": _post_phones},
    "faults": {"GET": _read_faults, "POST": _plan_faults, "DELETE": _clear_faults},
    "log": {"GET": _read_log, "DELETE": _clear_log},
    "reset": {"POST": _reset},
}


def _body_objects(request: Request) -> tuple[Any, list[JsonObject]]:
    """(the body as it came, the objects in it)."""
    try:
        body = read_json(request.body)
    except ValueError as error:
        raise ControlError(f"the body is not JSON: {error}") from None
    objects = body if isinstance(body, list) else [body]
    if not all(isinstance(each, dict) for each in objects):
        raise ControlError("the body must be an object or a list of objects")
    return body, objects


def _check_fields(fields: JsonObject, types: FieldTypes, *, needed: Sequence[str]) -> None:
    """Raise ControlError for an unknown field, a missing one, or one of the wrong type."""
    for name in fields.keys() - types.keys():
        raise ControlError(f"unknown field {name!r}; known: {', '.join(types)}")
    for name in needed:
        if name not in fields:
            raise ControlError(f"{name} is missing")
    for name, value in fields.items():
        if not isinstance(value, types[name]) or (isinstance(value, bool) and types[name] is not bool):
            raise ControlError(f"{name} has the wrong type: {value!r}")
