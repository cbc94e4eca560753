"""JSON-LD of a material with the schema.org vocabulary, for search engines."""

from collections.abc import Iterator
from typing import Any

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.schema_org import SCHEMA_ORG, organisation_as_schema_org, topics_as_schema_org, without_unknown
from content.media.choices import FileRole, MaterialKind
from content.media.models import Material
from content.topics.choices import Audience

ACCESS_MODES = {MaterialKind.VIDEO: ["auditory", "visual"], MaterialKind.AUDIO: ["auditory"]}


def material_as_schema_org(material: Material) -> JSONObject:
    """The material as a schema.org VideoObject or LearningResource. Unknown properties are left out."""
    return _known(material, bool(material.transcript), material.transcript)


def listed_material_as_schema_org(material: Material) -> JSONObject:
    """The same without the words of its transcript. `material` is of an item of `channel.queries.items_of`."""
    return _known(material, bool(material.has_transcript), "")  # type: ignore[attr-defined]  # annotated


def _known(material: Material, has_transcript: bool, transcript: str) -> JSONObject:
    return {
        "@context": SCHEMA_ORG,
        "@type": ["LearningResource", "VideoObject"] if material.kind == MaterialKind.VIDEO else "LearningResource",
        "@id": resource_urls.material_url(material),
        "url": resource_urls.material_page_url(material),
        "name": material.title,
        "inLanguage": material.language,
        "accessMode": ACCESS_MODES.get(MaterialKind(material.kind), ["visual", "textual"]),
        "license": material.licence,
        "isAccessibleForFree": True,
    } | without_unknown(dict(_optional_properties(material, has_transcript)) | {"transcript": transcript})


def _optional_properties(material: Material, has_transcript: bool) -> Iterator[tuple[str, Any]]:
    roles = {file.role for file in material.files.all()}
    alternatives = {
        "captions": FileRole.CAPTIONS in roles,
        "transcript": has_transcript,
        "alternativeText": any(file.alt_text for file in material.files.all()),
        "signLanguage": FileRole.SIGN in roles,
    }
    yield "accessibilityFeature", [name for name, is_there in alternatives.items() if is_there]
    yield "description", material.summary
    yield "datePublished", material.published_at and material.published_at.isoformat()
    yield (
        "uploadDate",
        material.kind == MaterialKind.VIDEO and material.published_at and material.published_at.isoformat(),
    )
    yield "duration", material.seconds and f"PT{material.seconds}S"
    yield "creditText", material.credits
    yield "about", topics_as_schema_org(material.topics.all())
    yield (
        "audience",
        [{"@type": "Audience", "audienceType": str(Audience(each).label)} for each in material.audiences],
    )
    yield "publisher", material.organisation and organisation_as_schema_org(material.organisation)
