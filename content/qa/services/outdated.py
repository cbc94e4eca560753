"""Flag published answers when the law they cite changes: a consumer of the change log."""

from django.db import transaction

from content.basis import services as bases
from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.qa import queries
from content.qa.services import transitions

CONSUMER = "outdated_answers"
FLAGGED = ("answer", "quiz_question")  # whose bases it flags; a quiz question is only marked for its editors


def flag_outdated_answers() -> int:
    """Handle the next changes; returns how many were read. The changes this writes notify askers and followers."""
    return cursors.consume_changes(CONSUMER, flag_answers_citing)


@transaction.atomic
def flag_answers_citing(change: Change) -> int:
    """Flag the current answers whose cited provisions `change` touches. Returns how many questions were flagged.

    Its askers and, if it is public, its followers are notified. It stays in the answerers'
    queue until somebody confirms or revises the answer. A repeat flags nothing.
    """
    touched = bases.bases_to_flag(change, of=FLAGGED)
    answers = queries.current_answers().filter(basis__in=touched).order_by("question_id")
    questions = transitions.locked_questions([answer.question for answer in answers])  # before the change log is locked
    bases.flag_bases(change, touched)
    for question in questions:
        public = None
        if question.is_public:
            public = transitions.record_public_change(
                question, EventType.QUESTION_BASIS_CHANGED, cause=change.pk, cause_kind=change.event_type
            )
        transitions.record_change_for_askers(question, EventType.QUESTION_BASIS_CHANGED, public=public)
    return len(questions)
