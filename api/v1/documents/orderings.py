"""Lists whose order the caller chooses. Pages by cursor: each costs the same, and no row is skipped or shown twice."""

import datetime
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Expression
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from api.pagination import StrictCursorPagination, cursor_fields, invalid_cursor
from api.types import JSONObject

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


def as_integer(value: int | datetime.date | datetime.datetime) -> int:
    if isinstance(value, datetime.datetime):
        return (value - EPOCH) // MICROSECOND
    return value.toordinal() if isinstance(value, datetime.date) else value


def as_moment(number: int) -> datetime.datetime:
    return EPOCH + number * MICROSECOND


@dataclass(frozen=True)
class Ordering:
    """An order of rows. `columns` have one index; together they are unique, so that a row has one place.

    `readers`: of each column, what makes its value of the integer in a cursor. `computed`: columns that the index has
    as expressions.
    """

    columns: tuple[str, ...]
    is_descending: bool
    readers: tuple[Callable[[int], Any], ...] = (int,)
    computed: Mapping[str, Expression] = field(default_factory=dict)

    def position(self, row: Any) -> str:
        """The place of a row as text."""
        return ".".join(str(as_integer(getattr(row, column))) for column in self.columns)

    def values(self, position: str) -> tuple[Any, ...]:
        """The columns at a place. Raises ValueError for a text that is no place in this order."""
        parts = position.split(".")
        if not all(re.fullmatch("[0-9]{1,18}", part) for part in parts):
            raise ValueError
        return tuple(read(int(part)) for read, part in zip(self.readers, parts, strict=True))


class OrderedCursorPagination(StrictCursorPagination):
    """Cursor over the columns of `ordering`, one of `orderings`; without it the first. A bad value is 400.

    A cursor holds the name of its order, if it is not the first; in another order it is 400. A row that is changed
    while somebody pages by the time of changes moves to its new place.
    """

    parameters = (*StrictCursorPagination.parameters, "ordering")
    orderings: ClassVar[Mapping[str, Ordering]]
    ordering_description: str

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.page_size = self.get_page_size(request)
        self.count_if_asked(queryset, request)
        self.base_url = settings.PUBLIC_URL + request.get_full_path()  # never the Host header
        self.order = self.orderings[self._requested_name(request)]
        self.cursor = self.decode_cursor(request)
        backwards = self.cursor is not None and self.cursor.reverse
        descends = self.order.is_descending != backwards
        rows = queryset.annotate(**self.order.computed).order_by(
            *(f"-{column}" if descends else column for column in self.order.columns)
        )
        if self.cursor is not None:
            compare = TupleLessThan if descends else TupleGreaterThan
            rows = rows.filter(compare(Tuple(*self.order.columns), self.order.values(str(self.cursor.position))))
        found = self.fetch(rows[: self.page_size + 1])
        has_more, self.page = len(found) > self.page_size, found[: self.page_size]
        if backwards:
            self.page.reverse()
        self.has_next = has_more or backwards
        self.has_previous = has_more if backwards else self.cursor is not None
        return self.page

    def fetch(self, rows: Any) -> list[Any]:
        """The rows of a queryset."""
        return list(rows)

    def get_next_link(self) -> str | None:
        return self._link(-1, reverse=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        return self._link(0, reverse=True) if self.has_previous else None

    def decode_cursor(self, request: Request) -> Cursor | None:
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        fields = cursor_fields(encoded)
        if fields.get("s", self._default_name) != self._requested_name(request):
            message = _("This cursor is of another `ordering`. Keep `ordering` as it is in `next`, or omit `cursor`.")
            raise ValidationError({"cursor": [message]}, code="invalid")
        try:
            self.order.values(fields["p"])
        except (KeyError, ValueError, OverflowError):
            raise invalid_cursor() from None
        return Cursor(offset=0, reverse=fields.get("r") == "1", position=cast(Any, fields["p"]))

    def _link(self, place: int, *, reverse: bool) -> str:
        """The URL of the rows after or before the row at this place; of an empty page, of the first rows.

        The rows that made a page empty were removed or moved: a row beside its cursor would be skipped.
        """
        if not self.page:
            return remove_query_param(str(self.base_url), self.cursor_query_param)
        position = self.order.position(self.page[place])
        name = self._requested_name(self.request)
        fields = {"p": position} | ({"r": "1"} if reverse else {}) | ({} if name == self._default_name else {"s": name})
        encoded = b64encode(urlencode(fields).encode("ascii")).decode("ascii")
        return replace_query_param(str(self.base_url), self.cursor_query_param, encoded)

    def get_schema_operation_parameters(self, view: Any) -> list[JSONObject]:
        ordering = {
            "name": "ordering",
            "in": "query",
            "required": False,
            "description": self.ordering_description,
            "schema": {"type": "string", "enum": list(self.orderings)},
        }
        return [*super().get_schema_operation_parameters(view), ordering]

    @property
    def _default_name(self) -> str:
        return next(iter(self.orderings))

    def _requested_name(self, request: Request) -> str:
        name: str = request.query_params.get("ordering", self._default_name)
        if name not in self.orderings:
            raise ValidationError(
                {"ordering": [_("Use one of: %s.") % ", ".join(self.orderings)]}, code="invalid_choice"
            )
        return name
