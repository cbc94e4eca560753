"""Serializers used again: DRF copies all fields of one for each request, which costs more than what they then do.

For serializers whose result depends on what they are given alone: on no context, no query of their own.
"""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import BaseSerializer

from api.types import JSONObject

Class = type[BaseSerializer[Any]]
_made: dict[Class, BaseSerializer[Any]] = {}


def validated(serializer: Class, data: Any) -> JSONObject:
    """The validated data of a body. Raises ValidationError, as `is_valid` of a new serializer."""
    try:
        found: JSONObject = _shared(serializer).run_validation(data)
        return found
    except ValidationError:  # a field that is used again keeps its words in the language of the first who saw them
        new = serializer(data=data)
        new.is_valid(raise_exception=True)
        right: JSONObject = new.validated_data
        return right


def represented(serializer: Class, instance: Any) -> JSONObject:
    """What the serializer shows of an instance."""
    shown: JSONObject = _shared(serializer).to_representation(instance)
    return shown


def _shared(serializer: Class) -> BaseSerializer[Any]:
    if serializer not in _made:
        _made[serializer] = serializer()
    return _made[serializer]
