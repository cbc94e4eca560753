"""The contract: one Problem for every error, ids of operations written out."""

import re

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.utils import OpenApiParameter

from api.fields import KnownFieldsOnly
from api.negotiation import PROBLEM_MEDIA_TYPE

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "An error, RFC 9457.",
    "required": ["type", "title", "status", "code", "request_id", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "The phrase of the HTTP status."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "For people."},
        "request_id": {"type": "string", "description": "That of `X-Request-ID`; tell it when you report a fault."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer, or the query parameter's name."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
LANG_PARAMETER = OpenApiParameter(
    "lang", str, enum=[code for code, _name in settings.LANGUAGES], description="Beats Accept-Language."
)
ERROR_DESCRIPTIONS = {
    "400": "Something in the request is not valid; `errors` names it.",
    "401": "The secret is missing or belongs to no device.",
    "404": "There is nothing public at this address.",
    "405": "This method is not for this address.",
    "406": "The answer is not given in a media type asked for.",
    "409": "A rule forbids it now; `code` says which.",
    "410": "What stood here was taken back, or stands here no more on that day; `detail` says when and why.",
    "411": "The body came in chunks, without its length.",
    "429": "Too many requests; `Retry-After` says when to come back.",
    "413": "The body is larger than 1 MiB.",
    "415": "The body must be JSON.",
    "500": "The server failed; it is logged under `request_id` and no fault of the request.",
    "503": "The database does not answer; `Retry-After` says when to come back.",
}


EMPTY_STRING_SCHEMA = {"type": "string", "maxLength": 0}


def _without_duplicate_blank(shown):
    """drf-spectacular puts "" beside a pattern or format, also one that allows it: then "" fits both of the oneOf."""
    inner, *others = shown.get("oneOf", [{}])
    if "format" in inner and EMPTY_STRING_SCHEMA in others:
        return shown | {"oneOf": [inner | {"minLength": 1}, EMPTY_STRING_SCHEMA]}
    if "pattern" not in inner or not re.match(inner["pattern"], ""):
        return shown
    return {name: value for name, value in shown.items() if name != "oneOf"} | inner


def list_parameter(name, known, description):
    """A query parameter that takes some of these names, with commas between."""
    return OpenApiParameter(
        name,
        {"type": "array", "items": {"type": "string", "enum": sorted(known)}, "minItems": 1},
        explode=False,
        description=description,
    )


class OperationSchema(AutoSchema):
    """What every operation has: its error responses, and the parameters its view takes beyond filters and pages."""

    def get_override_parameters(self):
        taken = getattr(self.view, "knextra_parameters", set)() if self.method == "GET" else set()
        parameters = [LANG_PARAMETER] if "lang" in taken else []
        if "fields" in taken:
            shown = self.get_response_serializers()
            if isinstance(shown, dict):  # by status and media type, JSON first
                shown = next(iter(shown.values()))
            shown = force_instance(shown)
            shown = getattr(shown, "child", shown)
            parameters.append(list_parameter("fields", shown.fields, "Only these fields."))
        return [*super().get_override_parameters(), *parameters]

    def _map_basic_serializer(self, serializer, direction):
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(force_instance(serializer), KnownFieldsOnly):
            schema["additionalProperties"] = False
        schema["properties"] = {
            name: _without_duplicate_blank(shown) for name, shown in schema.get("properties", {}).items()
        }
        return schema

    def _get_response_bodies(self, direction="response"):
        responses = super()._get_response_bodies(direction)
        for status in self._possible_errors():
            responses.setdefault(status, self._problem(status))
        return responses

    def _possible_errors(self):
        statuses = ["400", "404", "406", "429", "500", "503"]
        if self.get_auth():
            statuses.append("401")
        if getattr(self.view, "can_be_gone", False) and getattr(self.view, "action", None) not in ("list", "create"):
            statuses.append("410")
        if self.method in ("PUT", "POST", "PATCH"):
            statuses += ["411", "413", "415"]
        if self.method in ("PUT", "POST", "PATCH", "DELETE"):
            statuses.append("409")
        return sorted(statuses)

    def _problem(self, status):
        schema = {"$ref": "#/components/schemas/Problem"}
        return {"description": ERROR_DESCRIPTIONS[status], "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}}}


def add_problem_schema(result, generator, request, public):
    """drf-spectacular hook: one shared component instead of one per operation."""
    result["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    return result
