"""drf-spectacular hooks: examples, security, response headers and bounds of every operation.

Linters require a bound for every value (OWASP API4:2023). Where no rule sets a tighter one, it is what the database
can store.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from api.request_validation import MAX_QUERY_LENGTH
from api.types import JSONObject

# responses of a running installation, by operation (bench/examples.py)
EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text())
MAX_STRING_LENGTH = 2**30 - 1  # characters; PostgreSQL's longest text is 1 GiB
MAX_ARRAY_ITEMS = 2**31 - 1
INT64_BOUNDS = {"format": "int64", "minimum": -(2**63), "maximum": 2**63 - 1}
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


def add_bounds(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """Add bounds to parameters, bodies and responses."""
    for operation in operations(result):
        for parameter in operation.get("parameters", []):
            add_schema_bounds(parameter["schema"], MAX_QUERY_LENGTH)
    add_schema_bounds(result["paths"], MAX_STRING_LENGTH)
    add_schema_bounds(result["components"]["schemas"], MAX_STRING_LENGTH)
    return result


def add_schema_bounds(schema: JSONObject, longest: int) -> None:
    """Add missing bounds to strings, arrays and integers, in place and recursively."""
    if isinstance(schema, list):
        for each in schema:
            add_schema_bounds(each, longest)
    if not isinstance(schema, dict):
        return
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if "string" in types and not schema.keys() & {"enum", "const"}:
        schema.setdefault("maxLength", longest)
    if "array" in types:
        schema.setdefault("maxItems", min(longest, MAX_ARRAY_ITEMS))
    if "integer" in types and "enum" not in schema:
        for name, value in INT64_BOUNDS.items():
            schema.setdefault(name, value)
    for name, each in schema.items():
        if name not in ("example", "examples", "default", "enum"):
            add_schema_bounds(each, longest)


def inner_objects(value: Any) -> Iterator[JSONObject]:
    """The object and all objects in it."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inner_objects(each)


def operations(result: JSONObject) -> Iterator[JSONObject]:
    for methods in result["paths"].values():
        yield from (operation for operation in methods.values() if isinstance(operation, dict))
