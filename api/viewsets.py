"""Base of public read-only resources: list and detail by key, cacheable, with sparse fields and strict parameters."""

from collections.abc import Collection

from rest_framework import mixins, viewsets

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from api.sparse_fields import SparseFieldsMixin


class PublicReadOnlyViewSet(
    PublicReadMixin,
    SparseFieldsMixin,
    KnownParametersOnly,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    lookup_field = "key"
    lookup_value_regex = "[a-z0-9-]+"

    @property
    def extra_parameters(self) -> Collection[str]:
        return ("fields",)
