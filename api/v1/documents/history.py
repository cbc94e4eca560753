"""One document in time: the days its text changes, what differs between two of them, what happened to it."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from api.caching import with_last_modified
from api.pagination import SinglePagePagination
from api.parameters import requested_day
from api.sparse_fields import select_fields
from api.v1 import resource_urls
from api.v1.day_parameters import day_parameter
from api.v1.link_serializers import DocumentLinkSerializer
from content.documents import effect_queries, history
from content.documents.diff import DiffKind, unit_diffs
from content.documents.effect import EffectStatus, effect_on
from content.documents.models import StatusEvent
from content.documents.provision_queries import unit_texts_on
from content.documents.text_dates import TextDate, TextDateStatus
from content.vietnam_time import today

HISTORY_PARAMETERS = {"versions": (), "timeline": (), "diff": ("from", "to")}
TIMELINE_EVENT_TYPES = ["issued", "gazetted", *StatusEvent.Kind.values]


class AmendmentSerializer(serializers.Serializer):
    act = DocumentLinkSerializer()
    eids = serializers.ListField(child=serializers.CharField(), help_text="Units it changed, added or removed.")


class DocumentVersionSerializer(serializers.Serializer):
    """The text of a document on the days [valid_from, valid_until)."""

    key = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True, help_text="Null: the first text.")
    valid_until = serializers.DateField(allow_null=True, help_text="First day no longer; null: open.")
    effect_status = serializers.ChoiceField(
        EffectStatus.choices, allow_null=True, help_text="On the first of the days."
    )
    url = serializers.URLField(help_text="The whole text on the first of the days.")
    amendments = AmendmentSerializer(many=True, help_text="What made it read so.")


class DiffSpanSerializer(serializers.Serializer):
    op = serializers.ChoiceField(["equal", "delete", "insert"])
    text = serializers.CharField(trim_whitespace=False)


class UnitDiffSerializer(serializers.Serializer):
    """A unit that differs. Words not `insert`, joined, are what it said; words not `delete` what it says."""

    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    change = serializers.ChoiceField([what.value for what in DiffKind])
    moved_from = serializers.CharField(allow_null=True, help_text="The eid under which the same words stood.")
    heading_before = serializers.CharField(allow_null=True)
    heading_after = serializers.CharField(allow_null=True)
    words = DiffSpanSerializer(many=True)
    url_before = serializers.URLField(allow_null=True)
    url_after = serializers.URLField(allow_null=True)


class DiffSerializer(serializers.Serializer):
    """What differs between the texts of two days, each unit by itself, without the units under it."""

    key = serializers.CharField(help_text="The document's key, `~diff`, and the days.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
    day_before = serializers.DateField()
    day_after = serializers.DateField()
    text_before_is_of = serializers.ChoiceField(
        TextDateStatus.choices, help_text="As `text_is_of` of the earlier text."
    )
    text_after_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text="As `text_is_of` of the later text.")
    changes = UnitDiffSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer):
    on = serializers.DateField(allow_null=True, help_text="Null: our source does not say, or it is not fixed yet.")
    what = serializers.ChoiceField(TIMELINE_EVENT_TYPES)
    scope = serializers.ChoiceField(StatusEvent.Scope.choices)
    eids = serializers.ListField(child=serializers.CharField(), help_text="The units it is about; none: see `scope`.")
    cause = serializers.CharField(help_text="What did it, or who says so, in words.")
    act = DocumentLinkSerializer(allow_null=True, help_text="The document that did it, where we have it.")


class HistoryActionsMixin:
    """For the view of documents."""

    @extend_schema(
        operation_id="listDocumentVersions",
        summary="The points in time at which a document's text changes",
        responses=DocumentVersionSerializer(many=True),
        filters=False,
    )
    @action(detail=True, url_path="versions", url_name="versions", pagination_class=SinglePagePagination)
    def versions(self, request, key):
        document = self.get_object()
        points = [_version_representation(document, point) for point in history.points_in_time(document)]
        return self._page(request, document, points)

    @extend_schema(
        operation_id="getDocumentTimeline",
        summary="Everything that happened to a document, and what is to come",
        responses=TimelineEntrySerializer(many=True),
        filters=False,
    )
    @action(detail=True, url_path="timeline", url_name="timeline", pagination_class=SinglePagePagination)
    def timeline(self, request, key):
        document = self.get_object()
        return self._page(
            request, document, [_timeline_entry_representation(each) for each in history.timeline(document)]
        )

    @extend_schema(
        operation_id="diffDocument",
        summary="What differs between the texts of two days, word by word",
        responses=DiffSerializer,
        parameters=[
            day_parameter("from", "The earlier day; without it, the day before `to`."),
            day_parameter("to", "The later day; today without it."),
        ],
        filters=False,
    )
    @action(detail=True, url_path="diff", url_name="diff", pagination_class=None)
    def diff(self, request, key):
        document = self.get_object()
        last = requested_day(request, "to", default=today())
        first = requested_day(request, "from", default=None) if "from" in request.query_params else _day_before(last)
        if first > last:
            raise ValidationError({"from": [_("A day not after `to`.")]}, code="invalid")
        shown = select_fields(request, _diff_representation(document, first, last))
        return with_last_modified(Response(shown), effect_queries.last_modified(document, today()))

    def _page(self, request, document, rows):
        shown = [select_fields(request, row) for row in rows]
        page = self.paginator.get_paginated_response(shown)
        return with_last_modified(page, effect_queries.last_modified(document, today()))


def _day_before(day):
    return day.fromordinal(day.toordinal() - 1)


def _version_representation(document, point):
    address = resource_urls.resource_url("document-text", key=document.key)
    first = point.valid_from or effect_on(document.status_events.all(), today()).effective_on
    return {
        "key": f"{document.key}@{point.valid_from or ''}",
        "valid_from": point.valid_from,
        "valid_until": point.valid_until,
        "effect_status": first and effect_on(document.status_events.all(), first).status,
        "url": f"{address}?as_of={first}" if first else address,
        "amendments": [
            {"act": DocumentLinkSerializer(amendment.act).data, "eids": amendment.eids}
            for amendment in point.amendments
        ],
    }


def _timeline_entry_representation(each):
    return {
        "on": each.on,
        "what": each.what,
        "scope": each.scope,
        "eids": each.eids,
        "cause": each.cause,
        "act": each.act and DocumentLinkSerializer(each.act).data,
    }


def _diff_representation(document, first, last):
    found = unit_diffs(unit_texts_on(document, first), unit_texts_on(document, last))
    return {
        "key": f"{document.key}~diff~{first}~{last}",
        "url": f"{resource_urls.resource_url('document-diff', key=document.key)}?from={first}&to={last}",
        "document": DocumentLinkSerializer(document).data,
        "day_before": first,
        "day_after": last,
        "text_before_is_of": TextDate(document, first).of_all,
        "text_after_is_of": TextDate(document, last).of_all,
        "changes": [_unit_diff_representation(document, each, first, last) for each in found],
    }


def _unit_diff_representation(document, each, first, last):
    unit, before, after = each.after or each.before, each.before, each.after
    return {
        "eid": each.eid,
        "kind": unit.kind,
        "number": unit.number,
        "change": each.what,
        "moved_from": before.eid if each.what is DiffKind.MOVED else None,
        "heading_before": before and before.heading,
        "heading_after": after and after.heading,
        "words": [{"op": span.op, "text": span.text} for span in each.words],
        "url_before": before and f"{resource_urls.provision_url(document, before.eid)}?as_of={first}",
        "url_after": after and f"{resource_urls.provision_url(document, after.eid)}?as_of={last}",
    }
