"""Records: all that is public of one object, with its hash and our seal, for other installations."""

import json
import re

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import REVALIDATE_CACHE_CONTROL, PublicReadMixin
from api.limits.throttles import RECORDS_GIVEN
from api.parameters import KnownParametersOnly
from api.problems import QuestionGone
from api.v1.documents.published_documents import document_or_404
from api.v1.materials.parameters import material_or_gone
from api.v1.plans.plans import plan_or_gone
from content import sql
from content.copying import records
from content.qa import queries as questions

OBJECT_NAMES = {
    "documents": "document", "questions": "question", "events": "event", "materials": "material", "contests": "contest",
    "plans": "plan",
}  # fmt: skip
RECORD_PATH = rf"^(?P<objects>{'|'.join(OBJECT_NAMES)})/(?P<key>[a-z0-9-]{{1,200}})/record\Z"
RECORD_KEY = {"type": "string", "pattern": "^[a-z0-9-]{1,200}$"}
KEY = re.compile(r"[a-z0-9-]{1,200}")
MOST_KEYS, ENOUGH_BYTES = 25, 2**20  # of one answer: after so many bytes no further record is added


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


class RecordListSerializer(serializers.Serializer):
    """Records of several objects of one type."""

    results = ObjectRecordSerializer(
        many=True, help_text="Records in the order of `keys`, without those of objects that are not public."
    )
    left = serializers.ListField(
        child=serializers.CharField(), help_text="Those of `keys` that a response of this size leaves out: ask again."
    )


class RecordListView(PublicReadMixin, KnownParametersOnly, APIView):
    """Several records: who copies many objects asks once for many of them."""

    extra_parameters = ("object", "keys")
    cache_control = REVALIDATE_CACHE_CONTROL

    @extend_schema(
        operation_id="listRecords",
        tags=["changes"],
        auth=[],
        summary="Get the records of several objects of one type",
        description="As `getRecord` for each. An object in neither list is not public: its own address says why. Each "
        "record counts for the quota of records, one at least; a request with more keys than are left of it is refused "
        "and counts nothing.",
        parameters=[
            OpenApiParameter(
                "object", {"type": "string", "pattern": f"^({'|'.join(OBJECT_NAMES.values())})$"}, required=True,
                description="Type of the objects.",
            ),
            OpenApiParameter(
                "keys", {"type": "array", "items": RECORD_KEY, "minItems": 1, "maxItems": MOST_KEYS}, required=True,
                explode=False, description="Keys of the objects.",
            ),
        ],
        responses=RecordListSerializer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        name, keys = _requested_object(request), _requested_keys(request)
        results: list[records.Record] = []
        size, left = 0, list[str]()
        with sql.snapshot():
            for record in records.public_records_with(name, keys):
                results.append(record)
                size += len(json.dumps(record["data"], ensure_ascii=False).encode())
                if size >= ENOUGH_BYTES:
                    left = keys[keys.index(record["key"]) + 1 :]
                    break
        request.META[RECORDS_GIVEN] = len(results)
        return Response({"results": results, "left": left})


def _requested_object(request: Request) -> str:
    names = OBJECT_NAMES.values()
    if (name := request.query_params.get("object", "")) not in names:
        raise ValidationError({"object": [_("Use one of: %s.") % ", ".join(names)]}, code="invalid_choice")
    return str(name)


def _requested_keys(request: Request) -> list[str]:
    keys = list(dict.fromkeys(request.query_params.get("keys", "").split(",")))
    if len(keys) > MOST_KEYS or not all(map(KEY.fullmatch, keys)):
        message = _("Give 1 to %d keys of objects, separated by commas.") % MOST_KEYS
        raise ValidationError({"keys": [message]}, code="invalid")
    return keys


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
