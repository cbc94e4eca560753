"""Records: all that is public of one object, with its hash and our seal, for other installations."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import REVALIDATE_CACHE_CONTROL, PublicReadMixin
from api.parameters import KnownParametersOnly
from api.problems import QuestionGone
from api.v1.documents.published_documents import document_or_404
from api.v1.materials.parameters import material_or_gone
from api.v1.plans.plans import plan_or_gone
from content import sql
from content.copying import records
from content.qa import queries as questions

OBJECT_NAMES = {
    "documents": "document", "questions": "question", "events": "event", "materials": "material", "plans": "plan",
}  # fmt: skip
RECORD_PATH = rf"^(?P<objects>{'|'.join(OBJECT_NAMES)})/(?P<key>[a-z0-9-]{{1,200}})/record\Z"
RECORD_KEY = {"type": "string", "pattern": "^[a-z0-9-]{1,200}$"}


class HomeSealSerializer(serializers.Serializer):
    """What the home of a copy sealed."""

    of_change = serializers.CharField(help_text="Key of the change at which the home sealed it, as the home counts.")
    seal = serializers.CharField(help_text="JWS by a key of the home.")


class ObjectRecordSerializer(serializers.Serializer):
    """All that is public of one object."""

    schema = serializers.IntegerField(help_text="Version of the form of `data`.")
    object = serializers.CharField(help_text="Type of the object; the list may grow.")
    key = serializers.CharField()
    home = serializers.CharField(help_text="Host of the installation that alone changes the object.")
    of_change = serializers.CharField(help_text="Key of the newest change of the object.")
    data = serializers.DictField(  # type: ignore[assignment]  # only described here: a record is sent as it is
        help_text="What rebuilds the object; the guide page `sync` describes it."
    )
    record_hash = serializers.CharField(
        help_text="SHA-256 of `schema`, `object`, `key`, `home` and `data` as RFC 8785 writes them, hex."
    )
    seal = serializers.CharField(allow_null=True, help_text="JWS by a key of `/.well-known/jwks.json`; null: no key.")
    home_seal = HomeSealSerializer(
        allow_null=True, help_text="Of a copy: the seal of its home; null: ours, or the home sealed something else."
    )


class RecordView(PublicReadMixin, KnownParametersOnly, APIView):
    """One record."""

    can_be_gone = True
    cache_control = REVALIDATE_CACHE_CONTROL  # a cache that did not revalidate would delay other installations

    @extend_schema(
        operation_id="getRecord",
        tags=["changes"],
        auth=[],
        summary="Get the record of one object: everything public of it, with hash and seal",
        description="For installations that keep a copy. The same content has the same `record_hash`.",
        parameters=[
            OpenApiParameter(
                "objects", {"type": "string", "pattern": f"^({'|'.join(OBJECT_NAMES)})$"}, "path", description="Type."
            ),
            OpenApiParameter("key", RECORD_KEY, "path", description="Key of the object."),
        ],
        responses=ObjectRecordSerializer,
    )
    def get(self, request: Request, objects: str, key: str) -> Response:
        with sql.snapshot():
            record = records.public_record(OBJECT_NAMES[objects], key)
        if record is None:
            _raise_gone(objects, key)
        return Response(record)


def _raise_gone(objects: str, key: str) -> None:
    """Raise what the address of the object itself answers: 410 with the reason, or Http404."""
    if objects == "documents":
        document_or_404(key)
    if objects == "materials":
        material_or_gone(key)
    if objects == "plans":
        plan_or_gone(key)
    if objects == "questions" and (withdrawal := questions.withdrawal_of(key)):
        raise QuestionGone(withdrawal.at, withdrawal.merged_into)
    raise Http404
