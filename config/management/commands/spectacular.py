"""Write the contract as it is served: the command of drf-spectacular with the renderer of ours."""

from typing import Any

from drf_spectacular.management.commands import spectacular

from api.openapi.renderers import OpenAPIRenderer


class Command(spectacular.Command):
    """`config` is before the package in INSTALLED_APPS, so that this one counts."""

    def get_renderer(self, format: str) -> Any:
        return OpenAPIRenderer() if format == "openapi" else super().get_renderer(format)
