"""The parameter of reads that are about a day."""

from drf_spectacular.utils import OpenApiParameter

AS_OF_PARAMETER = OpenApiParameter(
    "as_of",
    {"type": "string", "format": "date"},
    description="Text and effect as they were, or will be, on that day, Viet Nam time; today without it. "
    "From 1945-01-01 to ten years ahead.",
)


def day_parameter(name, description):
    return OpenApiParameter(name, {"type": "string", "format": "date"}, description=description)
