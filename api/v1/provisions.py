"""Provisions as the API shows them, alone and as a whole text. One function makes each kind of representation."""

from rest_framework import serializers

from api.v1 import addresses
from api.v1.links import DocumentLinkSerializer
from content.documents import queries
from content.documents.citations import cite
from content.documents.effect import EffectStatus, effect_on


class UnitSerializer(serializers.Serializer):
    """A provision as its neighbours see it."""

    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    heading = serializers.CharField()
    url = serializers.URLField()


class ProvisionSerializer(UnitSerializer):
    """One part, chapter, section, article, clause or point, with its whole text."""

    key = serializers.CharField(help_text="The document's key, `~`, and the eid.")
    citation = serializers.CharField(help_text="«điểm a khoản 2 Điều 15 Luật …»")
    text = serializers.CharField(help_text="What stands there, the units under it included, as published.")
    effect_status = serializers.ChoiceField(EffectStatus.choices, help_text="That of the document today.")
    codification_code = serializers.CharField(
        help_text="Of an article in the official codification (Pháp điển): «44.8.LQ.1»; empty: we know of none."
    )
    document = DocumentLinkSerializer()
    ancestors = UnitSerializer(many=True, help_text="From the outermost to the parent.")
    children = UnitSerializer(many=True)
    previous = UnitSerializer(allow_null=True, help_text="The one of its kind before it.")
    next = UnitSerializer(allow_null=True)


class TextUnitSerializer(UnitSerializer):
    parent = serializers.CharField(allow_null=True, help_text="The eid of the unit it stands under.")
    text = serializers.CharField(help_text="Its own words, without the units under it.")


class TextSerializer(serializers.Serializer):
    """The whole text: the units in order; their texts, joined, are the text to the letter."""

    key = serializers.CharField(help_text="The document's key, `~text`.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
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
    return unit(document, own) | {
        "key": f"{document.key}~{own.eid}",
        "citation": cite(document, [*context.ancestors, own]),
        "text": context.text,
        "effect_status": effect_on(document.status_events.all(), day).status,
        "codification_code": own.codification_code,
        "document": DocumentLinkSerializer(document).data,
        "ancestors": [unit(document, provision) for provision in context.ancestors],
        "children": [unit(document, provision) for provision in context.children],
        "previous": context.previous and unit(document, context.previous),
        "next": context.next and unit(document, context.next),
    }


def whole_text(document, day):
    """All units of the document as they stand on `day`."""
    provisions = list(queries.provisions_on(document, day))
    eids = {provision.pk: provision.eid for provision in provisions}
    return {
        "key": f"{document.key}~text",
        "url": addresses.of("document-text", key=document.key),
        "document": DocumentLinkSerializer(document).data,
        "sha256": document.content_hash,
        "provisions": [
            unit(document, provision) | {"parent": eids.get(provision.parent_id), "text": provision.text}
            for provision in provisions
        ],
    }
