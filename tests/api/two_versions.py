"""A URL table with a second version, as there will be one: `topics` changed its meaning, everything else is v1's."""

import datetime

from django.urls import include, path
from rest_framework.response import Response
from rest_framework.versioning import NamespaceVersioning
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.deprecation import DeprecatedVersionMixin, Deprecation
from api.parameters import KnownParametersOnly
from api.v1 import urls as v1
from api.v1.reference.topics import TopicViewSet
from config import urls

handler404 = urls.handler404
RETIREMENT = Deprecation(
    datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC),
    datetime.datetime(2028, 1, 1, tzinfo=datetime.UTC),
    "/api/v2/topics",
)


class BothVersions(NamespaceVersioning):
    allowed_versions = ("v1", "v2")


class RetiringTopics(DeprecatedVersionMixin, TopicViewSet):
    retirement = RETIREMENT


class NewTopics(PublicReadMixin, KnownParametersOnly, APIView):
    versioning_class = BothVersions

    def get(self, request):
        return Response({"subjects": 45, "version": request.version})


old = [path("topics", RetiringTopics.as_view({"get": "list"})), *v1.urlpatterns]
new = [path("topics", NewTopics.as_view())]
urlpatterns = [
    path("api/v1/", include((old, "v1"))),
    path("api/v2/", include((new, "v2"))),
    *urls.urlpatterns,
]
