"""Query parameters that name a date."""

from drf_spectacular.utils import OpenApiParameter

AS_OF_PARAMETER = OpenApiParameter(
    "as_of",
    {"type": "string", "format": "date"},
    description="Date of the text and effect to return, Viet Nam time. Default: today. From 1945-01-01 to ten years "
    "ahead.",
)


def day_parameter(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "format": "date"}, description=description)
