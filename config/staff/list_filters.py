"""What a list of the staff site may be narrowed by: its filters and its search, and nothing else.

Django's admin narrows a list by any column of its model: `?text__startswith=Tôi` lists a question or does not. A text
whose reading is audited was read that way, letter by letter and without an audit row.
"""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.filters import FieldListFilter, SimpleListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.http import HttpRequest

PERIODS = ("year", "month", "day")  # to which the links of a date hierarchy lead


class DeclaredFiltersMixin(admin.ModelAdmin):
    """A ModelAdmin whose list is narrowed only by `list_filter` and `date_hierarchy`.

    The staff site puts it before every admin. Any other parameter is answered with 400 before a query is made.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether `lookup` is, to the letter, a parameter of a filter of this list. False without a request."""
        return request is not None and lookup in set(self._declared_lookups(request))

    def _declared_lookups(self, request: HttpRequest) -> Iterator[str]:
        if self.date_hierarchy:
            yield from (f"{self.date_hierarchy}__{period}" for period in PERIODS)
        for declared in self.get_list_filter(request):
            if isinstance(declared, type):
                yield str(cast(type[SimpleListFilter], declared).parameter_name)
            else:
                yield from self._column_lookups(declared, request)

    def _column_lookups(self, declared: Any, request: HttpRequest) -> Iterator[str]:
        """The parameters of a filter of one column: its name, or (name, class of the filter)."""
        path, create = (declared, FieldListFilter.create) if isinstance(declared, str) else declared
        field = get_fields_from_path(self.model, path)[-1]
        made = create(field, request, {}, self.model, self, field_path=path)
        yield from (str(parameter) for parameter in made.expected_parameters())
