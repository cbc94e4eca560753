"""Finds what a text states about other documents: «bãi bỏ Điều 45 của Luật Đất đai số 13/2003/QH11». Pure.

The results are proposals, not facts. A statement is one line of one unit. Quoted text is skipped, because it belongs to
another document. What follows «đã được sửa đổi, bổ sung theo …» is the history of the document named before it and
gives no relation. A consolidated text only consolidates: what its articles say is stated by the acts it merges
(Ordinance 01/2012/UBTVQH13).
"""

import datetime
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from content.law import document_references
from content.law.doc_types import DocType
from content.law.lexer.unit_lexicon import ARTICLE
from content.parsing import Structure
from content.relations import ending_reader, verbs
from content.relations.ending_reader import Ending, EndingKind
from content.relations.models import Relation, RelationKind
from content.relations.quotations import without_quotations
from content.relations.statement_scanner import EVIDENCE_LENGTH, RelationStatement, StatementScanner

_MERGES_UP_TO = re.compile(rf"^[^\S\n]*(?:Căn cứ|CĂN CỨ)|{ARTICLE} 1\b", re.MULTILINE)


def find_statements(
    text: str,
    structure: Structure,
    *,
    doc_type: str,
    own_key: str = "",
    title: str = "",
    effective_on: datetime.date | None = None,
) -> list[RelationStatement]:
    """The statements of `text` (parsed as `structure`) about other documents, in order, one for each identity.

    `own_key` is the document's own number key: references to itself are skipped. `effective_on` is its first day in
    effect; «kể từ ngày Luật này có hiệu lực» means that day. The time is linear in the length of the text.
    """
    original, text = text, document_references.plain_text(without_quotations(text, structure.quoted))
    if doc_type == DocType.CONSOLIDATED_TEXT:
        return _merge_same_statements(_consolidated_statements(text, own_key))
    scanner = StatementScanner(
        text, structure, doc_type=doc_type, own_key=own_key, effective_on=effective_on, title=title, original=original
    )
    endings = ending_reader.read_endings(
        original, structure, doc_type=doc_type, own_key=own_key, effective_on=effective_on
    )
    whole = {(each.source_eid, each.target_key) for each in endings if each.is_whole}
    scanned = [each for each in scanner.statements() if not _is_ending(each, whole)]
    stated = [*scanned, *_statements_of_endings(endings, scanner)]
    place = {unit.eid: index for index, unit in enumerate(structure.units)}
    stated.sort(key=lambda each: place.get(each.source_eid, -1))
    statements = [*stated, *scanner.statements_in_title()]
    return _without_repeats_in_head(_merge_same_statements(statements))


def _is_ending(statement: RelationStatement, whole: Collection[tuple[str, str]]) -> bool:
    """Whether `ending_reader` reads what the statement says: the end of a whole document.

    `whole`: the provisions that it read so, with the documents' keys.
    """
    if statement.kind not in (RelationKind.REPLACES, RelationKind.REPEALS):
        return False
    return statement.scope == Relation.Scope.WHOLE or (statement.source_eid, statement.reference.key) in whole


def _statements_of_endings(endings: Iterable[Ending], scanner: StatementScanner) -> Iterator[RelationStatement]:
    """The statements of endings of whole documents, those with an exception too: `content.endings` doubts them."""
    for each in endings:
        if not each.is_whole or each.kind is not EndingKind.ENDS or each.reference is None:
            continue
        replaces = each.replaces or scanner.has_same_name(each.reference)
        kind = RelationKind.REPLACES if replaces else RelationKind.REPEALS
        evidence = each.words[:EVIDENCE_LENGTH]
        yield RelationStatement(kind, each.reference, Relation.Scope.WHOLE, each.source_eid, evidence, each.on)


def _merge_same_statements(statements: Iterable[RelationStatement]) -> list[RelationStatement]:
    """One statement for each identity: the first, with the units that all of them name."""
    merged: dict[tuple[str, ...], RelationStatement] = {}
    for each in statements:
        known = merged.get(each.identity)
        eids = tuple(dict.fromkeys([*(known.target_eids if known else ()), *each.target_eids]))
        merged[each.identity] = replace(known or each, target_eids=eids)
    return list(merged.values())


def _without_repeats_in_head(statements: list[RelationStatement]) -> list[RelationStatement]:
    """The statements without those of preamble and title («sửa đổi … của Luật X») that an article repeats."""
    head = ("preamble", "")
    stated = {(each.kind, each.reference.key) for each in statements if each.source_eid not in head}
    kinds = (RelationKind.AMENDS, *verbs.DETAILING_KINDS)
    return [
        each
        for each in statements
        if not (each.source_eid in head and each.kind in kinds and (each.kind, each.reference.key) in stated)
    ]


def _consolidated_statements(text: str, own_key: str) -> Iterator[RelationStatement]:
    """What a consolidated text merges. Its head names the act and then the amendments, before the legal bases."""
    stop = _MERGES_UP_TO.search(text)
    for reference in document_references.document_references(text[: stop.start() if stop else 4000]):
        if reference.number and reference.key != own_key:
            earliest = max(0, reference.end - 2 * EVIDENCE_LENGTH)
            line = text[text.rfind("\n", earliest, reference.start) + 1 or earliest : reference.end].strip()
            yield RelationStatement(
                RelationKind.CONSOLIDATES, reference, Relation.Scope.WHOLE, "preamble", line[-EVIDENCE_LENGTH:]
            )
