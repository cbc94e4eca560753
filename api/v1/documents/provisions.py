"""JSON of provisions: one provision, an outline, and the full text of a document."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.documents.absences import ProvisionGone, ProvisionNotYet
from api.v1.documents.effect_doubts import (
    EffectDoubtSerializer,
    doubt_of_document,
    doubts_on,
    effect_doubt_representation,
)
from api.v1.documents.provenance import legal_value_of
from api.v1.documents.text_links import TextLinkSerializer, link_representation, links_of_units
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from api.v1.text_formats.facts import TextFacts
from content.document_reads.contexts import ProvisionContext
from content.document_reads.shown import ShownProvision
from content.documents import history, provision_queries
from content.documents.citations import cite_provision
from content.documents.effect import EffectStatus, StatusEventScope, prepared_events, provision_effect_of
from content.documents.history import HistoryEntry
from content.documents.models import LegalDocument
from content.documents.provision_queries import ShownUnit
from content.documents.provisions import text_sha256
from content.documents.text_dates import TextDate, TextDateStatus
from content.law.eids import KEY_SEPARATOR, eid_in_words, eid_lineage
from content.law.units import UnitKind
from content.mentions.queries import Link, links_in
from content.text.speech import spoken_text

TEXT_DATE_HELP = "Day of the text shown."


AMENDED_HELP = "Last amendment of its own text, or the one that added it; null: as first published."
REMOVED_HELP = "Since when it is no longer in the text; null: it is in the text."


class ProvisionLinkSerializer(serializers.Serializer):
    """A link to a provision."""

    eid = serializers.CharField()
    kind = serializers.ChoiceField(list(UnitKind), help_text="Kind of the provision.")
    number = serializers.CharField()
    heading = serializers.CharField()
    url = serializers.URLField()


class UnitAmendmentSerializer(serializers.Serializer):
    """The act that changed a provision, and since when."""

    on = serializers.DateField(help_text="First day on which the change counts.")
    act = DocumentLinkSerializer()


class UnitRemovalSerializer(UnitAmendmentSerializer):
    """The act that removed a provision, and since when."""

    is_repealed = serializers.BooleanField(
        help_text="The act repeals it; false: a new wording of what was around it leaves it out."
    )


class ShownProvisionSerializer(ProvisionLinkSerializer):
    """A provision that is in the text, or was removed from it."""

    amended = UnitAmendmentSerializer(allow_null=True, help_text=AMENDED_HELP)
    removed = UnitRemovalSerializer(allow_null=True, help_text=REMOVED_HELP)


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
    citation = serializers.CharField(help_text="Citation in words: «điểm a khoản 2 Điều 15 Luật …».")
    text = serializers.CharField(help_text="Text as published, with the provisions below it.")
    links = TextLinkSerializer(many=True, help_text="Words of `text` that name provisions, in order.")
    page_url = serializers.URLField()
    effect_status = serializers.ChoiceField(
        EffectStatus.choices,
        allow_null=True,
        help_text="Effect of this provision on the day of `as_of`; null in a consolidated text.",
    )
    effect_status_name = serializers.CharField(allow_null=True)
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
    children = ShownProvisionSerializer(many=True)
    previous = ProvisionLinkSerializer(allow_null=True, help_text="The previous provision of the same kind.")
    next = ProvisionLinkSerializer(allow_null=True)


class TextProvisionSerializer(ShownProvisionSerializer):
    """A provision within the full text. One that was removed has no text; its number and heading stay."""

    effect_status = serializers.ChoiceField(EffectStatus.choices, allow_null=True)
    parent: Any = serializers.CharField(allow_null=True, help_text="eid of the parent; null: none.")
    text = serializers.CharField(help_text="Own text, without the provisions below it.")
    links = TextLinkSerializer(many=True, help_text="Words of `text` that name provisions, in order.")
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


def provision_link_representation(document: LegalDocument, provision: Any) -> JSONObject:
    return {
        "eid": provision.eid,
        "kind": provision.kind,
        "number": provision.number,
        "heading": provision.heading,
        "url": resource_urls.provision_url(document, provision.eid),
    }


def outline_representation(document: LegalDocument, units: Iterable[ShownUnit]) -> list[JSONObject]:
    """The units as nested dicts. Expects them in order, each after its parent."""
    roots: list[JSONObject] = []
    nodes: dict[int, JSONObject] = {}
    for unit in units:
        provision = unit.provision
        node = _unit_link_representation(document, unit) | change_representation(unit) | {"children": []}
        nodes[provision.pk] = node
        siblings = nodes[provision.parent_id]["children"] if provision.parent_id in nodes else roots
        siblings.append(node)
    return roots


def _unit_link_representation(document: LegalDocument, unit: ShownUnit) -> JSONObject:
    """A link to the unit; to its last text, if it was removed."""
    link = provision_link_representation(document, unit.provision)
    if unit.is_removed and unit.amendment:
        link["url"] += f"?as_of={unit.amendment.on - datetime.timedelta(days=1)}"
    return link


def change_representation(unit: ShownUnit) -> JSONObject:
    """`amended` and `removed` of a unit: at most one of them is not null."""
    change: JSONObject = {"amended": None, "removed": None}
    if unit.amendment is None:
        return change
    facts: JSONObject = {"on": unit.amendment.on, "act": document_link(unit.amendment.act)}
    if unit.is_removed:
        return change | {"removed": facts | {"is_repealed": unit.is_repealed}}
    return change | {"amended": facts}


def provision_representation(shown: ShownProvision, context: ProvisionContext, day: datetime.date) -> JSONObject:
    """One provision on `day` as a dict, as ProvisionSerializer describes it. No query."""
    document, own = shown.document, context.provision
    effect = provision_effect_of(document, own.eid, day)
    return provision_link_representation(document, own) | {
        "key": f"{document.key}{KEY_SEPARATOR}{own.eid}",
        "citation": cite_provision(document, [*context.ancestors, own]),
        "text": context.text,
        "links": links_of_units(context.units, shown.links()),
        "page_url": resource_urls.provision_page_url(document, own.eid),
        "effect_status": effect.status,
        "effect_status_name": effect.status and effect.status.label,
        "effect_doubt": effect_doubt_representation(doubts_on(document, day, own.eid)),
        "effective_on": effect.effective_on,
        "expires_on": effect.expires_on,
        "expiry_scheduled": effect.expiry_scheduled,
        "as_of": day,
        "text_is_of": TextDate(document, day, shown.applied).of_unit(own.eid),
        "versions": [_version_representation(document, own.eid, entry) for entry in shown.history(own.eid)],
        "speech_text": spoken_text(context.text),
        "codification_code": own.codification_code,
        "document": document_link(document),
        "ancestors": [provision_link_representation(document, provision) for provision in context.ancestors],
        "children": [
            _unit_link_representation(document, unit) | change_representation(unit) for unit in shown.children(context)
        ],
        "previous": context.previous and provision_link_representation(document, context.previous),
        "next": context.next and provision_link_representation(document, context.next),
    }


def _version_representation(document: LegalDocument, eid: str, version: HistoryEntry) -> JSONObject:
    address = resource_urls.provision_url(document, eid)
    return {
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "url": f"{address}?as_of={version.valid_from}" if version.valid_from else address,
        "act": version.act and document_link(version.act),
    }


def raise_provision_missing(document: LegalDocument, eid: str, day: datetime.date) -> NoReturn:
    """Raise the error for a missing provision: NotFound (never there), ProvisionNotYet or ProvisionGone."""
    versions = history.history_entries(document, eid)
    place = eid_in_words(eid)
    if not versions:
        words = {"place": place or eid, "document": document.number or document.title}
        raise NotFound(_("%(document)s has no %(place)s, on any day. `getDocument` lists what it has.") % words)
    message = _("%(place)s is in this document %(days)s. Ask for one of these days with `as_of`.") % {
        "place": place[:1].upper() + place[1:],
        "days": "; ".join(_days_in_words(each.valid_from, each.valid_until) for each in versions),
    }
    first = versions[0].valid_from
    raise ProvisionNotYet(message) if first and day < first else ProvisionGone(message)


def _days_in_words(valid_from: datetime.date | None, valid_until: datetime.date | None) -> str:
    """«from 01/01/2020 to 31/12/2024»: the last day is in it."""
    first = f"{valid_from:%d/%m/%Y}" if valid_from else ""
    last = f"{valid_until - datetime.timedelta(days=1):%d/%m/%Y}" if valid_until else ""
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    if last:
        return _("until %s") % last
    return _("from %s") % first if first else _("on every day")


def text_facts(document: LegalDocument, day: datetime.date, context: ProvisionContext | None = None) -> TextFacts:
    """What the other formats say of the text of the document, or of one provision."""
    eid = context.provision.eid if context else ""
    in_doubt = doubts_on(document, day, eid) if eid else doubt_of_document(document, day)
    text_date = TextDate(document, day)
    return TextFacts(
        document, day, bool(in_doubt), legal_value_of(document),
        (text_date.of_unit(eid) if eid else text_date.of_all).value, eid,
        cite_provision(document, [*context.ancestors, context.provision] if context else []),
    )  # fmt: skip


def _unit_statuses(document: LegalDocument, day: datetime.date) -> Callable[[str], EffectStatus | None]:
    """The effect of a unit by its eid. It is computed once for all units around which the same units are named."""
    events = prepared_events(document.status_events.all())
    told: list[Any] = [*events, *document.effect_doubts.all()]
    named = {eid for each in told if each.scope == StatusEventScope.PART for eid in each.eids}
    known: dict[tuple[str, ...], EffectStatus | None] = {}

    def status_of(eid: str) -> EffectStatus | None:
        named_around = tuple(each for each in eid_lineage(eid) if each in named) if named else ()
        if named_around not in known:
            known[named_around] = provision_effect_of(document, eid, day, events).status
        return known[named_around]

    return status_of


def document_text_representation(document: LegalDocument, day: datetime.date) -> JSONObject:
    """All provisions of the document on `day`, as a dict."""
    (representation,) = document_text_representations([document], day)
    return representation


def document_text_representations(documents: Sequence[LegalDocument], day: datetime.date) -> Iterator[JSONObject]:
    """The same of several documents, in their order. Their texts are read at once."""
    shown = provision_queries.units_shown_in(documents, day)
    links = links_in(unit.provision.version_pk for units in shown.values() for unit in units if not unit.is_removed)
    for document in documents:
        yield _text_representation(document, day, shown[document.pk], links)


def _text_representation(
    document: LegalDocument, day: datetime.date, units: Sequence[ShownUnit], links: Mapping[int, Iterable[Link]]
) -> JSONObject:
    eids = {unit.provision.pk: unit.provision.eid for unit in units}
    status_of, text_date = _unit_statuses(document, day), TextDate(document, day)
    return {
        "key": f"{document.key}~text",
        "url": resource_urls.document_text_url(document),
        "document": document_link(document),
        "as_of": day,
        "text_is_of": text_date.of_all,
        "sha256": text_sha256("".join(unit.provision.text for unit in units)),
        "provisions": [
            _text_unit_representation(
                document, unit, eids, links, text_date.of_own_words(unit.provision.eid), status_of(unit.provision.eid)
            )
            for unit in units
        ],
    }


def _text_unit_representation(
    document: LegalDocument,
    unit: ShownUnit,
    eids: Mapping[int, str],
    links: Mapping[int, Iterable[Link]],
    text_is_of: TextDateStatus,
    status: EffectStatus | None,
) -> JSONObject:
    """A unit within the full text, as TextProvisionSerializer describes it. `eids`: of all units, `links`: in all."""
    provision = unit.provision
    shown_links = () if unit.is_removed else links.get(provision.version_pk, ())
    return {
        **_unit_link_representation(document, unit),
        "parent": eids.get(provision.parent_id) if provision.parent_id else None,
        "text": provision.text,
        "links": [link_representation(link) for link in shown_links],
        "text_is_of": text_is_of,
        "effect_status": status,
        **change_representation(unit),
    }
