"""Orders about phrases: «Thay cụm từ “…” bằng cụm từ “…” tại khoản 1 Điều 5 và tên Điều 7; bỏ cụm từ “…” tại …».

One walk over what the head holds: quotations, the words between them, and the units named. A phrase goes with all
units that are named before the next phrase.
"""

import re
from dataclasses import dataclass

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.recognition.unquoted_text import PLACEHOLDER_PATTERN

_BY = re.compile(r"(?<!\w)(?:bằng|thành)(?: (?:các )?(?:cụm từ|từ|chữ|dấu))?\s*$", re.IGNORECASE)
_BESIDE = re.compile(r"(?<!\w)(?P<side>sau|trước)(?: (?:các )?(?:cụm từ|từ|chữ|dấu))?\s*$", re.IGNORECASE)
_EDGE = re.compile(r"(?<!\w)(?:vào )?(?P<edge>đầu|cuối)(?!\w)", re.IGNORECASE)
_EVERYWHERE = re.compile(r"^trong (?:toàn bộ |cả )?(?:luật|bộ luật|nghị định|văn bản)?|trong luật này$", re.IGNORECASE)


@dataclass
class _PhraseOrder:
    """One phrase order while it is read; `also` are phrases with the same units: «cụm từ “a” và cụm từ “b” tại»."""

    verb: str
    phrase: str
    new: str = ""
    beside: str = ""
    before: bool = False
    edge: str = ""
    refs: tuple = ()
    clear: bool = True


def phrase_instructions(source, target, words, head, verbs, named):
    """The Instructions of a head that speaks of phrases."""
    read = _scan_phrases(words, head, verbs, named)
    _share_units(read)
    return [_instruction(source, target, each, ref) for each in read for ref in (each.refs or (None,)) if each.phrase]


def _scan_phrases(words, head, verbs, named):
    signs = [(match.start(), match.end(), head.held[int(match[1])]) for match in PLACEHOLDER_PATTERN.finditer(words)]
    read, at = [], 0
    for number, (start, end, quotation) in enumerate(signs):
        between, until = words[at:start], signs[number + 1][0] if number + 1 < len(signs) else len(words)
        verb = next((verb.lastgroup for verb in reversed(verbs) if verb.start() < start), "")
        here = tuple(ref for ref in named if end <= ref.start < until)
        last = read[-1] if read else None
        if last and _BY.search(between) and not last.new:
            last.new = quotation
        elif last and last.verb in ("insert", "drop", "swap") and _BESIDE.search(between) and not last.beside:
            last.beside, last.before = quotation, _BESIDE.search(between)["side"].casefold() == "trước"
        else:
            last = _PhraseOrder(verb, quotation)
            read.append(last)
        edge = _EDGE.search(words[end:until])
        last.edge = edge["edge"].casefold() if edge and here else last.edge
        last.refs += here
        at = end
    return read


def _share_units(read):
    """A phrase without a unit of its own goes with the units of the next one, as far as the verb is the same."""
    for order, after in zip(reversed(read[:-1]), reversed(read[1:]), strict=True):
        if not order.refs and order.verb == after.verb:
            order.refs = after.refs


def _instruction(source, target, order, ref):
    doubts = []
    if ref is None:
        doubts.append("whole_document")
    elif not ref.is_placed:
        doubts.append("no_article")
    if ref is not None and ref.passage:
        doubts.append("passage")
    action, phrase, text = _action_and_phrases(order)
    if action is None or order.edge or (action is AmendingAction.INSERT_PHRASE and not phrase):
        doubts.append("unclear_order")
    if action is AmendingAction.DROP_PHRASE and order.beside:
        doubts.append("unclear_order")
    part = {} if ref is None else {"part": ref.part}
    return AmendingInstruction(
        source,
        target,
        action or AmendingAction.REPLACE_PHRASE,
        "" if ref is None else ref.eid,
        **part,
        text=text,
        phrase=phrase,
        before=order.before,
        doubts=tuple(doubts),
    )


def _action_and_phrases(order):
    """(Action or None, the phrase that goes or that the new one stands beside, the phrase that comes)."""
    if order.new:
        return AmendingAction.REPLACE_PHRASE, order.phrase, order.new
    if order.verb in ("drop", "repeal"):
        return AmendingAction.DROP_PHRASE, order.phrase, ""
    if order.verb == "insert":
        return AmendingAction.INSERT_PHRASE, order.beside, order.phrase
    return None, order.phrase, ""
