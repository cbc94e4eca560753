"""What every schema.org description has in common: bodies, topics, properties that are left out while unknown."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.types import JSONObject
from api.v1 import resource_urls
from content.organisations.models import Organisation
from content.topics.models import Topic

SCHEMA_ORG = "https://schema.org"


def without_unknown(properties: Mapping[str, Any]) -> JSONObject:
    """The properties that have a value: what is not known is not said."""
    return {name: value for name, value in properties.items() if value}


def organisation_as_schema_org(organisation: Organisation) -> JSONObject:
    return {
        "@type": "Organization",
        "name": organisation.shown_name,
        "url": resource_urls.organisation_url(organisation),
    }


def topics_as_schema_org(topics: Iterable[Topic]) -> list[JSONObject]:
    return [{"@type": "Thing", "name": topic.name, "url": resource_urls.topic_url(topic)} for topic in topics]
