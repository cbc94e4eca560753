"""Documents that a citation may mean, as the endpoints of citations answer them."""

import datetime
from collections.abc import Collection, Mapping

from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.documents.effect_doubts import EffectDoubtSerializer, doubt_of_document
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from content.documents.effect import EffectStatus, effect_of
from content.documents.models import LegalDocument
from content.mentions.resolver import Candidate, ResolvedUnit
from content.relations.queries import replacing_documents


class CitedProvisionSerializer(serializers.Serializer):
    """A provision that a citation names, on the day of `as_of`."""

    eid = serializers.CharField(help_text="eid of the provision.")
    url = serializers.URLField()
    page_url = serializers.URLField()
    citation = serializers.CharField(help_text="Citation in words; empty where the document never had it.")
    exists = serializers.BooleanField(help_text="Whether it is there on that day.")
    effect_status = serializers.ChoiceField(EffectStatus.choices, allow_null=True)
    effect_status_name = serializers.CharField(allow_null=True)


class CandidateSerializer(serializers.Serializer):
    """A document that may be meant, with its effect on the day of `as_of`."""

    document = DocumentLinkSerializer()
    effect_status = serializers.ChoiceField(
        EffectStatus.choices, allow_null=True, help_text="Null for a consolidated text."
    )
    effect_status_name = serializers.CharField(allow_null=True)
    effect_doubt = EffectDoubtSerializer(allow_null=True, help_text="See `effect_doubt` of a document.")
    effective_on = serializers.DateField(allow_null=True, help_text="First day in force.")
    expires_on = serializers.DateField(allow_null=True, help_text="First day on which it is no longer in force.")
    replaced_by = DocumentLinkSerializer(many=True, help_text="Documents that are confirmed to replace it.")
    provisions = CitedProvisionSerializer(many=True, help_text="The provisions that the words name.")


class CandidateRepresentations:
    """Makes candidates; what replaces their documents is read once for all of them."""

    def __init__(self, documents: Collection[LegalDocument], day: datetime.date) -> None:
        self._day = day
        self._replacing: Mapping[int, list[LegalDocument]] = replacing_documents(documents)

    def of(self, candidate: Candidate) -> JSONObject:
        document = candidate.document
        effect = effect_of(document, self._day)
        return {
            "document": document_link(document),
            "effect_status": effect.status,
            "effect_status_name": effect.status and effect.status.label,
            "effect_doubt": doubt_of_document(document, self._day),
            "effective_on": effect.effective_on,
            "expires_on": effect.expires_on,
            "replaced_by": [document_link(each) for each in self._replacing.get(document.pk, ())],
            "provisions": [self._unit(document, each) for each in candidate.units],
        }

    def _unit(self, document: LegalDocument, unit: ResolvedUnit) -> JSONObject:
        return {
            "eid": unit.eid,
            "url": resource_urls.provision_url(document, unit.eid),
            "page_url": resource_urls.provision_page_url(document, unit.eid),
            "citation": unit.citation,
            "exists": unit.exists,
            "effect_status": unit.effect.status if unit.effect else None,
            "effect_status_name": unit.effect.status.label if unit.effect and unit.effect.status else None,
        }
