"""Pages by cursor: a deep page costs what the first one costs, and none is skipped while rows are added."""

from base64 import b64decode
from binascii import Error as BadBase64
from urllib.parse import parse_qs

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination

MOST = 100


class CursorPages(CursorPagination):
    """DRF's cursor over one unique column, with bad cursors and sizes refused instead of ignored (or a 500)."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = MOST
    ordering = "-list_order"

    def get_page_size(self, request):
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 5 and 1 <= int(asked) <= MOST):
            raise ValidationError({"page_size": [_("Một số từ 1 đến %d.") % MOST]}, code="invalid")
        return int(asked)

    def decode_cursor(self, request):
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        try:
            fields = parse_qs(b64decode(encoded, validate=True).decode("ascii"), strict_parsing=True)
            if set(fields) - {"p", "r"}:
                raise ValueError
            return Cursor(offset=0, reverse=fields.get("r") == ["1"], position=str(int(fields["p"][0])))
        except (BadBase64, UnicodeDecodeError, ValueError, KeyError):
            raise ValidationError({"cursor": [_("Con trỏ trang không đúng.")]}, code="invalid") from None

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
