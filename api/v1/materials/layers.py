"""Layers on provisions: what explains the text of the law beside it, and never instead of it."""

import datetime

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.pagination import SinglePagePagination
from api.parameters import KnownParametersOnly, requested_as_of
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.documents.published_documents import DOCUMENT_PATH_PARAMETER, document_on_or_404
from api.v1.layer_serializers import PlacedLayerSerializer, placed_layers
from content.provision_layers import queries
from content.provision_layers.models import Layer
from content.vietnam_time import today

LAYER_KEY = "lop-[a-z0-9]{10}"


class LayerGone(APIException):
    """The layer was withdrawn: 410 with the reason."""

    status_code = 410

    def __init__(self, moment: datetime.datetime | None, reason: str) -> None:
        words = _("Withdrawn on %(day)s. Reason: %(reason)s")
        day = timezone.localtime(moment).strftime("%d/%m/%Y")
        super().__init__(words % {"day": day, "reason": reason}, "withdrawn")


class LayerListView(PublicReadMixin, KnownParametersOnly, generics.GenericAPIView):
    """Layers of a document."""

    can_be_gone = True
    serializer_class = PlacedLayerSerializer
    pagination_class = SinglePagePagination
    queryset = Layer.objects.none()  # tells drf-spectacular the model
    extra_parameters = ("as_of",)

    @extend_schema(
        operation_id="listDocumentLayers",
        tags=["documents"],
        auth=[],
        summary="List summaries, translations, audio and sign language of a document's provisions",
        parameters=[DOCUMENT_PATH_PARAMETER, AS_OF_PARAMETER],
        responses=PlacedLayerSerializer(many=True),
    )
    def get(self, request: Request, key: str) -> Response:
        day = requested_as_of(request)
        placed = queries.layers_of_document(document_on_or_404(key, day), day)
        page = self.paginate_queryset([layer for layer, _is_outdated in placed]) or []
        outdated = {layer.pk: is_outdated for layer, is_outdated in placed}
        rows = PlacedLayerSerializer(page, many=True, context={"outdated": outdated}).data
        return self.get_paginated_response(rows)


class LayerView(PublicReadMixin, KnownParametersOnly, APIView):
    """One layer, as of today."""

    can_be_gone = True

    @extend_schema(
        operation_id="getLayer",
        tags=["documents"],
        auth=[],
        summary="Get one layer with its provision",
        parameters=[
            OpenApiParameter(
                "key", {"type": "string", "pattern": f"^{LAYER_KEY}$"}, "path", description="Key of the layer."
            )
        ],
        responses=PlacedLayerSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        layer = queries.public_layers().filter(key=key).first()
        if layer is None:
            gone = queries.withdrawn_layer(key)
            raise LayerGone(gone.changed_at, gone.withdrawal_reason) if gone else Http404()
        return Response(placed_layers([layer], today())[0])
