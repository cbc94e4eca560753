"""What an act says about the effect of a document, and nobody has checked: shown with the document until then."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from content.documents.citations import cite_document
from content.documents.effect import (
    EffectDoubtKind,
    StatusEventScope,
    counts_on,
    event_covers,
    is_partly_expired_without_units,
)
from content.documents.models import EffectDoubt, LegalDocument
from content.law.eids import eid_in_words

MAX_WORDS_SHOWN = 600  # characters of the clause


class EffectDoubtSerializer(serializers.Serializer):
    """A statement of an act that was not carried out, because a person must check it."""

    kind = serializers.ChoiceField(EffectDoubtKind.choices, help_text="What the act says it does.")
    scope = serializers.ChoiceField(StatusEventScope.choices)
    eids = serializers.ListField(child=serializers.CharField(), help_text="Of a part: its provisions, if it names any.")
    on = serializers.DateField(allow_null=True, help_text="First day on which it counts; null: none is known.")
    words = serializers.CharField(help_text="One sentence for people that quotes the clause.")
    act = DocumentLinkSerializer(allow_null=True, help_text="The act that says so; null: an official source does.")
    source_eid = serializers.CharField(help_text="The provision of the act that says so; empty: not known.")
    source_url = serializers.URLField(allow_null=True, help_text="Address of that provision, or of the act.")
    since = serializers.DateTimeField(allow_null=True, help_text="When the statement was read here.")


def doubts_on(document: LegalDocument, day: datetime.date, eid: str = "") -> list[EffectDoubt]:
    """The doubts about the effect of the document, or of one of its provisions, on `day`; not those of its text."""
    counting = [
        doubt
        for doubt in document.effect_doubts.all()
        if doubt.kind != EffectDoubtKind.AMENDS and counts_on(doubt, day)
    ]
    if not eid:
        return counting
    return [each for each in counting if each.scope == StatusEventScope.WHOLE or event_covers(each, eid)]


def weightiest_doubt(doubts: Iterable[EffectDoubt]) -> EffectDoubt:
    """The first to tell of one or more doubts: one of the whole document goes before one of a part."""
    return min(doubts, key=lambda each: (each.scope != StatusEventScope.WHOLE, each.from_on, each.pk))


def effect_doubt_representation(doubts: Iterable[EffectDoubt]) -> JSONObject | None:
    """The weightiest of the doubts as a dict; None without one."""
    doubts = list(doubts)
    if not doubts:
        return None
    first = weightiest_doubt(doubts)
    act = first.act
    return {
        "kind": first.kind,
        "scope": first.scope,
        "eids": first.eids,
        "on": first.on,
        "words": doubt_in_words(first),
        "act": document_link(act),
        "source_eid": first.source_eid,
        "source_url": resource_urls.provision_url(act, first.source_eid)
        if first.source_eid
        else resource_urls.document_url(act),
        "since": first.since,
    }


def doubt_of_document(document: LegalDocument, day: datetime.date) -> JSONObject | None:
    """What makes the effect of the document on `day` doubtful: an act, or a source that names no part; or None."""
    events = document.status_events.all()
    told = effect_doubt_representation(doubts_on(document, day))
    if told or not (document.has_effect and is_partly_expired_without_units(events, day)):
        return told
    return {
        "kind": EffectDoubtKind.ENDS,
        "scope": StatusEventScope.PART,
        "eids": [],
        "on": None,
        "words": _(
            "The official source states that a part is no longer in force, but not which part. "
            "This has not been checked yet."
        ),
        "act": None,
        "source_eid": "",
        "source_url": None,
        "since": None,
    }


def doubt_in_words(doubt: EffectDoubt) -> str:
    """«Luật X, khoản 2 Điều 95 viết: “…”; chưa được kiểm tra»."""
    place = eid_in_words(doubt.source_eid)
    return _("%(act)s states: “%(clause)s”. This has not been checked yet.") % {
        "act": f"{cite_document(doubt.act)}, {place}" if place else cite_document(doubt.act),
        "clause": doubt.words[:MAX_WORDS_SHOWN] or "…",  # a correction took them out, and the act is read again
    }


EffectDoubtField = extend_schema_field(EffectDoubtSerializer(allow_null=True))
