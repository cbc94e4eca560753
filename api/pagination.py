"""Pages by cursor: a deep page costs what the first one costs, and none is skipped while rows are added."""

from base64 import b64decode
from binascii import Error as BadBase64
from urllib.parse import parse_qs

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination, Cursor, CursorPagination
from rest_framework.response import Response

MAX_PAGE_SIZE = 100


def page_schema(schema):
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {"next": link, "previous": link, "results": schema},
    }


class SinglePagePagination(BasePagination):
    """All of a short list in one answer, in the shape of every other list."""

    parameters = ()

    def paginate_queryset(self, queryset, request, view=None):
        return list(queryset)

    def get_paginated_response(self, data):
        return Response({"next": None, "previous": None, "results": data})

    def get_paginated_response_schema(self, schema):
        return page_schema(schema)


def link_header(**targets):
    """A Link header (RFC 8288) of relation → address; those that are None are left out."""
    return ", ".join(f'<{url}>; rel="{name.replace("_", "-")}"' for name, url in targets.items() if url)


class StrictCursorPagination(CursorPagination):
    """DRF's cursor over one unique column, with bad cursors and sizes refused instead of ignored (or a 500)."""

    parameters = ("cursor", "page_size")
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    ordering = "-list_order"

    def get_page_size(self, request):
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 5 and 1 <= int(asked) <= MAX_PAGE_SIZE):
            raise ValidationError({"page_size": [_("A number from 1 to %d.") % MAX_PAGE_SIZE]}, code="invalid")
        return int(asked)

    def paginate_queryset(self, queryset, request, view=None):
        page = super().paginate_queryset(queryset, request, view)
        self.base_url = settings.PUBLIC_URL + request.get_full_path()  # never the Host header
        return page

    def get_paginated_response(self, data):
        response = super().get_paginated_response(data)
        contract = f"{settings.PUBLIC_URL}/api/v1/openapi.yaml"
        response["Link"] = link_header(next=self.get_next_link(), prev=self.get_previous_link(), service_desc=contract)
        return response

    def decode_cursor(self, request):
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        try:
            fields = parse_qs(b64decode(encoded, validate=True).decode("ascii"), strict_parsing=True)
            if set(fields) - {"p", "r"}:
                raise ValueError
            position = int(fields["p"][0])
            if not 0 <= position < 2**63:
                raise ValueError
            return Cursor(offset=0, reverse=fields.get("r") == ["1"], position=str(position))
        except (BadBase64, UnicodeDecodeError, ValueError, KeyError):
            raise ValidationError({"cursor": [_("This is not a cursor of ours.")]}, code="invalid") from None

    def get_paginated_response_schema(self, schema):
        return page_schema(schema)

    def get_schema_operation_parameters(self, view):
        cursor, page_size = super().get_schema_operation_parameters(view)
        cursor["description"] = "From `next` or `previous` of another page."
        cursor["schema"]["pattern"] = "^[A-Za-z0-9+/]+=*$"
        page_size["description"] = f"How many results a page has; {self.page_size} without it."
        page_size["schema"] |= {"minimum": 1, "maximum": MAX_PAGE_SIZE, "default": self.page_size}
        return [cursor, page_size]
