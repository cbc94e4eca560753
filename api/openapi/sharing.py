"""What several operations have in common is written once, in `components`, and operations refer to it."""

import json
import re
from collections import defaultdict

from django.http import HttpRequest

from api.openapi.walk import operations
from api.types import JSONObject

ERROR_NAMES = {  # of the component with the response of each status
    "400": "BadRequest",
    "401": "Unauthorized",
    "404": "NotFound",
    "406": "NotAcceptable",
    "409": "Conflict",
    "410": "Gone",
    "411": "LengthRequired",
    "413": "ContentTooLarge",
    "415": "NotJSON",
    "416": "RangeNotSatisfiable",
    "422": "IdempotencyKeyReused",
    "429": "TooManyRequests",
    "500": "ServerError",
    "503": "Unavailable",
}
SUCCESS_NAMES = {  # by status and media types
    ("204",): "NoContent",
    ("200", "text/calendar"): "Calendar",
    ("200", "application/atom+xml", "application/feed+json", "application/rss+xml"): "Feed",
}


def share_responses(result: JSONObject, generator: object, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: refer to one component per error status, and to one for each success that several have.

    Raises ValueError if two operations say different things about one error status.
    """
    found: dict[str, JSONObject] = {}
    for operation in operations(result):
        for status, response in operation["responses"].items():
            name = _response_name(status, response)
            if name is None:
                continue
            if found.setdefault(name, response) != response:
                raise ValueError(f"{operation['operationId']}: {status} differs from that of other operations.")
            operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    result["components"]["responses"] = dict(sorted(found.items()))
    return result


def _response_name(status: str, response: JSONObject) -> str | None:
    """The name of the component for this response; None for one that belongs to its operation."""
    media_types = list(response.get("content", ()))
    return ERROR_NAMES.get(status) or SUCCESS_NAMES.get((status, *media_types))


def share_parameters(result: JSONObject, generator: object, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: refer to one component for each parameter that several operations take.

    A component has the name of the parameter. Where several have one name, each begins with what it belongs to: the
    segment of the path before it, `documents_key`, or the first group of operations that takes it, `events_status`.
    """
    uses: dict[str, list[JSONObject]] = defaultdict(list)  # by the parameter as text: the operations that take it
    owners: dict[str, str] = {}
    for path, methods in result["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                text = json.dumps(parameter, sort_keys=True)
                uses[text].append(operation)
                owners.setdefault(text, _owner(path, operation, parameter))
    shared = [text for text, found in uses.items() if len(found) > 1]
    names = _component_names(shared, owners)
    for text in shared:
        reference = {"$ref": f"#/components/parameters/{names[text]}"}
        for operation in uses[text]:
            operation["parameters"] = [
                reference if json.dumps(each, sort_keys=True) == text else each for each in operation["parameters"]
            ]
    components = {names[text]: json.loads(text) for text in shared}
    result["components"]["parameters"] = dict(sorted(components.items()))
    return result


def _owner(path: str, operation: JSONObject, parameter: JSONObject) -> str:
    if parameter["in"] != "path":
        return str(operation["tags"][0])
    before = path.partition(f"{{{parameter['name']}}}")[0]
    return [part for part in before.split("/") if part and "{" not in part][-1]


def _component_names(parameters: list[str], owners: dict[str, str]) -> dict[str, str]:
    """{parameter as text: name of its component}. A name that is given twice gets a number at its end."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for text in parameters:
        by_name[json.loads(text)["name"].replace("-", "_")].append(text)
    names: dict[str, str] = {}
    for name, texts in by_name.items():
        for text in texts:
            wanted = name if len(texts) == 1 else f"{owners[text]}_{name}"
            taken = sum(bool(re.fullmatch(rf"{wanted}(_\d+)?", other)) for other in names.values())
            names[text] = f"{wanted}_{taken + 1}" if taken else wanted
    return names
