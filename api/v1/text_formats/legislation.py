"""JSON-LD of a document and of a provision: schema.org Legislation with ELI, for search engines and data portals.

What is doubtful is not said: no legal force while an act says something that nobody has checked, and only relations
that somebody confirmed. Source: schema.org/Legislation, ELI ontology 1.5; design/vocabulary.md C4 maps the relations.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.schema_org import SCHEMA_ORG, organisation_as_schema_org, topics_as_schema_org, without_unknown
from api.v1.text_formats.facts import TextFacts
from content.documents import history
from content.documents.effect import EffectStatus
from content.documents.models import LegalDocument
from content.law.doc_types import TYPE_NAMES
from content.law.page_paths import document_path, provision_path
from content.law.units import UnitKind
from content.permanent_addresses.paths import Scheme, portion_path
from content.permanent_addresses.queries import current_paths
from content.relations.models import Relation, RelationKind

CONTEXT = [SCHEMA_ORG, {"eli": "http://data.europa.eu/eli/ontology#"}]
PUBLIC_DOMAIN_DATA = "https://creativecommons.org/publicdomain/zero/1.0/"  # of the description, not of the text
LEGAL_FORCE = {
    EffectStatus.IN_FORCE: "InForce",
    EffectStatus.PARTLY_EXPIRED: "PartiallyInForce",
    EffectStatus.PARTLY_SUSPENDED: "PartiallyInForce",
    EffectStatus.NOT_YET_EFFECTIVE: "NotInForce",
    EffectStatus.EXPIRED: "NotInForce",
    EffectStatus.SUSPENDED: "NotInForce",
}
LEGAL_VALUE = {"official": "OfficialLegalValue", "unofficial": "UnofficialLegalValue"}
RELATIONS = {  # what a document does to another: properties of schema.org, of ELI
    RelationKind.AMENDS: ("legislationAmends", "eli:amends"),
    RelationKind.REPEALS: ("legislationRepeals", "eli:repeals"),
    RelationKind.REPLACES: ("legislationRepeals", "eli:repeals"),
    RelationKind.CORRECTS: ("legislationCorrects", "eli:corrects"),
    RelationKind.CONSOLIDATES: ("legislationConsolidates", "eli:consolidates"),
    RelationKind.BASED_ON: ("isBasedOn", "eli:based_on"),
    RelationKind.CITES: ("citation", "eli:cites"),
    RelationKind.IMPLEMENTS: ("legislationEnsuresImplementationOf", "eli:ensures_implementation_of"),
    RelationKind.GUIDES: ("legislationApplies", "eli:applies"),
    RelationKind.SUSPENDS: ("legislationChanges", "eli:changes"),
    RelationKind.STAYS: ("legislationChanges", "eli:changes"),
    RelationKind.INTERPRETS: ("", "eli:related_to"),
    RelationKind.PROMULGATES: ("", "eli:related_to"),
}
INCOMING = {  # what others do to it
    RelationKind.AMENDS: "eli:amended_by",
    RelationKind.REPEALS: "eli:repealed_by",
    RelationKind.REPLACES: "eli:repealed_by",
    RelationKind.CORRECTS: "eli:corrected_by",
    RelationKind.CONSOLIDATES: "eli:consolidated_by",
}
FORMATS = {"akn": "application/akn+xml", "html": "text/html", "md": "text/markdown", "txt": "text/plain"}


def document_as_legislation(facts: TextFacts, provisions: Iterable[Any] = ()) -> JSONObject:
    """The document as a schema.org Legislation, with its versions and those of the provisions that are articles."""
    document = facts.document
    relations = _confirmed_relations(document)
    others = {other.pk for _, _, other in relations}
    addresses = current_paths([document.pk, *others], Scheme.ELI)
    own = _identity(document, addresses)
    described = {
        "@context": CONTEXT,
        "@type": "Legislation",
        "@id": own,
        "url": settings.PUBLIC_URL + document_path(document.key),
        "name": document.title,
        "alternateName": facts.citation,
    } | without_unknown(dict(_properties(facts)))
    for kind, is_outgoing, other in relations:
        link = {"@type": "Legislation", "@id": _identity(other, addresses), "name": other.title}
        names = RELATIONS[kind] if is_outgoing else ("", INCOMING.get(kind, ""))
        for name in filter(None, names):
            described.setdefault(name, []).append(link)
    return described | without_unknown(
        {
            "workExample": _versions(document, own),
            "hasPart": [_article(document, own, each) for each in provisions if each.kind == UnitKind.ARTICLE],
        }
    )


def provision_as_legislation(facts: TextFacts, heading: str, text: str) -> JSONObject:
    """A provision as a part of its document, with its words."""
    document = facts.document
    own = _identity(document, current_paths([document.pk], Scheme.ELI))
    return (
        {
            "@context": CONTEXT,
            "@type": "Legislation",
            "@id": _unit_identity(document, own, facts.eid),
            "url": settings.PUBLIC_URL + provision_path(document.key, facts.eid),
            "name": facts.citation,
            "text": text,
            "isPartOf": {"@type": "Legislation", "@id": own, "name": document.title},
        }
        | without_unknown({"headline": heading})
        | without_unknown(dict(_properties(facts)))
    )


def _properties(facts: TextFacts) -> Iterator[tuple[str, Any]]:
    """Those that a document and its provisions share; without a value where it is not known."""
    document, effect = facts.document, facts.effect
    yield "inLanguage", "vi"
    yield "legislationJurisdiction", "VN"
    yield "legislationIdentifier", document.number
    yield "legislationType", TYPE_NAMES.get(document.doc_type)
    yield "legislationDate", document.issued_on and str(document.issued_on)
    yield "legislationPassedBy", document.issuer and organisation_as_schema_org(document.issuer)
    yield "legislationDateVersion", _day_of_version(document, facts.day)
    yield "legislationLegalForce", _legal_force(facts)
    yield "legislationLegalValue", facts.legal_value in LEGAL_VALUE and _term(LEGAL_VALUE[facts.legal_value])
    yield "legislationDateOfApplicability", effect.effective_on and str(effect.effective_on)
    yield "eli:first_date_entry_in_force", effect.effective_on and str(effect.effective_on)
    yield "eli:date_no_longer_in_force", effect.expires_on and not facts.is_in_doubt and str(effect.expires_on)
    yield "about", topics_as_schema_org(document.topics.all())
    yield "isAccessibleForFree", True
    yield "sdLicense", PUBLIC_DOMAIN_DATA
    yield "dateModified", document.updated_at.isoformat()
    yield "encoding", _encodings(facts)


def _legal_force(facts: TextFacts) -> str | None:
    """The force on the day; None while unknown or in doubt, for what has no effect of its own, and for samples."""
    status = facts.effect.status
    is_known = status in LEGAL_FORCE and not facts.is_in_doubt and not facts.document.is_sample
    return _term(LEGAL_FORCE[status]) if status and is_known else None


def _term(name: str) -> str:
    return f"{SCHEMA_ORG}/{name}"


def _day_of_version(document: LegalDocument, day: datetime.date) -> str | None:
    """The first day of the text of that day; of the original the day of issue."""
    past = [each.valid_from for each in history.points_in_time(document) if each.valid_from and each.valid_from <= day]
    first = max(past, default=document.issued_on)
    return str(first) if first else None


def _versions(document: LegalDocument, own: str) -> list[JSONObject]:
    """The texts of other days, where an amendment made any."""
    points = [each for each in history.points_in_time(document) if each.valid_from]
    return [
        {
            "@type": "Legislation",
            "@id": _version_identity(own, each.valid_from),
            "legislationDateVersion": str(each.valid_from),
            "url": f"{settings.PUBLIC_URL}{document_path(document.key)}?as_of={each.valid_from}",
        }
        for each in points
    ]


def _article(document: LegalDocument, own: str, article: Any) -> JSONObject:
    name = f"Điều {article.number}. {article.heading}".rstrip(". ")
    url = settings.PUBLIC_URL + provision_path(document.key, article.eid)
    return {"@type": "Legislation", "@id": _unit_identity(document, own, article.eid), "name": name, "url": url}


def _encodings(facts: TextFacts) -> list[JSONObject]:
    key = facts.document.key
    address = (
        resource_urls.provision_url(facts.document, facts.eid)
        if facts.eid
        else resource_urls.resource_url("document-text", key=key)
    )
    formats = {name: media for name, media in FORMATS.items() if not facts.eid or name in ("akn", "md")}
    return [
        {"@type": "LegislationObject", "encodingFormat": media, "contentUrl": f"{address}?format={name}"}
        for name, media in formats.items()
    ]


def _identity(document: LegalDocument, addresses: dict[int, str]) -> str:
    """Its permanent address; that in the API where it has none."""
    path = addresses.get(document.pk)
    return settings.PUBLIC_URL + path if path else resource_urls.document_url(document)


def _unit_identity(document: LegalDocument, own: str, eid: str) -> str:
    return portion_path(own, eid) if _is_permanent(own) else resource_urls.provision_url(document, eid)


def _version_identity(own: str, first_day: datetime.date | None) -> str:
    return f"{own}/{first_day}/vie" if _is_permanent(own) else f"{own}?as_of={first_day}"


def _is_permanent(identity: str) -> bool:
    return identity.startswith(f"{settings.PUBLIC_URL}/eli/")


def _confirmed_relations(document: LegalDocument) -> list[tuple[RelationKind, bool, LegalDocument]]:
    """(kind, whether this document acts, the other one) of what somebody confirmed about public documents."""
    published, confirmed = LegalDocument.Status.PUBLISHED, Relation.Status.CONFIRMED
    acts = document.relations.filter(status=confirmed, target__status=published).select_related("target")
    suffered = document.suffered_relations.filter(status=confirmed, actor__status=published).select_related("actor")
    found = [(RelationKind(each.kind), True, each.target) for each in acts.order_by("pk") if each.target]
    found += [(RelationKind(each.kind), False, each.actor) for each in suffered.order_by("pk")]
    return list(dict.fromkeys(found))
