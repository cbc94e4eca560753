"""The search keys of a public material: those of its title, summary, transcript and full text."""

from content.media.models import Material
from content.text import lexemes


def refresh_material_search_keys(material: Material) -> None:
    """Recompute the keys. Call it in the transaction that changes the public content."""
    alternatives = material.files.values_list("alt_text", flat=True)
    said = [material.summary, material.full_text, material.transcript, *alternatives]
    fields = [
        lexemes.words(text)[: lexemes.MAX_WORDS] for text in ("", "", material.title, "\n".join(filter(None, said)))
    ]
    material.search_words, material.search_codes = lexemes.tsvector_text(*fields), lexemes.word_codes(*fields)
    material.save(update_fields=["search_words", "search_codes"])
