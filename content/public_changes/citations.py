"""Answers and materials cite a document as it is called now: a consumer of the change log."""

from django.db import transaction
from django.db.models import Q

from content.basis import services as bases
from content.basis.models import Basis
from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.media.models import Material
from content.media.services import transitions as media
from content.media.states import PUBLIC_STATUSES
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
    materials = _locked_materials(change.subject)
    answers, others = queries.approved_answers().exclude(question__home=""), Material.objects.exclude(home="")
    copies = Basis.objects.filter(Q(answer__in=answers) | Q(material__in=others))
    restated = set(bases.restate_citations(change.subject, besides=copies))
    renamed = {answer.question_id for answer in citing if answer.basis_id in restated}
    for question in filter(lambda each: each.is_public and each.pk in renamed, questions):
        transitions.record_public_change(question, EventType.QUESTION_ANSWERED, notify=False, removes_words=True)
    for material in (each for each in materials if each.basis_id in restated):
        media.mark_changed(material)
        material.save(update_fields=["changed_at"])
        media.record_material_change(material, EventType.MATERIAL_CORRECTED, notify=False, removes_words=True)
    return len(questions)


def _locked_materials(key: str) -> list[Material]:
    """Our public materials that cite the document, locked in the order of their ids."""
    citing = Material.objects.filter(home="", status__in=PUBLIC_STATUSES, basis__in=bases.bases_citing(key))
    return list(citing.order_by("pk").select_for_update(no_key=True, of=("self",)))
