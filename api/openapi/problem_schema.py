"""The components Problem and ProblemError: the shape of every error response."""

import copy
from typing import Any

from django.http import HttpRequest

from api.types import JSONObject

PROBLEM_ERROR_SCHEMA = {
    "type": "object",
    "description": "One field or parameter that is not valid.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "JSON Pointer to the field, or `/` and the name of the query parameter.",
        },
        "code": {"type": "string", "description": "Stable code for programs."},
        "detail": {"type": "string", "description": "Explanation for people, in the response language."},
    },
}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "An error (RFC 9457). Decide by `code`, show `detail`, report `request_id`.",
    "required": ["type", "title", "status", "code", "request_id", "errors"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "URL of the page that explains the code; `about:blank` if there is none.",
        },
        "title": {"type": "string", "description": "Phrase of the HTTP status."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": {"type": "string", "description": "Stable code for programs; `/problems` lists all codes."},
        "detail": {"type": "string", "description": "Explanation for people, in the response language."},
        "request_id": {
            "type": "string",
            "description": "Same as `X-Request-ID`. Include it when you report a failure.",
        },
        "errors": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/ProblemError"},
            "description": "The fields and parameters that are not valid; empty: the request as a whole.",
        },
    },
}


def add_problem_schema(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: add the shared components Problem and ProblemError."""
    schemas = {"Problem": PROBLEM_SCHEMA, "ProblemError": PROBLEM_ERROR_SCHEMA}
    result["components"]["schemas"] |= copy.deepcopy(schemas)  # later hooks translate the descriptions in place
    return result
