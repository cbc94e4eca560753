"""The contract as YAML that is short enough to be read: what has nothing nested is written in one line."""

import re
from typing import Any

import yaml
from drf_spectacular.renderers import OpenApiYamlRenderer, OpenApiYamlRenderer2
from rest_framework.renderers import BaseRenderer

WIDTH = 120  # letters of a line


# What YAML 1.2 (core schema, 10.3.2) reads as a number. PyYAML writes YAML 1.1, where «001099» and «1e3» are texts.
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")

STRING = "tag:yaml.org,2002:str"


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as it is read, and one that looks like a number in quotes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_plain = dumper.resolve(yaml.ScalarNode, text, (True, False)) == STRING  # else PyYAML adds quotes by itself
    style = "|" if "\n" in text else "'" if is_plain and NUMBER.fullmatch(text) else None
    return dumper.represent_scalar(STRING, text, style=style)


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
