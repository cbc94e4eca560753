"""History of a document: versions of the text, the difference of two versions, and a timeline."""

import datetime
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import with_last_modified
from api.pagination import SinglePagePagination
from api.parameters import requested_day
from api.sparse_fields import select_fields
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.day_parameters import day_parameter
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from content.diff import DiffKind, UnitDiff, unit_diffs
from content.documents import effect_queries, history
from content.documents.citations import cite_document
from content.documents.effect import EffectStatus, effect_of, effect_on
from content.documents.history import PointInTime, TimelineEntry
from content.documents.models import LegalDocument, StatusEvent
from content.documents.provision_queries import unit_texts_on
from content.documents.text_dates import TextDate, TextDateStatus
from content.law.units import UnitKind
from content.vietnam_time import today

HISTORY_PARAMETERS = {"versions": (), "timeline": (), "diff": ("from", "to")}
TIMELINE_EVENT_TYPES = ["issued", "gazetted", *StatusEvent.Kind.values]


if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet as _View  # the class that the mixin extends
else:
    _View = object


class AmendmentSerializer(serializers.Serializer):
    """An amending act with the provisions that it changed."""

    act = DocumentLinkSerializer()
    eids = serializers.ListField(
        child=serializers.CharField(), help_text="eids of the provisions it changed, added or removed."
    )


class DocumentVersionSerializer(serializers.Serializer):
    """The text of a document on the days [valid_from, valid_until)."""

    key = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True, help_text="Null: the first version.")
    valid_until = serializers.DateField(allow_null=True, help_text="First day after the version; null: no end known.")
    effect_status = serializers.ChoiceField(
        EffectStatus.choices, allow_null=True, help_text="Effect on the first day of the version."
    )
    url = serializers.URLField(help_text="Full text on the first day of the version.")
    amendments = AmendmentSerializer(many=True, help_text="Amendments that produced this version.")


class DiffSpanSerializer(serializers.Serializer):
    """A piece of text that is equal, deleted or inserted."""

    op = serializers.ChoiceField(["equal", "delete", "insert"])
    text = serializers.CharField(trim_whitespace=False)


class UnitDiffSerializer(serializers.Serializer):
    """A changed provision. Spans other than `insert` give the old text; spans other than `delete` give the new text."""

    eid = serializers.CharField()
    kind = serializers.ChoiceField(list(UnitKind), help_text="Kind of the provision.")
    number = serializers.CharField()
    change = serializers.ChoiceField([what.value for what in DiffKind])
    moved_from = serializers.CharField(allow_null=True, help_text="Former eid of the moved text; null: not moved.")
    heading_before = serializers.CharField(allow_null=True)
    heading_after = serializers.CharField(allow_null=True)
    words = DiffSpanSerializer(many=True)
    url_before = serializers.URLField(allow_null=True)
    url_after = serializers.URLField(allow_null=True)


@extend_schema_serializer(component_name="DocumentDiff")
class DiffSerializer(serializers.Serializer):
    """The difference between the texts of two days, provision by provision, without the provisions below each."""

    key = serializers.CharField(help_text="Key of the document, `~diff`, and the two days.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
    day_before = serializers.DateField()
    day_after = serializers.DateField()
    text_before_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text="`text_is_of` of the earlier text.")
    text_after_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text="`text_is_of` of the later text.")
    changes = UnitDiffSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer):
    """An event in the life of a document."""

    on = serializers.DateField(allow_null=True, help_text="Date of the event; null: unknown or not fixed yet.")
    event_type = serializers.ChoiceField(TIMELINE_EVENT_TYPES)
    scope = serializers.ChoiceField(StatusEvent.Scope.choices)
    eids = serializers.ListField(
        child=serializers.CharField(), help_text="eids of the provisions it concerns; empty: see `scope`."
    )
    cause = serializers.CharField(help_text="Cause or source, in words.")
    act = DocumentLinkSerializer(allow_null=True, help_text="The document that caused it; null: not available.")


class HistoryActionsMixin(_View):
    """Actions of DocumentViewSet: versions, timeline and diff."""

    @extend_schema(
        operation_id="listDocumentVersions",
        summary="List the versions of a document's text",
        responses=DocumentVersionSerializer(many=True),
        filters=False,
    )
    @action(detail=True, url_path="versions", url_name="versions", pagination_class=SinglePagePagination)
    def versions(self, request: Request, key: str) -> Response:
        document = self.get_object()
        versions = [_version_representation(document, point) for point in history.points_in_time(document)]
        return self._page(request, document, versions)

    @extend_schema(
        operation_id="getDocumentTimeline",
        summary="Get the timeline of a document, past and future",
        responses=TimelineEntrySerializer(many=True),
        filters=False,
    )
    @action(detail=True, url_path="timeline", url_name="timeline", pagination_class=SinglePagePagination)
    def timeline(self, request: Request, key: str) -> Response:
        document = self.get_object()
        return self._page(
            request, document, [_timeline_entry_representation(each) for each in history.timeline(document)]
        )

    @extend_schema(
        operation_id="diffDocument",
        summary="Compare the texts of two days, word by word",
        responses=DiffSerializer,
        parameters=[
            day_parameter("from", "Earlier day. Default: the day before `to`."),
            day_parameter("to", "Later day. Default: today."),
        ],
        filters=False,
    )
    @action(detail=True, url_path="diff", url_name="diff", pagination_class=None)
    def diff(self, request: Request, key: str) -> Response:
        document = self.get_object()
        last = requested_day(request, "to", default=today())
        first = requested_day(request, "from", default=last) if "from" in request.query_params else _day_before(last)
        if first > last:
            raise ValidationError({"from": [_("Use a date that is not after `to`.")]}, code="invalid")
        representation = select_fields(request, _diff_representation(document, first, last))
        return with_last_modified(Response(representation), effect_queries.last_modified(document, today()))

    def _page(self, request: Request, document: LegalDocument, rows: list[JSONObject]) -> Response:
        chosen = [select_fields(request, row) for row in rows]
        page = cast(BasePagination, self.paginator).get_paginated_response(chosen)
        return with_last_modified(page, effect_queries.last_modified(document, today()))


def _day_before(day: datetime.date) -> datetime.date:
    return day.fromordinal(day.toordinal() - 1)


def _version_representation(document: LegalDocument, point: PointInTime) -> JSONObject:
    address = resource_urls.document_text_url(document)
    first = point.valid_from or effect_on(document.status_events.all(), today()).effective_on
    shown_on = first and max(first, document.issued_on or first)  # a text may take effect before its issue
    return {
        "key": f"{document.key}@{point.valid_from or ''}",
        "valid_from": point.valid_from,
        "valid_until": point.valid_until,
        "effect_status": first and effect_of(document, first).status,
        "url": f"{address}?as_of={shown_on}" if shown_on else address,
        "amendments": [{"act": document_link(amendment.act), "eids": amendment.eids} for amendment in point.amendments],
    }


def _timeline_entry_representation(each: TimelineEntry) -> JSONObject:
    return {
        "on": each.on,
        "event_type": each.what,
        "scope": each.scope,
        "eids": each.eids,
        "cause": cite_document(each.act) if each.act else each.cause,
        "act": each.act and document_link(each.act),
    }


def _diff_representation(document: LegalDocument, first: datetime.date, last: datetime.date) -> JSONObject:
    diffs = unit_diffs(unit_texts_on(document, first), unit_texts_on(document, last))
    return {
        "key": f"{document.key}~diff~{first}~{last}",
        "url": f"{resource_urls.resource_url('document-diff', key=document.key)}?from={first}&to={last}",
        "document": document_link(document),
        "day_before": first,
        "day_after": last,
        "text_before_is_of": TextDate(document, first).of_all,
        "text_after_is_of": TextDate(document, last).of_all,
        "changes": [_unit_diff_representation(document, each, first, last) for each in diffs],
    }


def _unit_diff_representation(
    document: LegalDocument, each: UnitDiff, first: datetime.date, last: datetime.date
) -> JSONObject:
    before, after = each.before, each.after
    return {
        "eid": each.eid,
        "kind": each.unit.kind,
        "number": each.unit.number,
        "change": each.what,
        "moved_from": before.eid if before and each.what is DiffKind.MOVED else None,
        "heading_before": before and before.heading,
        "heading_after": after and after.heading,
        "words": [{"op": span.op, "text": span.text} for span in each.words],
        "url_before": before and f"{resource_urls.provision_url(document, before.eid)}?as_of={first}",
        "url_after": after and f"{resource_urls.provision_url(document, after.eid)}?as_of={last}",
    }
