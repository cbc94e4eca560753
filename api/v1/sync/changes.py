"""The public change log: publications, changes and withdrawals in the order in which they happened."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, cast
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import long_polling
from api.caching import NO_SLOT, NOT_STORED, REVALIDATE_CACHE_CONTROL, PublicReadMixin
from api.pagination import MAX_PAGE_SIZE, link_header
from api.parameters import KnownParametersOnly, requested_integer
from api.problems import CursorAhead
from api.sparse_fields import SparseFieldsMixin
from api.types import JSONObject
from api.v1 import resource_urls
from content.changes import chain, event_types, queries
from content.changes.models import Change
from content.channel import queries as channels
from content.contests import queries as contests
from content.documents import queries as documents
from content.events import queries as events
from content.media import queries as media
from content.organisations import queries as provinces
from content.peer_lines import heads
from content.plans import queries as plans
from content.provision_layers import queries as layers
from content.public_changes.facts import public_facts
from content.public_changes.names import names_now, object_type_of
from content.qa import queries as questions
from content.sync import queries as sync

PAGE_SIZE = 50
MAX_CHANGE_ID = 2**63 - 1
MomentsByKey = Callable[[Iterable[str]], Mapping[str, datetime.datetime | None]]
# by object type: name of its URL, and a function from keys to the `updated_at` of those that are public now
CHANGED_OBJECTS: dict[str, tuple[str, MomentsByKey]] = {
    "document": ("document-detail", documents.updated_at_by_key),
    "question": ("question-detail", questions.changed_at_by_key),
    "event": ("event-detail", events.changed_at_by_key),
    "contest": ("contest-detail", contests.changed_at_by_key),
    "peer": ("peer-detail", sync.changed_at_by_key),
    "plan": ("plan-detail", plans.changed_at_by_key),
    "indicator": ("indicator-detail", lambda keys: dict.fromkeys(plans.indicator_names_by_code(keys))),
    "province": ("province-detail", lambda keys: dict.fromkeys(provinces.names_by_key(keys))),
    "material": ("material-detail", media.changed_at_by_key),
    "layer": ("layer", layers.changed_at_by_key),
    "playlist": ("playlist-detail", channels.playlists_changed_at),
    "channel": ("channel-detail", channels.channels_changed_at),
}
MomentsByObject = dict[tuple[str, str], datetime.datetime | None]  # by (object type, key)
TOMBSTONE_EVENT_TYPES = (
    event_types.DOCUMENT_WITHDRAWN,
    event_types.QUESTION_WITHDRAWN,
    event_types.EventType.MATERIAL_WITHDRAWN,
    event_types.EventType.LAYER_WITHDRAWN,
    event_types.EventType.PLAYLIST_WITHDRAWN,
    event_types.EventType.CHANNEL_WITHDRAWN,
    event_types.PLAN_WITHDRAWN,
)


FACTS_HELP = (
    "Further facts, depending on the event type, without texts: read what `correction` names at `url`. Titles are "
    "current; a withdrawn object has none."
)


class ChangeSerializer(serializers.ModelSerializer):
    """One change of the log. Changes are immutable; only `updated_at` and titles in `facts` are current."""

    key = serializers.CharField(
        source="pk", read_only=True, help_text="Id of the change as a string; usable as `after`."
    )
    event_type = serializers.ChoiceField(
        event_types.PUBLIC_EVENT_TYPES, read_only=True, help_text="What happened; the list may grow."
    )
    nature = serializers.ChoiceField(
        event_types.NATURES,
        read_only=True,
        help_text="Whether the law changed, or only our copy of it.",
    )
    object = serializers.SerializerMethodField(help_text="Type of the object; the list may grow.")
    subject = serializers.CharField(read_only=True, help_text="Key of the object.")
    url = serializers.SerializerMethodField()
    is_tombstone = serializers.SerializerMethodField(
        help_text="True: delete your copy. The URL answers 410 with the reason, or 404."
    )
    eids = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="eids of the provisions it concerns; empty: the whole object or only its metadata.",
    )
    topics = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Keys of the topics at that time."
    )
    hash_before = serializers.SerializerMethodField(help_text="SHA-256 of the text before, hex; null: none.")
    hash_after = serializers.SerializerMethodField(help_text="SHA-256 of the text after, hex; null: none.")
    on = serializers.SerializerMethodField(help_text="First day of the legal effect; null: none.")
    changed_at = serializers.DateTimeField(read_only=True, help_text="Time of the change. Never changes.")
    updated_at = serializers.SerializerMethodField(
        help_text="Time of the last write to the object, as of this response; null: no longer public. It may change "
        "without a visible difference; compare `hash_after`."
    )
    facts = serializers.SerializerMethodField(help_text=FACTS_HELP)
    notify = serializers.BooleanField(read_only=True, help_text="Whether followers were notified.")
    facts_digest = serializers.SerializerMethodField(help_text="Salted SHA-256 of the stored facts, hex.")
    chain = serializers.CharField(
        read_only=True,
        help_text="SHA-256 of the chain before and of this change, hex; how: guide page `sync`.",
    )

    class Meta:
        model = Change
        fields = [
            "key", "event_type", "nature", "object", "subject", "url", "is_tombstone", "eids", "topics", "organisation",
            "hash_before", "hash_after", "on", "changed_at", "updated_at", "facts", "notify", "facts_digest", "chain",
        ]  # fmt: skip
        extra_kwargs = {
            "organisation": {"read_only": True, "help_text": "Key of the issuing organisation; may be empty."}
        }

    @extend_schema_field(serializers.ChoiceField(list(CHANGED_OBJECTS)))
    def get_object(self, change: Change) -> str:
        return object_type_of(change)

    def get_url(self, change: Change) -> str:
        return resource_urls.resource_url(CHANGED_OBJECTS[object_type_of(change)][0], key=change.subject)

    def get_is_tombstone(self, change: Change) -> bool:
        return change.event_type in TOMBSTONE_EVENT_TYPES

    def get_hash_before(self, change: Change) -> str | None:
        return change.hash_before or None

    def get_hash_after(self, change: Change) -> str | None:
        return change.hash_after or None

    @extend_schema_field({"type": ["string", "null"], "format": "date"})
    def get_on(self, change: Change) -> str | None:
        on: str | None = change.facts.get("on")
        return on

    def get_facts(self, change: Change) -> JSONObject:
        return public_facts(change, self.context["names"])

    def get_facts_digest(self, change: Change) -> str:
        return chain.facts_digest(change.facts_salt, change.facts)

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_updated_at(self, change: Change) -> str | None:
        moments: MomentsByObject = self.context["moments"]
        moment = moments.get((object_type_of(change), change.subject))
        return timezone.localtime(moment).isoformat() if moment else None


def current_state(changes: list[Change]) -> JSONObject:
    """The context that ChangeSerializer needs. The number of queries does not depend on that of the changes."""
    return {"moments": updated_at_by_object(changes), "names": names_now(changes)}


def updated_at_by_object(changes: list[Change]) -> MomentsByObject:
    """Time of the last write by (object type, key), for the objects of these changes that are public now."""
    found: MomentsByObject = {}
    for name, (_address, moments) in CHANGED_OBJECTS.items():
        keys = {change.subject for change in changes if object_type_of(change) == name}
        found |= {(name, key): moment for key, moment in moments(keys).items()} if keys else {}
    return found


def change_representations(changes: list[Change], **options: Any) -> list[JSONObject]:
    """The changes as dicts. The number of queries does not depend on their number."""
    data = ChangeSerializer(changes, many=True, context=current_state(changes), **options).data
    return cast(list[JSONObject], data)


class ChangeHeadSerializer(serializers.Serializer):
    """The change log up to a change, sealed."""

    key = serializers.CharField(help_text="Key of the change; 0: the beginning.")
    chain = serializers.CharField(allow_blank=True, help_text="Its chain.")
    at = serializers.DateTimeField(allow_null=True, help_text="Time of the change, UTC.")
    seal = serializers.CharField(allow_null=True, help_text="JWS by a key of `/.well-known/jwks.json`; null: no key.")


class ChangePageSerializer(serializers.Serializer):
    """One page of the change log."""

    next = serializers.URLField(allow_null=True, help_text="URL of the next page; null: no newer change yet.")
    previous = serializers.URLField(allow_null=True, help_text="Always null: the log is read forward only.")
    cursor = serializers.CharField(help_text="Store it and send it as `after` next time, also if the page is empty.")
    results = ChangeSerializer(many=True)
    head = ChangeHeadSerializer(help_text="The log as it was at `cursor`, sealed.")
    records_url = serializers.URLField(
        help_text="URL that gives the records of several objects in one response: `listRecords`."
    )


MAX_WAIT_SECONDS = long_polling.MAX_WAIT_SECONDS
NON_NEGATIVE_INTEGER = {"type": "integer", "minimum": 0}
AFTER_HELP = (
    "A cursor; 0: all changes. A cursor ahead of the log (from another server, or from before a backup was restored) "
    "is 400 `cursor_ahead`: start again from the newest export."
)


class ChangeListView(PublicReadMixin, SparseFieldsMixin, KnownParametersOnly, generics.GenericAPIView):
    """Changes after a cursor. To mirror the data, read a bulk export first, then the changes after its cursor."""

    serializer_class = ChangeSerializer
    queryset = Change.objects.none()  # tells drf-spectacular the model
    extra_parameters = ("after", "wait", "page_size", "fields")
    pagination_class = None
    cache_control = REVALIDATE_CACHE_CONTROL  # a cache that did not revalidate would delay every consumer by a minute

    @extend_schema(
        operation_id="listChanges",
        tags=["changes"],
        auth=[],
        summary="List public changes after a cursor, oldest first",
        description="The log skips no change and contains no private change. "
        "With `wait` "
        "the response comes with the first new change, at the latest after that many seconds. If too many requests "
        "wait, it comes at once, with `Retry-After`. Read the current state of the object at `url`.",
        parameters=[
            OpenApiParameter(
                "after", {"type": "string", "pattern": "^[0-9]{1,19}$", "default": "0"}, description=AFTER_HELP
            ),
            OpenApiParameter(
                "wait",
                NON_NEGATIVE_INTEGER | {"maximum": MAX_WAIT_SECONDS, "default": 0},
                description="Maximum seconds to wait for a new change.",
            ),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
                description="Maximum number of changes per page.",
            ),
        ],
        responses=ChangePageSerializer,
    )
    def get(self, request: Request) -> Response:
        after = requested_integer(request, "after", 0, MAX_CHANGE_ID, default=0)
        wait = requested_integer(request, "wait", 0, MAX_WAIT_SECONDS, default=0)
        size = requested_integer(request, "page_size", 1, MAX_PAGE_SIZE, default=PAGE_SIZE)
        last = queries.last_public_change_id()
        if after > last:
            raise CursorAhead(_("Start again from the newest export."))
        if after == last and wait and request.method == "GET":
            last = max(last, long_polling.wait_until(lambda: _last_change_after(after), wait) or 0)
        changes = list(queries.public_changes_between(after, last)[: size + 1]) if last > after else []
        page, more = changes[:size], len(changes) > size
        request.META[NOT_STORED] = bool(page)  # it has titles of events and others, whose changes nobody announces
        wanted_to_wait = bool(wait or request.META.get(NO_SLOT))
        return self._page_response(
            page, page[-1].pk if page else after, size, more, waited_without_result=wanted_to_wait and not page
        )

    def _page_response(
        self, page: list[Change], cursor: int, size: int, more: bool, *, waited_without_result: bool
    ) -> Response:
        parameters: JSONObject = {"after": cursor, "page_size": size}
        parameters |= {"fields": self.request.query_params["fields"]} if "fields" in self.request.query_params else {}
        following = f"{resource_urls.resource_url('change-list')}?{urlencode(parameters)}"
        results = self.get_serializer(page, many=True, context=current_state(page)).data
        response = Response(
            {
                "next": following if more else None,
                "previous": None,
                "cursor": str(cursor),
                "results": results,
                "head": asdict(heads.sealed_head_at(cursor)),
                "records_url": resource_urls.resource_url("record-list"),
            }
        )
        response["Link"] = link_header(
            next=following if more else None, service_desc=resource_urls.resource_url("openapi")
        )
        if waited_without_result:
            response["Retry-After"] = "1"
        return response  # no Last-Modified: more changes may follow in the same second, and `updated_at` is current


class ChangeHeadView(PublicReadMixin, KnownParametersOnly, APIView):
    """The newest change, sealed."""

    cache_control = REVALIDATE_CACHE_CONTROL

    @extend_schema(
        operation_id="getChangeHead",
        tags=["changes"],
        auth=[],
        summary="Get the sealed head of the change log",
        description="Store it: it proves what the log was.",
        responses=ChangeHeadSerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(asdict(heads.sealed_head()))


def _last_change_after(after: int) -> int | None:
    last = queries.last_public_change_id()
    return last if last > after else None
