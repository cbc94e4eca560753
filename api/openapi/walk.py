"""Ways through an OpenAPI description."""

from collections.abc import Iterator
from typing import Any

from api.types import JSONObject

NO_SCHEMAS = ("example", "examples", "default")  # values, in which a name means nothing


def operations(result: JSONObject) -> Iterator[JSONObject]:
    for methods in result["paths"].values():
        yield from (operation for operation in methods.values() if isinstance(operation, dict))


def inner_objects(value: Any) -> Iterator[JSONObject]:
    """The object and all objects in it, examples left out."""
    if isinstance(value, dict):
        yield value
        for name, each in list(value.items()):
            if name not in NO_SCHEMAS:
                yield from inner_objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from inner_objects(each)
