"""Parts of a representation asked for by bytes (RFC 9110, 14). Pure."""

import re

from django.utils.http import parse_http_date_safe

_ONE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII)


class Unsatisfiable(Exception):
    """The range is well formed, and nothing of what there is lies in it: 416."""


def asked(header, size):
    """(first, last) byte, both inclusive, that a Range header asks for of `size` bytes; None for all of it.

    What is no range of bytes, or several at once, is ignored, as RFC 9110 allows. Raises Unsatisfiable.
    """
    match = _ONE.fullmatch(header or "")
    if match is None or match.group(1, 2) == ("", ""):
        return None
    if match[1] == "":  # the last so many
        if int(match[2]) == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - int(match[2])), size - 1
    first, last = int(match[1]), int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None  # no valid range at all
    if first >= size:
        raise Unsatisfiable
    return first, min(last, size - 1)


def still_holds(if_range, etag, modified_at):
    """Whether If-Range (a strong ETag or an HTTP date; None where there is none) means what we have now.

    `modified_at`: seconds. A weak ETag never does (RFC 9110, 13.1.5).
    """
    if if_range is None:
        return True
    if if_range.startswith(('"', "W/")):
        return if_range == etag
    return parse_http_date_safe(if_range) == int(modified_at)
