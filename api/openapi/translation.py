"""The words of the contract in two languages: English is written in the code, Vietnamese is in the catalogue.

drf-spectacular collects descriptions from help texts, docstrings and decorators, of which docstrings cannot be lazy
strings. So the finished description is translated: each English text is a msgid of api/locale.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from api.openapi.info import DESCRIPTION
from api.openapi.walk import NO_SCHEMAS
from api.types import JSONObject

TEXTS = ("description", "summary")  # names of what is written for people


def translate_texts(result: JSONObject, generator: object, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: say everything in the active language. A list of texts becomes one."""
    result["info"]["description"] = "\n\n".join(gettext(paragraph) for paragraph in DESCRIPTION)
    for holder, name in _places(result):
        if holder is not result["info"]:
            texts = holder[name] if isinstance(holder[name], list) else [holder[name]]
            holder[name] = " ".join(gettext(text) for text in texts)
    return result


def _places(value: Any) -> Iterator[tuple[JSONObject, str]]:
    """(object, name) of each text."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name in TEXTS and isinstance(each, (str, list)):
                yield value, name
            elif name not in NO_SCHEMAS:
                yield from _places(each)
    elif isinstance(value, list):
        for each in value:
            yield from _places(each)
