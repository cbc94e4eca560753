"""Whether the operator wants traces: the variables are those of OpenTelemetry itself, and its SDK reads the others."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")  # the first that is set holds
HTTP = "http/protobuf"
PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


def are_traces_wanted(environ: Mapping[str, str], *, find: Callable[[str], object] | None = None) -> bool:
    """Whether a collector is named and nothing switches traces off.

    Raises ImproperlyConfigured where traces are wanted and cannot be sent: no packages, or another protocol.
    """
    endpoint = next((environ[name] for name in ENDPOINTS if environ.get(name)), "")
    is_off = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    if not endpoint or is_off or environ.get("OTEL_TRACES_EXPORTER", "otlp").strip() == "none":
        return False
    if not endpoint.startswith(("http://", "https://")):
        raise ImproperlyConfigured("OTEL_EXPORTER_OTLP_ENDPOINT begins with http:// or https://.")
    if (protocol := next((environ[name] for name in PROTOCOLS if environ.get(name)), HTTP)) != HTTP:
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_PROTOCOL is {protocol}. Traces are sent as {HTTP}: set that, and the port of the "
            "collector for it, by default 4318."
        )
    if not all(_is_there(name, find or find_spec) for name in PACKAGES):
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT needs the packages of requirements-tracing.txt. Install that file as well, or "
            "set OTEL_SDK_DISABLED=true."
        )
    return True


def _is_there(name: str, find: Callable[[str], object]) -> bool:
    try:
        return find(name) is not None
    except ModuleNotFoundError:  # not even its parent
        return False
