"""Answers cite a document as it is called now: a consumer of the change log."""

from django.db import transaction

from content.basis import services as bases
from content.basis.models import Basis
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
    """Cite the document of a change by its present title, if the change is about that, in former answers too.

    Returns how many questions are locked. Copies are left to their homes, which tell us. A public change without a
    notification tells mirrors of each public question. A repeat changes nothing.
    """
    if not bases.is_renaming(change):
        return 0
    own = queries.approved_answers().filter(question__home="", basis__in=bases.bases_citing(change.subject))
    citing = list(own.order_by("question_id").select_related("question"))
    by_question = {answer.question_id: answer.question for answer in citing}
    questions = transitions.locked_questions(by_question.values())  # before citations and change log
    copies = Basis.objects.filter(answer__in=queries.approved_answers().exclude(question__home=""))
    restated = set(bases.restate_citations(change.subject, besides=copies))
    renamed = {answer.question_id for answer in citing if answer.basis_id in restated}
    for question in filter(lambda each: each.is_public and each.pk in renamed, questions):
        transitions.record_public_change(question, EventType.QUESTION_ANSWERED, notify=False, removes_words=True)
    return len(questions)
