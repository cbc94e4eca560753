"""A detail that is also JSON-LD; the list beside it is JSON alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from api.negotiation import FormatOrAcceptNegotiation
from api.renderers import JSONLDRenderer


class LinkedDetailMixin:
    """A viewset whose `retrieve` answers JSON or JSON-LD, as `format` or Accept says."""

    action_map: Any  # of DRF

    def get_renderers(self) -> list[BaseRenderer]:
        return [JSONRenderer(), JSONLDRenderer()] if self._is_detail() else [JSONRenderer()]

    def get_content_negotiator(self) -> BaseContentNegotiation:
        return FormatOrAcceptNegotiation() if self._is_detail() else DefaultContentNegotiation()

    def _is_detail(self) -> bool:
        """Whether the URL is that of one object. DRF asks before it sets `action`."""
        return "retrieve" in (self.action_map or {}).values()

    def wants_linked_data(self, request: Request) -> bool:
        """Whether the answer is JSON-LD. Raises ValidationError for `fields`, which it does not know."""
        is_linked: bool = request.accepted_renderer.format == JSONLDRenderer.format
        if is_linked and "fields" in request.query_params:
            raise ValidationError({"fields": [_("`fields` works with JSON only.")]}, code="invalid")
        return is_linked
