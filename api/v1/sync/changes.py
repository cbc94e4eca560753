"""The day-book for partners: what became public, changed or was taken back, in the order it did."""

from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from api import long_polling
from api.caching import REVALIDATE_CACHE_CONTROL, PublicReadMixin
from api.pagination import MAX_PAGE_SIZE, link_header
from api.parameters import KnownParametersOnly, requested_integer
from api.sparse_fields import SparseFieldsMixin
from api.v1 import resource_urls
from content.changes import event_types, queries
from content.changes.models import Change
from content.documents import queries as documents
from content.events import queries as events
from content.qa import queries as questions

PAGE_SIZE = 50
MAX_CHANGE_ID = 2**63 - 1
# of each kind of object the day-book speaks of: its address, and the moments of the rows that are public now
CHANGED_OBJECTS = {
    "document": ("document-detail", documents.updated_at_by_key),
    "question": ("question-detail", questions.changed_at_by_key),
    "event": ("event-detail", events.changed_at_by_key),
}
TOMBSTONE_EVENT_TYPES = (event_types.DOCUMENT_WITHDRAWN, event_types.QUESTION_WITHDRAWN)


class ChangeSerializer(serializers.ModelSerializer):
    """One line of the day-book. Lines are never changed nor deleted; `updated_at` alone is of today."""

    key = serializers.CharField(source="pk", read_only=True, help_text="Its number, as a text: a value for `after`.")
    event_type = serializers.CharField(
        read_only=True,
        help_text="What happened, of a list that grows: "
        + ", ".join(f"`{kind}`" for kind in event_types.PUBLIC_EVENT_TYPES)
        + ".",
    )
    nature = serializers.ChoiceField(
        event_types.NATURES,
        read_only=True,
        help_text="`legal`: the law moved. `editorial`: our copy or its description was bettered. `correction`: the "
        "issuing body corrected its text (đính chính), or we what we had published of a question. `withdrawal`: we "
        "took something back.",
    )
    object = serializers.SerializerMethodField(help_text="`document`, `question` or `event`; the list grows.")
    subject = serializers.CharField(read_only=True, help_text="Its key.")
    url = serializers.SerializerMethodField()
    is_tombstone = serializers.SerializerMethodField(help_text="True: drop your copy. Its address says why, or 404.")
    eids = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="The provisions it touches; none: the whole, or only the description.",
    )
    topics = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="Keys, of that moment.")
    hash_before = serializers.SerializerMethodField(help_text="SHA-256 of the text before, hex; null: there was none.")
    hash_after = serializers.SerializerMethodField(help_text="SHA-256 of the text after; null: there is none.")
    on = serializers.SerializerMethodField(help_text="The day from which it counts in law, where it has one.")
    changed_at = serializers.DateTimeField(read_only=True, help_text="When it became public here. Never moves.")
    updated_at = serializers.SerializerMethodField(
        help_text="When the object's row was last written, as of this answer; null: it is not public any more. It also "
        "moves where nothing changed that you read: `hash_after` decides."
    )
    facts = serializers.JSONField(read_only=True, help_text="What else is to say of it, by event type.")

    class Meta:
        model = Change
        fields = [
            "key", "event_type", "nature", "object", "subject", "url", "is_tombstone", "eids", "topics", "organisation",
            "hash_before", "hash_after", "on", "changed_at", "updated_at", "facts",
        ]  # fmt: skip
        extra_kwargs = {"organisation": {"read_only": True, "help_text": "Key of the issuing body; may be empty."}}

    def get_object(self, change) -> str:
        return object_type_of(change)

    def get_url(self, change) -> str:
        return resource_urls.resource_url(CHANGED_OBJECTS[object_type_of(change)][0], key=change.subject)

    def get_is_tombstone(self, change) -> bool:
        return change.event_type in TOMBSTONE_EVENT_TYPES

    def get_hash_before(self, change) -> str | None:
        return change.hash_before or None

    def get_hash_after(self, change) -> str | None:
        return change.hash_after or None

    @extend_schema_field({"type": ["string", "null"], "format": "date"})
    def get_on(self, change):
        return change.facts.get("on")

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_updated_at(self, change):
        moment = self.context["moments"].get((object_type_of(change), change.subject))
        return moment and timezone.localtime(moment).isoformat()


def object_type_of(change):
    return change.event_type.partition(".")[0]


def updated_at_by_object(changes):
    """{(object, key): when its row was last written} of those these lines speak of that are public now."""
    found = {}
    for name, (_address, moments) in CHANGED_OBJECTS.items():
        keys = {change.subject for change in changes if object_type_of(change) == name}
        found |= {(name, key): moment for key, moment in moments(keys).items()} if keys else {}
    return found


def change_representations(changes, **options):
    """These lines as the API shows them, in a few queries however many there are."""
    return ChangeSerializer(changes, many=True, context={"moments": updated_at_by_object(changes)}, **options).data


class ChangePageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="Where to go on now; null: there is nothing newer yet.")
    previous = serializers.URLField(allow_null=True, help_text="Always null: the day-book is read forward.")
    cursor = serializers.CharField(
        help_text="Keep it: the value of `after` for the next time, also where this is empty."
    )
    results = ChangeSerializer(many=True)


MAX_WAIT_SECONDS = long_polling.MAX_WAIT_SECONDS
NON_NEGATIVE_INTEGER = {"type": "integer", "minimum": 0}
AFTER_HELP = (
    "A bookmark; 0: all. One ahead of the day-book (of another server, or of before a backup was put back) is 400 "
    "`cursor_ahead`: begin anew."
)


class ChangeListView(PublicReadMixin, SparseFieldsMixin, KnownParametersOnly, generics.GenericAPIView):
    """Follow what is public without crawling: take a bulk file first, then what came after its bookmark."""

    serializer_class = ChangeSerializer
    queryset = Change.objects.none()  # for the contract
    extra_parameters = ("after", "wait", "page_size", "fields")
    pagination_class = None
    cache_control = (
        REVALIDATE_CACHE_CONTROL  # a cache that answered by itself for a minute would make every follower a minute late
    )

    @extend_schema(
        operation_id="listChanges",
        tags=["changes"],
        auth=[],
        summary="What became public, changed or was taken back after a bookmark, oldest first",
        description="No line is skipped however writers commit, and none is private. With `wait` the answer comes as "
        "soon as there is a line, at the latest after so many seconds; where too many wait it comes at once, with "
        "`Retry-After`. A line tells that something changed; what it is now stands at `url`.",
        parameters=[
            OpenApiParameter("after", NON_NEGATIVE_INTEGER | {"maximum": MAX_CHANGE_ID, "default": 0}, description=AFTER_HELP),
            OpenApiParameter("wait", NON_NEGATIVE_INTEGER | {"maximum": MAX_WAIT_SECONDS, "default": 0}, description="Seconds."),
            OpenApiParameter(
                "page_size", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
                description="How many lines at the most.",
            ),
        ],
        responses=ChangePageSerializer,
    )  # fmt: skip
    def get(self, request):
        after = requested_integer(request, "after", 0, MAX_CHANGE_ID, default=0)
        wait = requested_integer(request, "wait", 0, MAX_WAIT_SECONDS, default=0)
        size = requested_integer(request, "page_size", 1, MAX_PAGE_SIZE, default=PAGE_SIZE)
        last = queries.last_public_change_id()
        if after > last:
            raise ValidationError({"after": [_("The day-book has not come so far: begin anew.")]}, code="cursor_ahead")
        if after == last and request.method == "GET":
            last = max(last, long_polling.wait_until(lambda: _last_change_after(after), wait) or 0)
        changes = list(queries.public_changes_between(after, last)[: size + 1])
        page, more = changes[:size], len(changes) > size
        return self._answer(page, page[-1].pk if page else after, size, more, waited_in_vain=wait and not page)

    def _answer(self, page, cursor, size, more, *, waited_in_vain):
        taken = {"after": cursor, "page_size": size}
        taken |= {"fields": self.request.query_params["fields"]} if "fields" in self.request.query_params else {}
        following = f"{resource_urls.resource_url('change-list')}?{urlencode(taken)}"
        shown = self.get_serializer(page, many=True, context={"moments": updated_at_by_object(page)}).data
        response = Response(
            {"next": following if more else None, "previous": None, "cursor": str(cursor), "results": shown}
        )
        response["Link"] = link_header(
            next=following if more else None, service_desc=resource_urls.resource_url("openapi")
        )
        if waited_in_vain:
            response["Retry-After"] = "1"
        return response  # no Last-Modified: lines of the same second follow, and `updated_at` is of this moment


def _last_change_after(after):
    last = queries.last_public_change_id()
    return last if last > after else None
