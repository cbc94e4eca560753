"""What a short address says of the state of its object: the banner of the object's own page, and why it is gone."""

import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from api.pages.banners import Banner, effect_banner
from api.pages.contest_page import contest_banner
from api.pages.event_page import event_banner
from api.problems import QuestionGone
from api.v1.documents.provisions import raise_provision_missing
from api.v1.documents.published_documents import document_or_404
from api.v1.materials import parameters as materials
from content.contests.models import Contest
from content.dissemination.choices import SubjectType
from content.dissemination.models import ShareLink
from content.documents.effect import effect_of, prepared_events, provision_effect_of
from content.documents.models import LegalDocument
from content.events.models import Event
from content.media.models import Material
from content.qa import queries as questions
from content.qa.models import Question


def banner_of(row: object, eid: str, day: datetime.date) -> Banner | None:
    """What must be known of a public object before its words are believed. `eid`: of a provision of a document."""
    if isinstance(row, LegalDocument):
        events = prepared_events(row.status_events.all()) if eid else []
        effect = provision_effect_of(row, eid, day, events) if eid else effect_of(row, day)
        return effect_banner(row, effect, day, eid)
    if isinstance(row, Event):
        return event_banner(row)
    if isinstance(row, Contest):
        return contest_banner(row)
    if isinstance(row, Question) and row.current_answers and row.current_answers[0].basis.unsettled:
        words = _("The law that this answer cites has changed, and nobody has reviewed the answer since.")
        return Banner("outdated", "!", words)
    if isinstance(row, Material) and row.basis_changed:  # type: ignore[attr-defined]  # annotated
        return Banner("outdated", "!", _("The law it explains has changed. Nobody has reviewed it yet."))
    return None


def absence_of(link: ShareLink, day: datetime.date) -> Exception:
    """Why nothing public has the name of a short address: 410 with the reason where there is one, else Http404."""
    try:
        if link.subject_type == SubjectType.DOCUMENT:
            document = document_or_404(link.subject_key)
            if link.eid:
                raise_provision_missing(document, link.eid, day)
        if link.subject_type == SubjectType.MATERIAL:
            return materials.absence_of(link.subject_key)
        if link.subject_type == SubjectType.QUESTION and (gone := questions.withdrawal_of(link.subject_key)):
            return QuestionGone(gone.at, gone.merged_into)
    except Exception as absence:
        return absence
    return Http404()
