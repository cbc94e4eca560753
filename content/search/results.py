"""What is shown of a hit: where it stands in its document, and the part of its text that answers, with what to mark."""

from dataclasses import dataclass
from functools import reduce

from django.db.models import Q

from content.documents import provision_queries
from content.documents.citations import cite_provision
from content.documents.effect import prepared_events, provision_effect_of
from content.documents.models import Provision
from content.law.eids import eid_lineage
from content.text import lexemes

SNIPPET_LETTERS = 300  # letters of a snippet, about


@dataclass(frozen=True)
class Snippet:
    """A part of a text, NFC. `marks`: [(start, end)] in code points of it; no letter is cut, no two overlap."""

    text: str
    marks: list
    eid: str = ""  # of the unit it stands in


def ancestors_of(hits):
    """{pk of the provision: those above it, outermost first} for the provisions of these hits."""
    above, wanted = {}, {hit.provision.parent_id for hit in hits if hit.provision} - {None}
    while wanted:
        rows = Provision.objects.in_bulk(wanted)
        above |= rows
        wanted = {row.parent_id for row in rows.values()} - {None} - above.keys()
    lines = {}
    for hit in hits:
        line, parent = [], hit.provision and hit.provision.parent_id
        while parent:
            line.insert(0, above[parent])
            parent = above[parent].parent_id
        if hit.provision:
            lines[hit.provision.pk] = line
    return lines


def hit_citation(hit, line):
    return cite_provision(hit.document, [*line, hit.provision])


def hit_effect(hit, day, events):
    """The Effect of the hit's provision on that day; `events`: {pk of the document: status events} is filled here."""
    known = events.setdefault(hit.document.pk, prepared_events(hit.document.status_events.all()))
    return provision_effect_of(hit.document, hit.provision.eid, day, known)


def provision_texts(hits, day):
    """{pk of the provision: [(eid, heading, own text)] of it and all under it, in order, as of that day}."""
    wanted = [hit for hit in hits if hit.provision]
    found = {hit.provision.pk: [] for hit in wanted}
    if not wanted:
        return found
    places = [
        Q(document=hit.document.pk) & (Q(eid=hit.provision.eid) | Q(eid__startswith=f"{hit.provision.eid}__"))
        for hit in wanted
    ]
    rows = provision_queries.provisions_with_text_on(Provision.objects.filter(reduce(Q.__or__, places)), day)
    tops = {(hit.document.pk, hit.provision.eid): hit.provision.pk for hit in wanted}
    for document, eid, heading, text in rows.order_by("document", "position").values_list(
        "document", "eid", "heading", "text"
    ):
        for top in eid_lineage(eid):
            if (document, top) in tops:
                found[tops[document, top]].append((eid, heading, text))
    return found


def best_snippet(units, words):
    """The Snippet of these [(eid, heading, text)] where most different `words` (folded) stand close together."""
    best = (0, 0, 0)  # different words, minus the place, index of the unit
    wanted = set(words)
    for index, (_eid, _heading, text) in enumerate(units):
        held = {word for word in lexemes.words(text) if word in wanted}
        best = max(best, (len(held), -index, index))
    if not units:
        return Snippet("", [])
    eid, _heading, text = units[best[2]]
    cut, marks = _window(text, wanted)
    return Snippet(cut, marks, eid)


def marked_text(text, words):
    """A whole short text with its marks."""
    wanted = set(words)
    return Snippet(text, [(start, end) for word, start, end in lexemes.word_spans(text) if word in wanted])


def _window(text, wanted):
    """(at most about LENGTH letters of the text, marks in it): whole words around where the most are close together."""
    spans = lexemes.word_spans(text)
    held = [(word, start, end) for word, start, end in spans if word in wanted]
    begin = 0
    if held:
        counted = []
        for place, (_word, start, _end) in enumerate(held):
            inside = {word for word, other, _ in held[place:] if other < start + SNIPPET_LETTERS}
            counted.append((len(inside), -place))
        begin = max(0, held[-max(counted)[1]][1] - SNIPPET_LETTERS // 6)
    edges = [start for _, start, _ in spans if start >= begin] if begin else []
    begin = edges[0] if edges else 0
    end = max(
        (end for _, _, end in spans if begin < end <= begin + SNIPPET_LETTERS),
        default=min(len(text), begin + SNIPPET_LETTERS),
    )
    if end + 2 >= len(text.rstrip()):
        end = len(text.rstrip())
    marks = [(start - begin, stop - begin) for _, start, stop in held if start >= begin and stop <= end]
    return text[begin:end], marks
