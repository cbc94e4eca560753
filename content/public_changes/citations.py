"""Answers cite a document as it is called now: a consumer of the change log."""

from django.db import transaction

from content.basis import services as bases
from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.qa import queries
from content.qa.services import transitions

CONSUMER = "citations"


def update_citations() -> int:
    """Handle the next changes; returns how many were read."""
    return cursors.consume_changes(CONSUMER, restate_in_answers)


@transaction.atomic
def restate_in_answers(change: Change) -> int:
    """Cite the document of a change by its present title, if the change is about that.

    Returns how many questions are locked. A public change without a notification tells mirrors of each public question.
    A repeat changes nothing.
    """
    if not bases.is_renaming(change):
        return 0
    own = queries.current_answers().filter(question__home="")  # a copy is restated by its home
    citing = own.filter(basis__in=bases.bases_citing(change.subject)).order_by("question_id")
    basis_of = {answer.question_id: answer.basis_id for answer in citing}
    questions = transitions.locked_questions([answer.question for answer in citing])  # before citations and change log
    restated = set(bases.restate_citations(change.subject))
    renamed = [question for question in questions if basis_of[question.pk] in restated]
    for question in filter(lambda each: each.is_public, renamed):
        transitions.record_public_change(question, EventType.QUESTION_ANSWERED, notify=False, removes_words=True)
    return len(questions)
