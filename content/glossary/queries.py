"""Look up terms in the glossary."""

from content.documents.models import LegalDocument
from content.glossary.definitions import current_pairs
from content.glossary.models import GlossaryEntry
from content.text import lexemes
from content.text.vietnamese import nfc, sort_key

MAX_ENTRIES = 50


def glossary_entries(typed: str) -> list[GlossaryEntry]:
    """Up to MAX_ENTRIES entries whose term is `typed`, then those whose term begins with it, as in a dictionary.

    Each comes with its provision and document. Entries of a document withdrawn since the last rebuild are left
    out, and those with words that the article no longer has.
    """
    key = " ".join(lexemes.words(nfc(typed)))
    if not key:
        return []
    begin = GlossaryEntry.objects.filter(term_key__gte=key, term_key__lt=key + "\U0010ffff")
    begin = begin.filter(provision__document__status=LegalDocument.Status.PUBLISHED)
    rows_of_terms = list(begin.values_list("term_key", "term", "pk"))
    order = {term: sort_key(term) for term in {term for _key, term, _pk in rows_of_terms}}  # many acts define the same
    places = [(own != key, order[term], pk) for own, term, pk in rows_of_terms]
    chosen = [pk for *_, pk in sorted(places)[:MAX_ENTRIES]]
    rows = GlossaryEntry.objects.select_related("provision__document")
    found = rows.prefetch_related("provision__document__status_events", "provision__document__effect_doubts").in_bulk(
        chosen
    )
    current = current_pairs({entry.provision_id for entry in found.values()})
    entries = [found[pk] for pk in chosen if pk in found]
    return [each for each in entries if (each.term, each.definition) in current.get(each.provision_id, ())]
