"""Sparse responses: `?fields=` selects fields, `?include=` adds related content."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.types import JSONObject

if TYPE_CHECKING:
    from rest_framework.generics import GenericAPIView as _View  # the class that the mixin extends
else:
    _View = object


def requested_names(request: Request, parameter: str, known: Collection[str]) -> list[str] | None:
    """Names in a comma-separated parameter; None without it. Raises ValidationError for a name not in `known`."""
    requested = request.query_params.get(parameter)
    if requested is None:
        return None
    listed = [name.strip() for name in requested.split(",")]
    unknown = [name for name in listed if name not in known]
    if unknown:
        message = _("Unknown: %(unknown)s. Known: %(known)s.")
        words = {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known)) or "–"}
        raise ValidationError({parameter: [message % words]}, code="invalid_choice")
    return listed


def select_fields(request: Request, representation: JSONObject) -> JSONObject:
    """The representation reduced to the fields in `fields`; unchanged without that parameter."""
    requested = requested_names(request, "fields", representation.keys())
    return representation if requested is None else {name: representation[name] for name in requested}


def only_fields(representation: JSONObject, names: Collection[str] | None) -> JSONObject:
    """The representation reduced to these fields, in its own order, as a serializer does; unchanged for None."""
    return representation if names is None else {name: representation[name] for name in representation if name in names}


class SparseFieldsMixin(_View):
    """Makes serializers of a view compute only the fields in `fields`."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        target: Any = getattr(serializer, "child", serializer)
        requested = requested_names(self.request, "fields", target.fields.keys())
        for name in set(target.fields) - set(requested or target.fields):
            target.fields.pop(name)
        return serializer
