"""What a process reads ahead of the writer: all that the texts say, and nothing that the database knows. Pure."""

import datetime

from content import computed_ahead
from content.act_texts import readings as act_readings
from content.act_texts.readings import ActFacts
from content.computed_ahead import Reading, Results
from content.documents import identity
from content.documents.records import DocumentRecord
from content.law.known_names import KnownNames
from content.mentions import readings as mention_readings
from content.publishing import document_text, document_writer
from content.relations import services as relations


def read_record(record: DocumentRecord, known: KnownNames | None) -> Results:
    """The structure of a record's text, its statements, and its mentions if names are `known`."""
    with computed_ahead.noted() as results:
        text = document_text.text_of_record(record)
        structure = text.structure
        if not record.is_partial:
            relations.statements_in(
                text.text,
                structure,
                record.doc_type,
                identity.identity_key(record.number, record.title),
                document_writer.stored_title(record),
                effective_on=record.effective_on,
            )
    if known is not None:
        for words in {text.text[unit.start : unit.end] for unit in structure.units}:
            results[Reading.MENTIONS, words] = mention_readings.read_ahead(words, known)
    return results


def read_act(text: str, act: ActFacts, first_day: datetime.date | None) -> Results:
    """What the text of an act ends and amends."""
    with computed_ahead.noted() as results:
        act_readings.read_ahead(text, act, first_day)
    return results
