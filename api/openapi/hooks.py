"""drf-spectacular hooks: security, response headers and order of parameters of every operation."""

import copy
from typing import Any

from django.http import HttpRequest

from api.openapi.walk import inner_objects, operations
from api.types import JSONObject

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


def copy_result(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Copy everything: parts of the description belong to modules, and the hooks that follow change it in place."""
    return copy.deepcopy(result)


def remove_generator_marks(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Remove `readOnly` and `writeOnly`: a component is either sent or received, and clients drop what is read-only.

    Labels of the staff site, which the generator calls `title`, go too.
    """
    for schema in inner_objects([result["paths"], result["components"]["schemas"]]):
        schema.pop("readOnly", None)
        schema.pop("writeOnly", None)
        if isinstance(schema.get("title"), str):
            del schema["title"]
    return result


def add_url_formats(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Say of every field with a URL that it is one."""
    for schema in result["components"]["schemas"].values():
        for name, field in schema.get("properties", {}).items():
            if name == "url" or name.endswith("_url") or name.startswith("url_"):
                field.setdefault("format", "uri")
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
    result["components"]["headers"] = {
        name: copy.deepcopy(header) for name, (_statuses, header) in RESPONSE_HEADERS.items()
    }
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
