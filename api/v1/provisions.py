"""Provisions as the API shows them, alone and as a whole text. One function makes each kind of representation."""

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers

from api.problems import Gone, NotYet
from api.v1 import addresses
from api.v1.links import DocumentLinkSerializer
from content.documents import history, queries
from content.documents.citations import cite
from content.documents.currency import Currency, TextIsOf
from content.documents.effect import EffectStatus, prepared, provision_effect_of
from content.documents.provisions import sha256
from content.text.speech import speech

TEXT_IS_OF = (
    "Of which day the words are. `a_later_day`: only what amendments of a later day made of it is here, as the "
    "codification gives it. `unknown`: a codified text on a day before it was taken in, or an amendment was told us "
    "that was not carried out here: the words may be those before or after it."
)


class UnitSerializer(serializers.Serializer):
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


class ProvisionSerializer(UnitSerializer):
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
    text_is_of = serializers.ChoiceField(TextIsOf.choices, help_text=TEXT_IS_OF)
    versions = ProvisionVersionSerializer(many=True, help_text="All that it says, said and will say, oldest first.")
    speech_text = serializers.CharField(
        help_text="The same for a Vietnamese voice: numbers, dates, abbreviations and marks in words."
    )
    codification_code = serializers.CharField(
        help_text="Of an article in the official codification (Pháp điển): «44.8.LQ.1»; empty: we know of none."
    )
    document = DocumentLinkSerializer()
    ancestors = UnitSerializer(many=True, help_text="From the outermost to the parent.")
    children = UnitSerializer(many=True)
    previous = UnitSerializer(allow_null=True, help_text="The one of its kind before it.")
    next = UnitSerializer(allow_null=True)


class TextUnitSerializer(UnitSerializer):
    effect_status = serializers.ChoiceField(EffectStatus.choices, allow_null=True)
    parent = serializers.CharField(allow_null=True, help_text="The eid of the unit it stands under.")
    text = serializers.CharField(help_text="Its own words, without the units under it.")
    text_is_of = serializers.ChoiceField(TextIsOf.choices, help_text="Of these words; see the whole text.")


class TextSerializer(serializers.Serializer):
    """The whole text: the units in order; their texts, joined, are the text to the letter."""

    key = serializers.CharField(help_text="The document's key, `~text`.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
    as_of = serializers.DateField(help_text="The day that the text is of.")
    text_is_of = serializers.ChoiceField(TextIsOf.choices, help_text=TEXT_IS_OF)
    sha256 = serializers.CharField(help_text="Of the whole text in UTF-8, hex.")
    provisions = TextUnitSerializer(many=True)


def unit(document, provision):
    return {
        "eid": provision.eid,
        "kind": provision.kind,
        "number": provision.number,
        "heading": provision.heading,
        "url": addresses.of_provision(document, provision.eid),
    }


def outline(document, provisions):
    """The tree of these provisions (in order, each after its parent) as nested dicts."""
    roots, nodes = [], {}
    for provision in provisions:
        nodes[provision.pk] = node = unit(document, provision) | {"children": []}
        siblings = nodes[provision.parent_id]["children"] if provision.parent_id in nodes else roots
        siblings.append(node)
    return roots


def representation(document, context, day):
    """One provision on `day`: `context` is a queries.Context."""
    own = context.provision
    effect = provision_effect_of(document, own.eid, day)
    return unit(document, own) | {
        "key": f"{document.key}~{own.eid}",
        "citation": cite(document, [*context.ancestors, own]),
        "text": context.text,
        "effect_status": effect.status,
        "effective_on": effect.effective_on,
        "expires_on": effect.expires_on,
        "expiry_scheduled": effect.expiry_scheduled,
        "as_of": day,
        "text_is_of": Currency(document, day).of_unit(own.eid),
        "versions": [_version(document, own.eid, reading) for reading in history.readings_of(document, own.eid)],
        "speech_text": speech(context.text),
        "codification_code": own.codification_code,
        "document": DocumentLinkSerializer(document).data,
        "ancestors": [unit(document, provision) for provision in context.ancestors],
        "children": [unit(document, provision) for provision in context.children],
        "previous": context.previous and unit(document, context.previous),
        "next": context.next and unit(document, context.next),
    }


def _version(document, eid, version):
    address = addresses.of_provision(document, eid)
    return {
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "url": f"{address}?as_of={version.valid_from}" if version.valid_from else address,
        "act": version.act and DocumentLinkSerializer(version.act).data,
    }


def refuse(document, eid, day):
    """Say why there is no such provision on that day: never, not yet, or not any more."""
    versions = history.readings_of(document, eid)
    if not versions:
        raise Http404
    days = ", ".join(f"[{version.valid_from or '…'}, {version.valid_until or '…'})" for version in versions)
    words = _("%(eid)s stands in this document on the days %(days)s.") % {"eid": eid, "days": days}
    first = versions[0].valid_from
    raise NotYet(words) if first and day < first else Gone(words)


def whole_text(document, day):
    """All units of the document as they stand on `day`."""
    provisions = list(queries.provisions_on(document, day))
    eids = {provision.pk: provision.eid for provision in provisions}
    events, currency = prepared(document.status_events.all()), Currency(document, day)
    return {
        "key": f"{document.key}~text",
        "url": addresses.of("document-text", key=document.key),
        "document": DocumentLinkSerializer(document).data,
        "as_of": day,
        "text_is_of": currency.of_all,
        "sha256": sha256("".join(provision.text for provision in provisions)),
        "provisions": [
            unit(document, provision)
            | {
                "parent": eids.get(provision.parent_id),
                "text": provision.text,
                "text_is_of": currency.of_own_words(provision.eid),
                "effect_status": provision_effect_of(document, provision.eid, day, events).status,
            }
            for provision in provisions
        ],
    }
