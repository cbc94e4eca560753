"""Provisions as the API shows them, alone and as a whole text. One function makes each kind of representation."""

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers

from api.problems import ProvisionGone, ProvisionNotYet
from api.v1 import resource_urls
from api.v1.link_serializers import DocumentLinkSerializer
from content.documents import history, provision_queries
from content.documents.citations import cite_provision
from content.documents.effect import EffectStatus, prepared_events, provision_effect_of
from content.documents.provisions import text_sha256
from content.documents.text_dates import TextDate, TextDateStatus
from content.text.speech import spoken_text

TEXT_DATE_HELP = (
    "Of which day the words are. `a_later_day`: only what amendments of a later day made of it is here, as the "
    "codification gives it. `unknown`: a codified text on a day before it was taken in, or an amendment was told us "
    "that was not carried out here: the words may be those before or after it."
)


class ProvisionLinkSerializer(serializers.Serializer):
    """A provision as its neighbours see it."""

    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    heading = serializers.CharField()
    url = serializers.URLField()


class ProvisionVersionSerializer(serializers.Serializer):
    """The days on which a provision, with the units under it, says one thing."""

    valid_from = serializers.DateField(allow_null=True, help_text="Null: since the document applies.")
    valid_until = serializers.DateField(allow_null=True, help_text="First day no longer; null: open.")
    url = serializers.URLField(help_text="The provision on the first of these days.")
    act = DocumentLinkSerializer(allow_null=True, help_text="What made it read so; null: the document itself.")


class ProvisionSerializer(ProvisionLinkSerializer):
    """One part, chapter, section, article, clause, point, paragraph, annex or the like, with its whole text."""

    key = serializers.CharField(help_text="The document's key, `~`, and the eid.")
    citation = serializers.CharField(help_text="«điểm a khoản 2 Điều 15 Luật …»")
    text = serializers.CharField(help_text="What stands there, the units under it included, as published.")
    effect_status = serializers.ChoiceField(
        EffectStatus.choices,
        allow_null=True,
        help_text="Of this provision on the day of `as_of`; null in a consolidated text.",
    )
    effective_on = serializers.DateField(allow_null=True, help_text="Its first day, its own where it has one.")
    expires_on = serializers.DateField(allow_null=True, help_text="First day no longer in force.")
    expiry_scheduled = serializers.BooleanField()
    as_of = serializers.DateField(help_text="The day that text and effect are of.")
    text_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text=TEXT_DATE_HELP)
    versions = ProvisionVersionSerializer(many=True, help_text="All that it says, said and will say, oldest first.")
    speech_text = serializers.CharField(
        help_text="The same for a Vietnamese voice: numbers, dates, abbreviations and marks in words."
    )
    codification_code = serializers.CharField(
        help_text="Of an article in the official codification (Pháp điển): «44.8.LQ.1»; empty: we know of none."
    )
    document = DocumentLinkSerializer()
    ancestors = ProvisionLinkSerializer(many=True, help_text="From the outermost to the parent.")
    children = ProvisionLinkSerializer(many=True)
    previous = ProvisionLinkSerializer(allow_null=True, help_text="The one of its kind before it.")
    next = ProvisionLinkSerializer(allow_null=True)


class TextProvisionSerializer(ProvisionLinkSerializer):
    effect_status = serializers.ChoiceField(EffectStatus.choices, allow_null=True)
    parent = serializers.CharField(allow_null=True, help_text="The eid of the unit it stands under.")
    text = serializers.CharField(help_text="Its own words, without the units under it.")
    text_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text="Of these words; see the whole text.")


class DocumentTextSerializer(serializers.Serializer):
    """The whole text: the units in order; their texts, joined, are the text to the letter."""

    key = serializers.CharField(help_text="The document's key, `~text`.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
    as_of = serializers.DateField(help_text="The day that the text is of.")
    text_is_of = serializers.ChoiceField(TextDateStatus.choices, help_text=TEXT_DATE_HELP)
    sha256 = serializers.CharField(help_text="Of the whole text in UTF-8, hex.")
    provisions = TextProvisionSerializer(many=True)


def provision_link_representation(document, provision):
    return {
        "eid": provision.eid,
        "kind": provision.kind,
        "number": provision.number,
        "heading": provision.heading,
        "url": resource_urls.provision_url(document, provision.eid),
    }


def outline_representation(document, provisions):
    """The tree of these provisions (in order, each after its parent) as nested dicts."""
    roots, nodes = [], {}
    for provision in provisions:
        nodes[provision.pk] = node = provision_link_representation(document, provision) | {"children": []}
        siblings = nodes[provision.parent_id]["children"] if provision.parent_id in nodes else roots
        siblings.append(node)
    return roots


def provision_representation(document, context, day):
    """One provision on `day`: `context` is a queries.Context."""
    own = context.provision
    effect = provision_effect_of(document, own.eid, day)
    return provision_link_representation(document, own) | {
        "key": f"{document.key}~{own.eid}",
        "citation": cite_provision(document, [*context.ancestors, own]),
        "text": context.text,
        "effect_status": effect.status,
        "effective_on": effect.effective_on,
        "expires_on": effect.expires_on,
        "expiry_scheduled": effect.expiry_scheduled,
        "as_of": day,
        "text_is_of": TextDate(document, day).of_unit(own.eid),
        "versions": [
            _version_representation(document, own.eid, reading)
            for reading in history.history_entries(document, own.eid)
        ],
        "speech_text": spoken_text(context.text),
        "codification_code": own.codification_code,
        "document": DocumentLinkSerializer(document).data,
        "ancestors": [provision_link_representation(document, provision) for provision in context.ancestors],
        "children": [provision_link_representation(document, provision) for provision in context.children],
        "previous": context.previous and provision_link_representation(document, context.previous),
        "next": context.next and provision_link_representation(document, context.next),
    }


def _version_representation(document, eid, version):
    address = resource_urls.provision_url(document, eid)
    return {
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "url": f"{address}?as_of={version.valid_from}" if version.valid_from else address,
        "act": version.act and DocumentLinkSerializer(version.act).data,
    }


def raise_provision_missing(document, eid, day):
    """Say why there is no such provision on that day: never, not yet, or not any more."""
    versions = history.history_entries(document, eid)
    if not versions:
        raise Http404
    days = ", ".join(f"[{version.valid_from or '…'}, {version.valid_until or '…'})" for version in versions)
    words = _("%(eid)s stands in this document on the days %(days)s.") % {"eid": eid, "days": days}
    first = versions[0].valid_from
    raise ProvisionNotYet(words) if first and day < first else ProvisionGone(words)


def document_text_representation(document, day):
    """All units of the document as they stand on `day`."""
    provisions = list(provision_queries.provisions_on(document, day))
    eids = {provision.pk: provision.eid for provision in provisions}
    events, currency = prepared_events(document.status_events.all()), TextDate(document, day)
    return {
        "key": f"{document.key}~text",
        "url": resource_urls.resource_url("document-text", key=document.key),
        "document": DocumentLinkSerializer(document).data,
        "as_of": day,
        "text_is_of": currency.of_all,
        "sha256": text_sha256("".join(provision.text for provision in provisions)),
        "provisions": [
            provision_link_representation(document, provision)
            | {
                "parent": eids.get(provision.parent_id),
                "text": provision.text,
                "text_is_of": currency.of_own_words(provision.eid),
                "effect_status": provision_effect_of(document, provision.eid, day, events).status,
            }
            for provision in provisions
        ],
    }
