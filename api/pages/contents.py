"""What the pages of a document and of a provision show."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.template.defaultfilters import date as written
from django.utils.translation import gettext as _

from api.pages.banners import effect_banner
from api.pages.day_addresses import address_on, as_of_query, question_address_on
from api.pages.json_ld import as_data_block
from api.pages.linked_text import as_html, with_marks
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.documents import provenance
from api.v1.documents.effect_doubts import doubt_in_words, doubts_on, weightiest_doubt
from api.v1.documents.provisions import raise_provision_missing, text_facts
from api.v1.documents.text import DEEPEST_HEADING, removed_unit_of_page
from api.v1.text_formats.legislation import document_as_legislation, provision_as_legislation
from content.document_reads import contexts
from content.documents import history, provision_queries
from content.documents.citations import cite_document, cite_provision
from content.documents.effect import effect_of, prepared_events, provision_effect_of
from content.documents.models import EffectDoubt, LegalDocument, Provision
from content.documents.provision_queries import AmendmentOfUnit, ShownUnit
from content.documents.text_dates import TextDate
from content.law.eids import SEPARATOR, eid_in_words
from content.law.page_paths import document_path, provision_path
from content.law.units import UNIT_FORMS, UnitKind
from content.mentions import queries as mentions
from content.parsing import layout
from content.qa import queries as questions

MAX_LETTERS = 300_000  # of a document on one page; a longer one shows its contents
MAX_CITING = 20
MAX_ANSWERS = 5
DESCRIPTION_LETTERS = 200


def document_context(document: LegalDocument, day: datetime.date) -> dict[str, Any]:
    """Of the whole document on `day`."""
    shown = provision_queries.units_shown_on(document, day)
    is_long = sum(len(unit.provision.text) for unit in shown) > MAX_LETTERS
    units = [] if is_long else page_units(document, shown, day)
    outline = _outline(document, shown)
    text = "".join(unit.provision.text for unit in shown if unit.provision.kind not in ("preamble", "conclusions"))
    return _shared(document, day, cite_document(document)) | {
        "banner": effect_banner(document, effect_of(document, day), day),
        "effect_doubts": [_shown_doubt([doubt], day) for doubt in doubts_on(document, day)],
        "units": units,
        "outline": outline,
        "is_long": is_long,
        "description": beginning(text),
        "json_ld": as_data_block(document_as_legislation(text_facts(document, day))),
        "api_url": resource_urls.document_url(document),
        "text_url": resource_urls.document_text_url(document),
    }


def unit_context(document: LegalDocument, eid: str, day: datetime.date) -> dict[str, Any]:
    """Of one provision on `day`. Raises NotFound, ProvisionNotYet or ProvisionGone, as the API does."""
    around = contexts.provision_context(document, eid, day)
    if around is None:
        raise_provision_missing(document, eid, day)
    shown = _under(provision_queries.with_removed_units(document, day, around.units), around.provision)
    events = prepared_events(document.status_events.all())
    effect = provision_effect_of(document, eid, day, events)
    citation = cite_provision(document, [*around.ancestors, around.provision])
    citing = mentions.citing_documents(document, eid, MAX_CITING)
    return _shared(document, day, citation) | {
        "banner": effect_banner(document, effect, day, eid),
        "effect_doubts": [_shown_doubt(doubts, day)] if (doubts := doubts_on(document, day, eid)) else [],
        "unit": around.provision,
        "units": page_units(document, shown, day),
        "ancestors": [_link(document, each) for each in around.ancestors],
        "previous": around.previous and _link(document, around.previous),
        "next": around.next and _link(document, around.next),
        "versions": [
            {"entry": entry, "act_path": entry.act and address_on(entry.act, "", day)}
            for entry in history.history_entries(document, eid)
        ],
        "citing": [(cite_document(each), address_on(each, "", day)) for each in citing],
        "answers": [
            (each.public_title, question_address_on(each, day))
            for each in questions.questions_citing(questions.public_questions(), document.key, eid)[:MAX_ANSWERS]
        ],
        "description": beginning(around.text),
        "json_ld": as_data_block(
            provision_as_legislation(text_facts(document, day, around), around.provision.heading, around.text)
        ),
        "api_url": resource_urls.provision_url(document, eid),
        "text_url": resource_urls.provision_url(document, eid),
    }


def where_to_read(document: LegalDocument, eid: str) -> list[tuple[str, str]]:
    """(words, path) of each text that a provision had, on its last day, the latest first; then of the document."""
    path, found = provision_path(document.key, eid), []
    for entry in history.history_entries(document, eid):
        day = entry.valid_until - datetime.timedelta(days=1) if entry.valid_until else entry.valid_from
        if day:
            found.append((_("Text as of %(day)s") % {"day": written(day, "d/m/Y")}, f"{path}?as_of={day}"))
    return [*reversed(found), (cite_document(document), document_path(document.key))]


def page_units(document: LegalDocument, shown: Sequence[ShownUnit], day: datetime.date) -> list[JSONObject]:
    """The units, in order, as dicts for the template. Words that name other provisions are links."""
    linked = mentions.links_in(unit.provision.version_pk for unit in shown if not unit.is_removed)
    levels: dict[int | None, int] = {}
    units: list[JSONObject] = []
    for unit in shown:
        provision = unit.provision
        above = levels.get(provision.parent_id, 1)
        change = _change_of_unit(document, provision.eid, unit.amendment, day) if unit.amendment else None
        if unit.is_removed:
            units.append(removed_unit_of_page(unit, above, change))
            continue
        title, rest = layout.split_title(provision.kind, provision.number, provision.heading, provision.text)
        levels[provision.pk] = level = min(above + 1, DEEPEST_HEADING) if title else above
        links = linked.get(provision.version_pk, [])
        offset = len(provision.text) - len(rest)
        inside = [link for link in links if link.start >= offset] if provision.text.endswith(rest) else []
        marked = with_marks(rest, [(link.start - offset, link.end - offset) for link in inside])
        addresses = [address_on(link.document, link.eids[0] if link.eids else "", day) for link in inside]
        units.append(
            {
                "eid": provision.eid,
                "path": provision_path(document.key, provision.eid),
                "kind": provision.kind,
                "title": title,
                "lines": layout.title_lines(title, provision.heading),
                "level": level,
                "amended": change,
                "removed": None,  # as in api/v1/documents/text.py
                "blocks": [
                    _block(each, addresses) for each in layout.text_blocks(marked, is_table=provision.kind == "table")
                ],
            }
        )
    return units


def _change_of_unit(document: LegalDocument, eid: str, amendment: AmendmentOfUnit, day: datetime.date) -> JSONObject:
    """The act that took the unit out or wrote it anew, and the page of the unit on the day before."""
    before = amendment.on - datetime.timedelta(days=1)
    return {
        "on": amendment.on,
        "act": cite_document(amendment.act),
        "act_url": address_on(amendment.act, "", day),
        "before_url": provision_path(document.key, eid) + as_of_query(before),
    }


def _block(block: layout.TextBlock, addresses: Sequence[str]) -> JSONObject:
    if isinstance(block, layout.Paragraph):
        return {"kind": block.kind, "text": as_html(block.text, addresses)}
    if isinstance(block, layout.Rule):
        return {"kind": block.kind}
    rows = [[[as_html(cell, addresses) for cell in row] for row in part] for part in ([block.head], block.body)]
    return {"kind": block.kind, "head": rows[0][0], "body": rows[1]}


def _under(shown: Iterable[ShownUnit], provision: Provision) -> list[ShownUnit]:
    """The provision and what is under it, in order. Drops units that acts removed elsewhere in the document."""
    inside = {provision.pk}
    found = []
    for unit in shown:
        if unit.provision.pk == provision.pk or unit.provision.parent_id in inside:
            inside.add(unit.provision.pk)
            found.append(unit)
    return found


def _outline(document: LegalDocument, shown: Iterable[ShownUnit]) -> list[JSONObject]:
    """The units that have a title, each with the path of its page."""
    levels: dict[int | None, int] = {}
    outline = []
    for unit in shown:
        provision = unit.provision
        title, _rest = layout.split_title(provision.kind, provision.number, provision.heading, provision.text)
        if title and provision.kind not in ("preamble", "conclusions"):
            levels[provision.pk] = level = levels.get(provision.parent_id, 1) + 1
            path = provision_path(document.key, provision.eid)
            outline.append({"title": title, "level": level, "eid": provision.eid, "path": path})
    return outline


def _shown_doubt(doubts: Collection[EffectDoubt], day: datetime.date) -> JSONObject:
    """The weightiest of the doubts: its words, the act that says it, and the page of that provision on `day`."""
    first = weightiest_doubt(doubts)
    act = first.act
    path = address_on(act, first.source_eid, day)
    return {"words": doubt_in_words(first), "act": act.number or act.title, "path": path}


def _link(document: LegalDocument, provision: Any) -> tuple[str, str]:
    """(«Chương II», path of its page); of an article its heading too."""
    form = UNIT_FORMS.get(provision.kind)
    name = eid_in_words(provision.eid.rpartition(SEPARATOR)[2])
    if form and provision.number:  # as the law prints it: «Chương II»
        name = f"{form.word} {provision.number}"
    words = name[:1].upper() + name[1:]
    if provision.kind == UnitKind.ARTICLE and provision.heading:
        words = f"{words}. {provision.heading}"
    return words, provision_path(document.key, provision.eid)


def _shared(document: LegalDocument, day: datetime.date, citation: str) -> dict[str, Any]:
    return {
        "document": document,
        "citation": citation,
        "page_title": citation,
        "written_day": written(day, "d/m/Y"),
        "document_path": document_path(document.key),
        "document_citation": cite_document(document),
        "text_is_of": TextDate(document, day).of_all,
        "provenance": provenance.provenance_of(document),
        "feed_url": resource_urls.resource_url("document-feed", feed_format="atom"),
    }


def beginning(text: str) -> str:
    """The first words, for a card."""
    words = " ".join(text.split())
    return words if len(words) <= DESCRIPTION_LETTERS else words[: DESCRIPTION_LETTERS - 1].rsplit(" ", 1)[0] + "…"
