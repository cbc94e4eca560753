"""OpenAPI description: a Problem for every error response, and parameters that views declare themselves."""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import Serializer

from api.fields import KnownFieldsOnly
from api.negotiation import PROBLEM_MEDIA_TYPE
from api.types import JSONObject

# security of operations that differs from the default of the view; drf-spectacular's types miss the OpenAPI form
DEVICE_ONLY: Any = [{"device": []}]
DEVICE_OR_NOBODY: Any = [{"device": []}, {}]
LANG_PARAMETER = OpenApiParameter(
    "lang",
    str,
    enum=[code for code, _name in settings.LANGUAGES],
    description="Language of the response. Overrides Accept-Language.",
)
ERROR_DESCRIPTIONS = {
    "400": "A part of the request is not valid. `errors` names it.",
    "401": "The secret is missing or belongs to no device.",
    "404": "Nothing public exists at this URL.",
    "405": "The URL does not support this method.",
    "406": "The response is not available in an accepted media type.",
    "409": "A rule does not allow the request now. `code` names the rule.",
    "410": "The object was withdrawn, or the provision was removed before that day. `detail` says when and why.",
    "411": "The body has no Content-Length.",
    "429": "Too many requests. Wait as long as `Retry-After` says.",
    "413": "The body is larger than 1 MiB.",
    "415": "The body must be JSON.",
    "500": "The server failed. The failure is logged under `request_id`.",
    "503": "The database does not respond. Wait as long as `Retry-After` says.",
}


SPARSE_FIELDS = "x-sparse-fields"
ShownParameter = OpenApiParameter | Serializer[Any] | type[Serializer[Any]]  # as drf-spectacular takes it


def _without_duplicate_blank(shown: JSONObject) -> JSONObject:
    """Remove the second alternative for "": drf-spectacular adds it even where the first one already allows ""."""
    inner = shown.get("oneOf", [{}])[0]
    if "pattern" not in inner or not re.match(inner["pattern"], ""):
        return shown
    return {name: value for name, value in shown.items() if name != "oneOf"} | inner


def shown_on_request(serializer: Any) -> set[str]:
    """Names of the fields of a response that are there only if a parameter asks for them."""
    return set(getattr(serializer, "shown_on_request", ()))


def list_parameter(name: str, known: Iterable[str], description: str) -> OpenApiParameter:
    """A query parameter with a comma-separated list of these names."""
    return OpenApiParameter(
        name,
        {"type": "array", "items": {"type": "string", "enum": sorted(known)}, "minItems": 1},
        explode=False,
        description=description,
    )


class OperationSchema(AutoSchema):
    """Adds to every operation its error responses and `lang`, and marks those that take `fields`.

    `fields` is no parameter of the operations: a typed client cannot read an answer without fields that its type
    requires, and a type that requires nothing would serve nobody else. The introduction explains the mark.
    """

    def get_override_parameters(self) -> list[ShownParameter]:
        parameters = [LANG_PARAMETER] if "lang" in self._accepted_parameters() else []
        return [*super().get_override_parameters(), *parameters]

    def _get_filter_parameters(self) -> list[JSONObject]:
        """The parameters of filters, with their longest value, which the generator leaves out."""
        parameters: list[JSONObject] = super()._get_filter_parameters()
        filters = getattr(getattr(self.view, "filterset_class", None), "base_filters", {})
        for parameter in parameters:
            longest = getattr(filters.get(parameter["name"]), "extra", {}).get("max_length")
            if longest:
                parameter["schema"]["maxLength"] = longest
        return parameters

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def get_extensions(self) -> JSONObject:
        extensions: JSONObject = dict(super().get_extensions())
        return extensions | ({SPARSE_FIELDS: True} if "fields" in self._accepted_parameters() else {})

    def _accepted_parameters(self) -> set[str]:
        return getattr(self.view, "known_parameters", set)() if self.method == "GET" else set()

    def _map_basic_serializer(self, serializer: Any, direction: str) -> JSONObject:
        schema: JSONObject = super()._map_basic_serializer(serializer, direction)
        if direction == "response":  # what serializers show is always there, whatever a column may lack
            always = schema.get("properties", {}).keys() - shown_on_request(force_instance(serializer))
            schema["required"] = sorted(always)
        if direction == "request" and isinstance(force_instance(serializer), KnownFieldsOnly):
            schema["additionalProperties"] = False
        schema["properties"] = {
            name: _without_duplicate_blank(shown) for name, shown in schema.get("properties", {}).items()
        }
        return schema

    def _get_response_bodies(self, direction: Any = "response") -> JSONObject:
        responses: JSONObject = super()._get_response_bodies(direction)
        for status in self._possible_errors():
            responses.setdefault(status, self._problem(status))
        return responses

    def _possible_errors(self) -> list[str]:
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

    def _problem(self, status: str) -> JSONObject:
        schema = {"$ref": "#/components/schemas/Problem"}
        return {"description": ERROR_DESCRIPTIONS[status], "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}}}
