"""Pagination by cursor: each page costs the same, and added rows do not shift the pages that follow."""

from base64 import b64decode
from binascii import Error as BadBase64
from typing import Any, cast
from urllib.parse import parse_qs

from django.conf import settings
from django.core.exceptions import ValidationError as BadValue
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination, Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from api.parameters import true_or_false
from api.types import JSONObject

MAX_PAGE_SIZE = 100


def page_schema(schema: JSONObject) -> JSONObject:
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {"next": link, "previous": dict(link), "results": schema},
    }


class SinglePagePagination(BasePagination):
    """Returns a short list as one page, in the shape of every other list."""

    parameters = ()

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        return list(queryset)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": None, "previous": None, "results": data})

    def get_paginated_response_schema(self, schema: JSONObject) -> JSONObject:
        return page_schema(schema)


def link_header(**targets: str | None) -> str:
    """A Link header (RFC 8288). `targets`: relation → URL; relations without a URL are left out."""
    return ", ".join(f'<{url}>; rel="{name.replace("_", "-")}"' for name, url in targets.items() if url)


def cursor_fields(encoded: str) -> dict[str, str]:
    """What a cursor holds, by name. Raises ValidationError for a text that is no cursor."""
    try:
        fields = parse_qs(b64decode(encoded, validate=True).decode("ascii"), strict_parsing=True)
    except (BadBase64, UnicodeDecodeError, ValueError):
        raise invalid_cursor() from None
    return {name: values[0] for name, values in fields.items()}


def invalid_cursor() -> ValidationError:
    message = _("This cursor is not valid. Use `next` or `previous` of a page.")
    return ValidationError({"cursor": [message]}, code="invalid")


class StrictCursorPagination(CursorPagination):
    """Cursor over one unique integer column. Bad cursors and sizes are 400; DRF ignores them or answers 500."""

    parameters: tuple[str, ...] = ("cursor", "page_size")
    is_countable = False  # whether `count=true` adds the number of all rows; then `count` is among `parameters`
    count: int | None = None
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    ordering = "-list_order"

    def count_if_asked(self, queryset: Any, request: Request) -> None:
        """Count all rows of the list, if `count=true` asks for it. Exact, never capped."""
        try:
            if true_or_false(request.query_params.get("count", "false")) and self.is_countable:
                self.count = self.count_rows(queryset, request)
        except BadValue as error:
            raise ValidationError({"count": error.messages}, code=error.code) from None

    def count_rows(self, queryset: Any, request: Request) -> int:
        """How many rows the list has."""
        count: int = queryset.order_by().count()
        return count

    def get_page_size(self, request: Request) -> int:
        requested = request.query_params.get(self.page_size_query_param)
        if requested is None:
            return self.page_size
        if not (
            requested.isascii() and requested.isdigit() and len(requested) < 5 and 1 <= int(requested) <= MAX_PAGE_SIZE
        ):
            raise ValidationError({"page_size": [_("Use a number from 1 to %d.") % MAX_PAGE_SIZE]}, code="invalid")
        return int(requested)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.count_if_asked(queryset, request)
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        self.base_url = settings.PUBLIC_URL + request.get_full_path()  # never the Host header
        return page

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        contract = f"{settings.PUBLIC_URL}/api/v1/openapi.yaml"
        if self.count is not None:
            response.data["count"] = self.count
        response["Link"] = link_header(next=self.get_next_link(), prev=self.get_previous_link(), service_desc=contract)
        return response

    def decode_cursor(self, request: Request) -> Cursor | None:
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        fields = cursor_fields(encoded)
        try:
            position = int(fields.get("p", ""))
        except ValueError:
            raise invalid_cursor() from None
        if set(fields) - {"p", "r"} or not 0 <= position < 2**63:
            raise invalid_cursor()
        return Cursor(
            offset=0, reverse=fields.get("r") == "1", position=cast(Any, str(position))
        )  # the stubs say int, DRF compares strings

    def get_paginated_response_schema(self, schema: JSONObject) -> JSONObject:
        page = page_schema(schema)
        if self.is_countable:
            page["properties"]["count"] = {"type": "integer", "minimum": 0}
        return page

    def get_schema_operation_parameters(self, view: Any) -> list[JSONObject]:
        cursor, page_size = super().get_schema_operation_parameters(view)
        cursor["description"] = "Position in the list, from `next` or `previous` of another page."
        cursor["schema"]["pattern"] = "^[A-Za-z0-9+/]+=*$"
        page_size["description"] = "Number of results per page."
        page_size["schema"] |= {"minimum": 1, "maximum": MAX_PAGE_SIZE, "default": self.page_size}
        count = {"name": "count", "in": "query", "required": False, "schema": {"type": "boolean", "default": False}}
        return [cursor, page_size, *([count] if self.is_countable else [])]
