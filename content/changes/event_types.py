"""The closed list of what the day-book may say. It is part of the public contract: entries are added, never changed."""

DOCUMENT_PUBLISHED = "document.published"
DOCUMENT_CORRECTED = "document.corrected"
DOCUMENT_WITHDRAWN = "document.withdrawn"
QUESTION_ANSWERED = "question.answered"
QUESTION_RETURNED = "question.returned"
QUESTION_CLOSED = "question.closed"
QUESTION_BASIS_CHANGED = "question.basis_changed"
QUESTION_CONFIRMED = "question.confirmed"
QUESTION_WITHDRAWN = "question.withdrawn"
DOCUMENT_AMENDED = "document.amended"
AMENDMENT_WITHDRAWN = "document.amendment_withdrawn"
STATUS_ENTERED = "document.status_entered"
STATUS_AHEAD = "document.status_ahead"
STATUS_CHANGED = "document.status_changed"
EVENT_ANNOUNCED = "event.announced"
EVENT_CORRECTED = "event.corrected"
EVENT_MOVED = "event.moved"
EVENT_CANCELLED = "event.cancelled"
EVENT_STARTS_SOON = "event.starts_soon"
EVENT_HELD = "event.held"
EVENT_RECORDED = "event.recorded"
EVENT_SEAT_GIVEN = "event.seat_given"

LEGAL = "legal"  # the law itself moved
EDITORIAL = "editorial"  # our copy or its description was bettered; the law did not move
CORRECTION = "correction"  # whose text it is corrected it: the issuing body (đính chính), or we a question's copy
WITHDRAWAL = "withdrawal"  # we took something back

EVENT_TYPES = {
    DOCUMENT_PUBLISHED: "A legal document became public.",
    DOCUMENT_CORRECTED: "The published copy of a legal document was bettered.",
    DOCUMENT_WITHDRAWN: "A published document was taken back: at its address stands why, or nothing any more.",
    QUESTION_ANSWERED: "A question was answered; with a reader, theirs.",
    QUESTION_RETURNED: "A reader is asked for more detail (private).",
    QUESTION_CLOSED: "A reader's question was closed without an answer of its own (private).",
    QUESTION_BASIS_CHANGED: "The law that a published answer cites has changed; nobody has looked yet.",
    QUESTION_CONFIRMED: "Somebody looked at an answer after the law it cites had changed, and stands by it.",
    QUESTION_WITHDRAWN: "A published question was taken back.",
    DOCUMENT_AMENDED: "Another act changes provisions of a document from a day on; the line names them.",
    AMENDMENT_WITHDRAWN: "An amendment had been entered wrongly: the named provisions read again as before it.",
    STATUS_ENTERED: "Something became known of a document's effect: repeal, suspension, a day of its own for a part.",
    STATUS_AHEAD: "Tomorrow the effect of a document, or of the named provisions, changes.",
    STATUS_CHANGED: "The effect of a document, or of the named provisions, changed at the turn of that day.",
    EVENT_ANNOUNCED: "An event became public.",
    EVENT_CORRECTED: "What an event says was bettered, its time and place apart.",
    EVENT_MOVED: "An event goes to another time or place; the line has what was said before, and why.",
    EVENT_CANCELLED: "An event will not take place; the line says why.",
    EVENT_STARTS_SOON: "An event begins within so many hours: for those who follow it or come.",
    EVENT_HELD: "The end of an event has come.",
    EVENT_RECORDED: "There is a recording of an event.",
    EVENT_SEAT_GIVEN: "A reader who waited for a seat has one now (private).",
}
PRIVATE_EVENT_TYPES = (QUESTION_RETURNED, QUESTION_CLOSED, EVENT_SEAT_GIVEN)  # never on a public line
PUBLIC_EVENT_TYPES = tuple(kind for kind in EVENT_TYPES if kind not in PRIVATE_EVENT_TYPES)
NATURES = (LEGAL, EDITORIAL, CORRECTION, WITHDRAWAL)
