"""Draw the card of an object with Typst: 1200 × 630 pixels, as networks show it beside a link.

A line with a letter that the font lacks is left out: a card never has boxes. The worker draws it once per content.
"""

from pathlib import Path

import typst
from django.utils import translation

from content.dissemination import subjects
from content.dissemination.models import Card, Named
from content.dissemination.subjects import Subject

TEMPLATE = (Path(__file__).parent / "card.typ").read_bytes()
PIXELS_PER_INCH = 72.0  # a point is a pixel: the page is 1200 × 630 points
TITLE_LENGTH, SUMMARY_LENGTH = 220, 240


def card_of(subject: Subject) -> bytes | None:
    """The picture of the object, None until the worker has drawn it."""
    found = Card.objects.filter(content_hash=subject.content_hash).values_list("picture", flat=True).first()
    return bytes(found) if found is not None else None


def subject_of_card(named: Named) -> Subject | None:
    """The object with its words in Vietnamese, whatever the language of who asks: there is one card of it."""
    with translation.override("vi"):
        return subjects.subject_of(named)


def make_card(subject: Subject) -> bytes:
    """Draw and store the card, once per content. Returns the PNG."""
    existing = card_of(subject)
    if existing is not None:
        return existing
    picture = draw_card(subject)
    Card.objects.get_or_create(content_hash=subject.content_hash, defaults={"picture": picture})
    return picture


def draw_card(subject: Subject) -> bytes:
    """The card as PNG."""
    lines = {
        "kind": subject.kind,
        "title": _cut(subject.title, TITLE_LENGTH),
        "summary": _cut(subject.summary, SUMMARY_LENGTH),
    }
    shown = {name: text if is_printable(text) else "" for name, text in lines.items()}
    shown["sample"] = "MẪU, KHÔNG CÓ THẬT" if subject.is_sample else ""
    return typst.compile(TEMPLATE, sys_inputs=shown, ignore_system_fonts=True, format="png", ppi=PIXELS_PER_INCH)


def is_printable(text: str) -> bool:
    """Whether the font has every letter. PDF/UA names those it lacks; a PNG would have boxes."""
    try:
        typst.compile(
            TEMPLATE, sys_inputs={"title": text}, ignore_system_fonts=True, format="pdf", pdf_standards="ua-1"
        )
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return False
    return True


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"
