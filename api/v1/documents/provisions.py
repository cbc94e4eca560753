"""JSON of provisions: one provision, an outline, and the full text of a document."""

import datetime
from collections.abc import Iterable
from typing import Any, NoReturn

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers

from api.problems import ProvisionGone, ProvisionNotYet
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.documents.effect_doubts import EffectDoubtSerializer, doubts_on, effect_doubt_representation
from api.v1.link_serializers import DocumentLinkSerializer
from content.documents import history, provision_queries
from content.documents.citations import cite_provision
from content.documents.effect import EffectStatus, prepared_events, provision_effect_of
from content.documents.history import HistoryEntry
from content.documents.models import LegalDocument, Provision
from content.documents.provision_queries import ProvisionContext
from content.documents.provisions import text_sha256
from content.documents.text_dates import TextDate, TextDateStatus
from content.text.speech import spoken_text

TEXT_DATE_HELP = (
    "Date of the text shown. `that_day`: the text of the requested day. `a_later_day`: only a codified text with later "
    "amendments is available. `unknown`: the codified text was imported after that day, or a later amendment is "
    "known but not yet applied, so the text may be older than this date."
)


class ProvisionLinkSerializer(serializers.Serializer):
    """A link to a provision."""

    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    heading = serializers.CharField()
    url = serializers.URLField()


class ProvisionVersionSerializer(serializers.Serializer):
    """The days on which a provision, with the provisions below it, has one text."""

    valid_from = serializers.DateField(allow_null=True, help_text="Null: since the document takes effect.")
    valid_until = serializers.DateField(allow_null=True, help_text="First day after the version; null: no end known.")
    url = serializers.URLField(help_text="The provision on the first day of the version.")
    act = DocumentLinkSerializer(
        allow_null=True, help_text="Act that produced this version; null: the document itself."
    )


class ProvisionSerializer(ProvisionLinkSerializer):
    """One provision: a part, chapter, section, article, clause, point, paragraph or annex, with its full text."""

    key = serializers.CharField(help_text="Key of the document, `~`, and the eid.")
    citation = serializers.CharField(help_text="«điểm a khoản 2 Điều 15 Luật …»")
    text = serializers.CharField(help_text="Text as published, with the provisions below it.")
    effect_status = serializers.ChoiceField(
        EffectStatus.choices,
        allow_null=True,
        help_text="Effect of this provision on the day of `as_of`; null in a consolidated text.",
    )
    effect_doubt = EffectDoubtSerializer(
        allow_null=True, help_text="What an act says about its effect, and nobody has checked yet; null: nothing."
    )
    effective_on = serializers.DateField(
        allow_null=True, help_text="First day in force; the document's unless the provision has its own."
    )
    expires_on = serializers.DateField(allow_null=True, help_text="First day on which it is no longer in force.")
    expiry_scheduled = serializers.BooleanField()
    as_of = serializers.DateField(help_text="Date of the text and effect.")
    text_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text=TEXT_DATE_HELP)
    versions = ProvisionVersionSerializer(many=True, help_text="All past, current and future versions, oldest first.")
    speech_text = serializers.CharField(
        help_text="Text for Vietnamese speech output: numbers, dates, abbreviations and symbols in words."
    )
    codification_code = serializers.CharField(
        help_text="Code in the official codification (Pháp điển), for articles: «44.8.LQ.1»; empty: none known."
    )
    document = DocumentLinkSerializer()
    ancestors = ProvisionLinkSerializer(many=True, help_text="From the outermost provision to the parent.")
    children = ProvisionLinkSerializer(many=True)
    previous = ProvisionLinkSerializer(allow_null=True, help_text="The previous provision of the same kind.")
    next = ProvisionLinkSerializer(allow_null=True)


class TextProvisionSerializer(ProvisionLinkSerializer):
    """A provision within the full text."""

    effect_status = serializers.ChoiceField(EffectStatus.choices, allow_null=True)
    parent: Any = serializers.CharField(allow_null=True, help_text="eid of the parent; null: none.")
    text = serializers.CharField(help_text="Own text, without the provisions below it.")
    text_is_of = serializers.ChoiceField(
        TextDateStatus.choices, help_text="Date of this text; see `text_is_of` of the full text."
    )


class DocumentTextSerializer(serializers.Serializer):
    """The full text as a list of provisions. Their texts, joined, are exactly the full text."""

    key = serializers.CharField(help_text="Key of the document and `~text`.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
    as_of = serializers.DateField(help_text="Date of the text.")
    text_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text=TEXT_DATE_HELP)
    sha256 = serializers.CharField(help_text="SHA-256 of the full text in UTF-8, hex.")
    provisions = TextProvisionSerializer(many=True)


def provision_link_representation(document: LegalDocument, provision: Provision) -> JSONObject:
    return {
        "eid": provision.eid,
        "kind": provision.kind,
        "number": provision.number,
        "heading": provision.heading,
        "url": resource_urls.provision_url(document, provision.eid),
    }


def outline_representation(document: LegalDocument, provisions: Iterable[Provision]) -> list[JSONObject]:
    """The provisions as nested dicts. Expects them in order, each after its parent."""
    roots: list[JSONObject] = []
    nodes: dict[int, JSONObject] = {}
    for provision in provisions:
        nodes[provision.pk] = node = provision_link_representation(document, provision) | {"children": []}
        siblings = nodes[provision.parent_id]["children"] if provision.parent_id in nodes else roots
        siblings.append(node)
    return roots


def provision_representation(document: LegalDocument, context: ProvisionContext, day: datetime.date) -> JSONObject:
    """One provision on `day` as a dict."""
    own = context.provision
    effect = provision_effect_of(document, own.eid, day)
    return provision_link_representation(document, own) | {
        "key": f"{document.key}~{own.eid}",
        "citation": cite_provision(document, [*context.ancestors, own]),
        "text": context.text,
        "effect_status": effect.status,
        "effect_doubt": effect_doubt_representation(doubts_on(document, day, own.eid)),
        "effective_on": effect.effective_on,
        "expires_on": effect.expires_on,
        "expiry_scheduled": effect.expiry_scheduled,
        "as_of": day,
        "text_is_of": TextDate(document, day).of_unit(own.eid),
        "versions": [
            _version_representation(document, own.eid, entry) for entry in history.history_entries(document, own.eid)
        ],
        "speech_text": spoken_text(context.text),
        "codification_code": own.codification_code,
        "document": DocumentLinkSerializer(document).data,
        "ancestors": [provision_link_representation(document, provision) for provision in context.ancestors],
        "children": [provision_link_representation(document, provision) for provision in context.children],
        "previous": context.previous and provision_link_representation(document, context.previous),
        "next": context.next and provision_link_representation(document, context.next),
    }


def _version_representation(document: LegalDocument, eid: str, version: HistoryEntry) -> JSONObject:
    address = resource_urls.provision_url(document, eid)
    return {
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "url": f"{address}?as_of={version.valid_from}" if version.valid_from else address,
        "act": version.act and DocumentLinkSerializer(version.act).data,
    }


def raise_provision_missing(document: LegalDocument, eid: str, day: datetime.date) -> NoReturn:
    """Raise the error for a missing provision: Http404 (never there), ProvisionNotYet or ProvisionGone."""
    versions = history.history_entries(document, eid)
    if not versions:
        raise Http404
    days = ", ".join(f"[{version.valid_from or '…'}, {version.valid_until or '…'})" for version in versions)
    message = _("%(eid)s is in this document on the days %(days)s. Ask for one of them with `as_of`.") % {
        "eid": eid,
        "days": days,
    }
    first = versions[0].valid_from
    raise ProvisionNotYet(message) if first and day < first else ProvisionGone(message)


def document_text_representation(document: LegalDocument, day: datetime.date) -> JSONObject:
    """All provisions of the document on `day`, as a dict."""
    provisions = list(provision_queries.provisions_on(document, day))
    eids = {provision.pk: provision.eid for provision in provisions}
    events, text_date = prepared_events(document.status_events.all()), TextDate(document, day)
    return {
        "key": f"{document.key}~text",
        "url": resource_urls.resource_url("document-text", key=document.key),
        "document": DocumentLinkSerializer(document).data,
        "as_of": day,
        "text_is_of": text_date.of_all,
        "sha256": text_sha256("".join(provision.text for provision in provisions)),
        "provisions": [
            provision_link_representation(document, provision)
            | {
                "parent": eids.get(provision.parent_id) if provision.parent_id else None,
                "text": provision.text,
                "text_is_of": text_date.of_own_words(provision.eid),
                "effect_status": provision_effect_of(document, provision.eid, day, events).status,
            }
            for provision in provisions
        ],
    }
