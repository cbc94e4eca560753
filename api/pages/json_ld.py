"""JSON-LD inside a page: data that search engines read; browsers run nothing of it. Pure."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from rest_framework.renderers import JSONRenderer

from api.types import JSONObject

# no text in it can end the element or begin a comment (HTML 4.12.1.3)
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def as_data_block(described: JSONObject) -> SafeString:
    """A `<script>` element of type application/ld+json, which holds data only."""
    text = JSONRenderer().render(described).decode().translate(_ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above
