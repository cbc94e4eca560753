"""What the text of an act says, read now or ahead by another process: see `content.computed_ahead`. Pure."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content import computed_ahead, parsing
from content.act_texts import histories
from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.recognition import amending_acts
from content.computed_ahead import Reading
from content.documents.models import LegalDocument
from content.parsing import Structure
from content.relations import ending_reader
from content.relations.ending_reader import Ending


@dataclass(frozen=True)
class ActFacts:
    """What the readers ask of an act beside its text."""

    doc_type: str
    number: str
    number_key: str
    title: str
    issued_on: datetime.date | None


Act = LegalDocument | ActFacts


def facts_of(act: LegalDocument) -> ActFacts:
    return ActFacts(act.doc_type, act.number, act.number_key, act.title, act.issued_on)


def units_of(text: str) -> Structure:
    return computed_ahead.result_of((Reading.UNITS, text), lambda: parsing.parse_text(text, warns=False))


def orders_in(text: str, structure: Structure, act: Act) -> Sequence[AmendingInstruction]:
    return computed_ahead.result_of(
        (Reading.ORDERS, text, act.title, act.number, act.issued_on),
        lambda: amending_acts.recognise_instructions(
            text, structure, title=act.title, number=act.number, issued_on=act.issued_on
        ),
    )


def endings_in(text: str, structure: Structure, act: Act, first_day: datetime.date | None) -> Sequence[Ending]:
    return computed_ahead.result_of(
        (Reading.ENDINGS, text, act.doc_type, act.number_key, first_day),
        lambda: ending_reader.read_endings(
            text, structure, doc_type=act.doc_type, own_key=act.number_key, effective_on=first_day
        ),
    )


def histories_in(text: str, structure: Structure) -> dict[str, set[str]]:
    return computed_ahead.result_of((Reading.HISTORIES, text), lambda: histories.told_histories(text, structure))


def own_first_day(orders: Iterable[AmendingInstruction]) -> datetime.date | None:
    """The first day that the act gives itself, where none is stored yet."""
    own = [each for each in orders if each.target.is_the_act and each.action is AmendingAction.TAKES_EFFECT]
    return next((each.on for each in own if not each.eid and each.is_certain and each.on), None)


def read_ahead(text: str, act: ActFacts, first_day: datetime.date | None) -> None:
    """Read all of it, for `computed_ahead.noted`."""
    structure = units_of(text)
    orders = orders_in(text, structure, act)
    endings_in(text, structure, act, first_day or own_first_day(orders))
    histories_in(text, structure)
