"""Whose an object is: our own, or a copy of that of another installation."""

from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from content.copies import own_home, url_at_home

HOST = r"\A[a-z0-9.\[\]:-]{1,200}\Z"
FILTER_HELP = "Host of the installation whose objects are wanted, ours or that of copies; see `peers`."


def _host_validator() -> RegexValidator:
    return RegexValidator(HOST, _("Write the host of an installation: phapluat.example.gov.vn."))


class HomeFilter(django_filters.CharFilter):
    """`home=`: only the objects of that installation, by its host."""

    def __init__(self) -> None:
        super().__init__(validators=[_host_validator()], help_text=FILTER_HELP)

    def filter(self, queryset: Any, value: str) -> Any:
        if not value:
            return queryset
        return queryset.filter(home=stored_home(value))


class HomeField(serializers.CharField):
    """The parameter `home=` as it is stored: "" for ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[_host_validator()], help_text=FILTER_HELP, **options)

    def run_validation(self, data: Any = serializers.empty) -> str:
        return stored_home(super().run_validation(data))


def stored_home(host: str) -> str:
    """The `home` of the rows of an installation."""
    return "" if host == own_home() else host


class HomeSerializer(serializers.Serializer):
    """The home of a copy. `path_of_copies`: where its home has it, before the key."""

    path_of_copies = ""
    home = serializers.SerializerMethodField(help_text="Host of the installation it is a copy of; null: ours.")
    home_url = serializers.SerializerMethodField(help_text="Its URL there.")

    def get_home(self, row: Any) -> str | None:
        return row.home or None

    def get_home_url(self, row: Any) -> str | None:
        return url_at_home(row.home, f"/api/v1/{self.path_of_copies}/{row.key}")
