"""A leaf module: settings name these classes, and modules named there must not import DRF's views."""

import codecs
import json

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant


class StrictJSONParser(JSONParser):
    """JSON in UTF-8, with a clear error where DRF would answer 500 or take the last of two.

    Refused: nesting beyond what Python can read, numbers JSON does not have, and a name that stands twice in one object
    (RFC 7493 2.3): whoever reads the body on its way may have seen the other value.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return json.load(
                codecs.getreader("utf-8")(stream),
                parse_constant=strict_constant,
                object_pairs_hook=object_with_unique_names,
            )
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("This is no JSON: %s") % error) from None


def object_with_unique_names(pairs):
    """The object of these members. Raises ValueError naming the first that comes again."""
    members = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(_("the name %s stands twice in one object") % json.dumps(name[:100], ensure_ascii=False))
        members[name] = value
    return members
