"""What serializers of bodies share: nothing in a body is ignored in silence."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from content.errors import RuleBroken
from content.people import text_input

KEY_PATTERN = re.compile("[a-z0-9-]{1,160}")
MAX_NAMED_FIELDS = 20  # a body may hold a hundred thousand fields that are not ours


class StrictCharField(serializers.CharField):
    """A JSON string and nothing else: DRF's CharField takes a number for one, which the contract does not."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """`true` or `false` and nothing that may be taken for one: DRF takes "on" and 1 too."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


VISIBLE_CHARACTERS = r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*"


@extend_schema_field({"type": "string", "pattern": f"^{VISIBLE_CHARACTERS}[0-9A-Za-z]{VISIBLE_CHARACTERS}$"})
class ReaderTextField(StrictCharField):
    """Words of a reader: something to read, and nothing that cannot be seen."""

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        try:
            return text_input.clean_text(value, self.field_name, most=self.max_length)
        except RuleBroken as broken:
            code = {"too_long": "max_length"}.get(broken.code, broken.code)  # as DRF calls it everywhere else
            raise ValidationError(broken.message, code=code) from None


@extend_schema_field({"type": "string", "pattern": f"^{KEY_PATTERN.pattern}$"})
class KeyField(serializers.SlugRelatedField):
    """The key of a public object. What cannot be one is not looked for: PostgreSQL fails on some of it."""

    def __init__(self, **kwargs):
        super().__init__("key", **kwargs)

    def to_internal_value(self, data):
        if not (isinstance(data, str) and KEY_PATTERN.fullmatch(data)):
            self.fail("does_not_exist", slug_name="key", value=str(data)[:100])
        return super().to_internal_value(data)


class KnownFieldsOnly:
    """A serializer that refuses fields it does not take, those that it only shows included, and names them."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            taken = sorted(field.field_name for field in self._writable_fields)
            unknown = [name for name in data if name not in taken]
            message = _("There is no such field here. Known: %s.") % ", ".join(taken)
            if unknown:
                raise ValidationError({name: [message] for name in unknown[:MAX_NAMED_FIELDS]}, code="unknown_field")
        return super().to_internal_value(data)
