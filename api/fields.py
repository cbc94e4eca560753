"""Serializer fields for request bodies. They refuse what they do not understand instead of ignoring it."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import empty

from api.parameters import true_or_false
from content.errors import RuleBroken
from content.people import text_input

KEY_PATTERN = re.compile("[a-z0-9-]{1,160}")
MAX_NAMED_FIELDS = 20  # a body may have a hundred thousand unknown fields


if TYPE_CHECKING:
    from rest_framework.serializers import Serializer as _View  # the class that the mixin extends
else:
    _View = object


class StrictCharField(serializers.CharField):
    """Accepts JSON strings only. DRF's CharField also accepts numbers, which the OpenAPI description does not."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """Accepts `true` and `false` only. DRF's BooleanField also accepts "on" and 1."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class TrueOrFalseParameterField(serializers.BooleanField):
    """A query parameter that is `true` or `false`, and nothing else."""

    default_empty_html = empty  # DRF takes a missing one for an empty checkbox, which is false

    def to_internal_value(self, data: Any) -> bool:
        return true_or_false(data)


VISIBLE_CHARACTERS = r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+"


# that a letter or digit is needed, no pattern says that all languages read: letters have no class in Python's `re`
@extend_schema_field({"type": "string", "pattern": f"^{VISIBLE_CHARACTERS}$"})
class ReaderTextField(StrictCharField):
    """Text that a reader writes: at least one letter or digit, no invisible characters."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.characters_allowed = max_length

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        try:
            return text_input.clean_text(value, self.field_name or "", max_length=self.characters_allowed)
        except RuleBroken as broken:
            code = {"too_long": "max_length"}.get(broken.code, broken.code)  # DRF's name for it
            raise ValidationError(broken.message, code=code) from None


@extend_schema_field({"type": "string", "pattern": f"^{KEY_PATTERN.pattern}$"})
class KeyField(serializers.SlugRelatedField):
    """Key of a public object. Malformed keys are refused without a query: PostgreSQL fails on some of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("key", **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not (isinstance(data, str) and KEY_PATTERN.fullmatch(data)):
            self.fail("does_not_exist", slug_name="key", value=str(data)[:100])
        return super().to_internal_value(data)


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 0})
class ByteCountField(serializers.IntegerField):
    """A size in bytes, which may be more than 32 bits count."""


@extend_schema_field({"type": ["string", "null"], "format": "uri"})
class URLOrNullField(serializers.ReadOnlyField):
    """A URL; null where the column is empty. Generated clients cannot read a URL that may be an empty string."""

    def to_representation(self, value: str) -> str | None:
        return value or None


class KnownFieldsOnly(_View):
    """Refuses body fields that a serializer does not accept, read-only fields included, and names them.

    Null in a field that is optional and may be null is the same as leaving it out: generated clients send it.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            accepted = {str(field.field_name) for field in self._writable_fields}
            if unknown := [name for name in data if name not in accepted]:
                message = _("This field is unknown here. Known fields: %s.") % ", ".join(sorted(accepted))
                raise ValidationError({name: [message] for name in unknown[:MAX_NAMED_FIELDS]}, code="unknown_field")
            data = {name: value for name, value in data.items() if value is not None or not self._may_be_left_out(name)}
        return super().to_internal_value(data)

    def _may_be_left_out(self, name: str) -> bool:
        field = self.fields[name]
        return field.allow_null and not field.required
