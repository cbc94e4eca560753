"""drf-spectacular hooks: examples, security, response headers and order of parameters of every operation."""

import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from api.openapi.walk import inner_objects, operations
from api.types import JSONObject

# responses of a running installation, by operation (bench/examples.py)
EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text())
RESPONSE_HEADERS = {  # name: (first digits of the statuses that have it, what it is)
    "RateLimit": (
        ("2", "4"),
        {
            "description": "Remaining reads in this window and seconds until the next window, "
            "draft-ietf-httpapi-ratelimit-headers.",
            "schema": {"type": "string", "maxLength": 200, "examples": ['"anonymous";r=599;t=60']},
        },
    ),
    "Retry-After": (
        ("429", "503"),
        {
            "description": "Seconds to wait before the next request.",
            "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 86400},
        },
    ),
    "Access-Control-Allow-Origin": (
        ("",),
        {"description": "Web pages of any origin may read the response.", "schema": {"type": "string", "const": "*"}},
    ),
}


def add_examples(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Add to each operation with a JSON response a recorded response."""
    for operation in operations(result):
        example = EXAMPLES.get(operation["operationId"])
        for status, response in operation["responses"].items():
            if example is not None and status.startswith("2") and "application/json" in response.get("content", {}):
                response["content"]["application/json"]["example"] = example
    return result


def remove_generator_marks(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Remove `readOnly` and `writeOnly`: a component is either sent or received, and clients drop what is read-only."""
    for schema in inner_objects(result["components"]["schemas"]):
        schema.pop("readOnly", None)
        schema.pop("writeOnly", None)
    return result


def sort_parameters(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """List the parameters in the order in which the path has them, then those of the query, then headers."""
    places = ["path", "query", "header"]
    for path, methods in result["paths"].items():
        for operation in methods.values():
            operation.get("parameters", []).sort(
                key=lambda each, path=path: (places.index(each["in"]), path.find(f"{{{each['name']}}}"), each["name"])
            )
    return result


def add_empty_security(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Write an explicit empty security requirement for operations without authentication."""
    for operation in operations(result):
        if "security" not in operation:
            operation["security"] = [{}]
    return result


def add_response_headers(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Add the headers of RESPONSE_HEADERS to the responses that have them."""
    result["components"]["headers"] = {name: header for name, (_statuses, header) in RESPONSE_HEADERS.items()}
    for operation in operations(result):
        for status, response in operation["responses"].items():
            for name, (statuses, _header) in RESPONSE_HEADERS.items():
                if status.startswith(statuses):
                    reference = {"$ref": f"#/components/headers/{name}"}
                    response.setdefault("headers", {}).setdefault(name, reference)
    return result


def add_integer_formats(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Say of every whole number that does not say so itself that it fits into 32 bits: clients choose a type by it."""
    for schema in inner_objects([result["paths"], result["components"]]):
        if schema.get("type") in ("integer", ["integer", "null"]) or "integer" in schema.get("type", ()):
            schema.setdefault("format", "int32")
    return result
