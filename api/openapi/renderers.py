"""The contract as YAML that is short enough to be read: what has nothing nested is written in one line."""

from typing import Any

import yaml
from drf_spectacular.renderers import OpenApiYamlRenderer, OpenApiYamlRenderer2
from rest_framework.renderers import BaseRenderer

WIDTH = 120  # letters of a line


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as it is read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


class _CompactMixin(BaseRenderer):
    """Writes again what drf-spectacular wrote: it turns all that Django may put into a schema into plain YAML."""

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        written = super().render(data, accepted_media_type, renderer_context)
        plain = yaml.load(written, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
        text: str = yaml.dump(
            plain, Dumper=_Dumper, default_flow_style=None, sort_keys=False, allow_unicode=True, width=WIDTH
        )
        return text.encode()


class OpenAPIRenderer(_CompactMixin, OpenApiYamlRenderer):
    """`application/vnd.oai.openapi`, as `manage.py spectacular` writes it, too."""


class YAMLRenderer(_CompactMixin, OpenApiYamlRenderer2):
    """`application/yaml`."""
