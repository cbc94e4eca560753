"""Decimal numbers in answers: strings without an exponent and without zeros at their end."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers


class PlainDecimalField(serializers.DecimalField):
    """A decimal number as a string without an exponent and without zeros at its end: «71.5»."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=6, read_only=True, **kwargs)

    def to_representation(self, value: Decimal | int) -> str:
        return plain_decimal(Decimal(value))


def plain_decimal(value: Decimal | None) -> str:
    """«71.5»; "" without a value."""
    return "" if value is None else f"{value.normalize():f}"
