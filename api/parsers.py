"""Parser of request bodies. Settings name its class, so this module must not import DRF's views."""

import codecs
import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """Parses JSON in UTF-8. Refuses with 400 what DRF answers with 500 or resolves silently.

    Refused: nesting deeper than Python can read, numbers that JSON does not have, and a name that occurs twice in an
    object (RFC 7493, 2.3), because a proxy that read the body may have used the other value.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return json.load(
                codecs.getreader("utf-8")(stream),
                parse_constant=refuse_constant,
                object_pairs_hook=object_with_unique_names,
            )
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply. Flatten it.")) from None
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise ParseError(
                _("The body is not valid JSON: look at line %(line)d, column %(column)d.") % place
            ) from None
        except UnicodeDecodeError:
            raise ParseError(_("The body is not JSON in UTF-8.")) from None
        except ValueError as error:
            raise ParseError(_("The body is not valid JSON: %s") % error) from None


def refuse_constant(name: str) -> None:
    """NaN, Infinity and -Infinity, which Python reads and JSON does not have. Raises ValueError."""
    raise ValueError(_("JSON has no number %s") % name)


def object_with_unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members as a dict. Raises ValueError that names the first repeated name."""
    members = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(_("the name %s occurs twice in one object") % json.dumps(name[:100], ensure_ascii=False))
        members[name] = value
    return members
