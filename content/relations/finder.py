"""Finds what a text states about other documents: «bãi bỏ Điều 45 của Luật Đất đai số 13/2003/QH11». Pure.

The results are proposals, not facts. A statement is one line of one unit. Quoted text is skipped, because it belongs to
another document. What follows «đã được sửa đổi, bổ sung theo …» is the history of the document named before it and
gives no relation. A consolidated text only consolidates: what its articles say is stated by the acts it merges
(Ordinance 01/2012/UBTVQH13).
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from content.law import document_references
from content.law.doc_types import DocType
from content.parsing import Structure
from content.relations import verbs
from content.relations.models import Relation, RelationKind
from content.relations.statement_scanner import EVIDENCE_LENGTH, RelationStatement, StatementScanner

_INLINE = re.compile(r"“[^”\n]{0,400}”")
_MERGES_UP_TO = re.compile(r"^\s*(?:Căn cứ|CĂN CỨ)|Điều 1\b", re.MULTILINE)


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
    statements = [*scanner.statements(), *scanner.statements_in_title()]
    return _without_repeats_in_head(_merge_same_statements(statements))


def without_quotations(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spaces in place of its quotations; the length is the same."""
    pieces, at = [], 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
            at = end
    return _INLINE.sub(lambda quoted: "“" + " " * (len(quoted[0]) - 2) + "”", "".join([*pieces, text[at:]]))


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
