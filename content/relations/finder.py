"""What a text says of other documents: «bãi bỏ Điều 45 của Luật Đất đai số 13/2003/QH11». Pure; proposals, not facts.

A statement is one line of one unit. Words inside quotations say nothing: they are another document's. What follows
«đã được sửa đổi, bổ sung theo …» is the history of the document named before it and is related to nobody here.
A consolidated text only consolidates: what its articles say is said by the acts it merges (Ordinance
01/2012/UBTVQH13).
"""

import re
from dataclasses import replace

from content.law import document_references
from content.law.doc_types import DocType
from content.relations import verbs
from content.relations.models import RelationKind as Kind
from content.relations.statement_scanner import EVIDENCE_LENGTH, WHOLE, RelationStatement, StatementScanner

_INLINE = re.compile(r"“[^”\n]{0,400}”")
_MERGES_UP_TO = re.compile(r"^\s*(?:Căn cứ|CĂN CỨ)|Điều 1\b", re.MULTILINE)


def find_statements(text, structure, *, doc_type, own_key="", title="", effective_on=None):
    """Everything `text` (parsed as `structure`) says of others, as Found, in order, each identity once. Linear.

    `own_key` is the document's own number key: what it says of itself is no relation. `effective_on` is its first day,
    which «kể từ ngày Luật này có hiệu lực» means.
    """
    original, text = text, document_references.plain_text(_without_quotations(text, structure.quoted))
    if doc_type == DocType.CONSOLIDATED_TEXT:
        return _merge_same_statements(_consolidated_statements(text, own_key))
    reading = StatementScanner(text, structure, doc_type, own_key, effective_on, title, original)
    return _without_repeats_in_head(_merge_same_statements([*reading.found(), *reading.titled()]))


def _without_quotations(text, spans):
    """The text with blanks for what it quotes; as long as it was."""
    pieces, at = [], 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
            at = end
    return _INLINE.sub(lambda quoted: "“" + " " * (len(quoted[0]) - 2) + "”", "".join([*pieces, text[at:]]))


def _merge_same_statements(found):
    """Each identity once: the first statement, with the units all of them name."""
    merged = {}
    for each in found:
        known = merged.get(each.identity)
        eids = tuple(dict.fromkeys([*(known.target_eids if known else ()), *each.target_eids]))
        merged[each.identity] = replace(known or each, target_eids=eids)
    return list(merged.values())


def _without_repeats_in_head(found):
    """Without what head or title say («sửa đổi … của Luật X», «quy định chi tiết …») where an article says it too."""
    head = ("preamble", "")
    said = {(each.kind, each.reference.key) for each in found if each.source_eid not in head}
    kinds = (Kind.AMENDS, *verbs.DETAILING_KINDS)
    return [
        each
        for each in found
        if not (each.source_eid in head and each.kind in kinds and (each.kind, each.reference.key) in said)
    ]


def _consolidated_statements(text, own_key):
    """A consolidated text names what it merges at its head, before the legal bases: the act, then its amendments."""
    stop = _MERGES_UP_TO.search(text)
    for reference in document_references.document_references(text[: stop.start() if stop else 4000]):
        if reference.number and reference.key != own_key:
            line = text[text.rfind("\n", 0, reference.start) + 1 : reference.end].strip()
            yield RelationStatement(Kind.CONSOLIDATES, reference, WHOLE, "preamble", line[-EVIDENCE_LENGTH:])
