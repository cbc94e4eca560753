"""What several operations have in common is written once, in `components`, and operations refer to it."""

import json
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
    ("200", "application/atom+xml", "application/feed+json"): "Feed",
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

    A component has the name of the parameter. Of several that have one name, each has that of its first group of
    operations before it: `documentsKey`.
    """
    uses: dict[str, list[JSONObject]] = defaultdict(list)  # by the parameter as text: the lists that contain it
    tags: dict[str, str] = {}
    for operation in operations(result):
        for parameter in operation.get("parameters", []):
            text = json.dumps(parameter, sort_keys=True)
            uses[text].append(operation)
            tags.setdefault(text, operation["tags"][0])
    shared = [text for text, found in uses.items() if len(found) > 1]
    names = _component_names(shared, tags)
    for text in shared:
        reference = {"$ref": f"#/components/parameters/{names[text]}"}
        for operation in uses[text]:
            operation["parameters"] = [
                reference if json.dumps(each, sort_keys=True) == text else each for each in operation["parameters"]
            ]
    components = {names[text]: json.loads(text) for text in shared}
    result["components"]["parameters"] = dict(sorted(components.items()))
    return result


def _component_names(parameters: list[str], tags: dict[str, str]) -> dict[str, str]:
    """{parameter as text: name of its component}. A name that is given twice gets a number at its end."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for text in parameters:
        by_name[json.loads(text)["name"].replace("-", "_")].append(text)
    names: dict[str, str] = {}
    for name, texts in by_name.items():
        for text in texts:
            wanted = name if len(texts) == 1 else f"{tags[text]}_{name}"
            taken = sum(other == wanted or other.startswith(f"{wanted}_") for other in names.values())
            names[text] = f"{wanted}_{taken + 1}" if taken else wanted
    return names
