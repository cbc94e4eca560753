"""Who cites a document or a provision."""

import re
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError

from api.caching import PublicReadMixin
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.documents.published_documents import DOCUMENT_PATH_PARAMETER, document_or_404
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from content.mentions import queries
from content.mentions.models import Mention

LETTERS_AROUND = 80
EID = r"^[a-z0-9_]{1,160}$"


class CitingProvisionSerializer(serializers.Serializer):
    """A provision that cites."""

    document = DocumentLinkSerializer()
    eid = serializers.CharField(help_text="eid of the provision that cites.")
    url = serializers.URLField()
    page_url = serializers.URLField()
    cited_eids = serializers.ListField(child=serializers.CharField(), help_text="What it cites; empty: the document.")
    words = serializers.CharField(help_text="The words that cite, with those around them.")

    def to_representation(self, mention: Any) -> JSONObject:
        provision, text = mention.version.provision, mention.version.text
        document = provision.document
        return {
            "document": document_link(document),
            "eid": provision.eid,
            "url": resource_urls.provision_url(document, provision.eid),
            "page_url": resource_urls.provision_page_url(document, provision.eid),
            "cited_eids": mention.eids,
            "words": " ".join(text[max(0, mention.start - LETTERS_AROUND) : mention.end + LETTERS_AROUND].split()),
        }


class CitingPagination(StrictCursorPagination):
    ordering = "-pk"


@extend_schema_view(
    get=extend_schema(
        operation_id="listCitingProvisions",
        tags=["citations"],
        auth=[],
        summary="List the provisions that cite a document or a provision",
        description="Recognised in the texts by a program. Provisions of the same document are among them.",
        parameters=[
            DOCUMENT_PATH_PARAMETER,
            OpenApiParameter(
                "eid", {"type": "string", "pattern": EID}, description="Only what cites this provision or one below it."
            ),
        ],
    )
)
class CitingProvisionListView(PublicReadMixin, KnownParametersOnly, generics.ListAPIView):
    """Mentions of a document, those read last first."""

    can_be_gone = True
    serializer_class = CitingProvisionSerializer
    pagination_class = CitingPagination
    extra_parameters = ("eid",)

    def get_queryset(self) -> QuerySet[Mention]:
        if getattr(self, "swagger_fake_view", False):
            return Mention.objects.none()
        document = document_or_404(self.kwargs["key"])
        eid = self.request.query_params.get("eid")
        if eid is not None and not re.fullmatch(EID, eid):
            raise ValidationError({"eid": [_("Write an eid, such as art_15__clause_2.")]}, code="invalid")
        return queries.mentions_of(document, eid or "")
