"""The text of a document on one day as plain values, for whoever compares or rewrites it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UnitText:
    """One unit with its own text, the units under it left out; own texts, joined, are the text of the document."""

    eid: str
    kind: str
    number: str
    heading: str
    text: str
    parent: str | None  # eid of the unit around it
