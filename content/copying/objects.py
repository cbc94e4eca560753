"""Which objects travel, and how each is found, read and put. One entry for each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from content.amendments import services as amendments
from content.changes.event_types import EventType
from content.changes.models import Change
from content.copying import documents, events, materials, plans, questions
from content.copying.fields import Data
from content.copying.files import forget_files
from content.documents.models import EffectDoubt, LegalDocument
from content.endings import effect_doubts
from content.errors import RuleBroken
from content.events.models import Event
from content.events.states import PUBLIC_STATUSES, EventStatus
from content.media.models import Material
from content.mentions import services as mentions
from content.plans.models import Plan
from content.qa.models import Question
from content.qa.search_keys import clear_question_search_keys
from content.qa.states import QuestionStatus, Resolution

ROWS_AT_ONCE = 100


class Row(Protocol):
    """A row that has a key and a home."""

    pk: Any
    key: str
    home: str


@dataclass(frozen=True)
class CopiedObject:
    """One kind of object: `name` as the change log says it."""

    name: str
    model: Any
    public: Callable[[], QuerySet[Any]]
    as_data: Callable[[Any], dict[str, Any]]
    put: Callable[[Any, Data], Any]
    announce: Callable[[Any, Data, Change], None]
    withdraw: Callable[[Any, str], None]
    scope_of: Callable[[Data], Sequence[str]]
    words_of: Callable[[Data], object]  # equal where two installations say the same
    first_event: EventType
    corrected_event: EventType
    withdrawn_event: EventType
    find_same: Callable[[Data], Any]  # the row, locked, that is the same under another key; None without one
    is_same: Callable[[Any, Data], bool]  # whether the data are about that row

    def rows(self) -> Iterator[Any]:
        """The public rows, oldest first."""
        return self.public().order_by("pk").iterator(ROWS_AT_ONCE)

    def public_row(self, key: str) -> Any:
        """The public row with this key, None without one."""
        return self.public().filter(key=key).first()

    def locked(self, key: str) -> Any:
        """The stored row with this key, public or not, locked; None without one."""
        return self.model.objects.select_for_update(no_key=True, of=("self",)).filter(key=key).first()


def _published_documents() -> QuerySet[LegalDocument]:
    return LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).select_related("issuer")


def _public_questions() -> QuerySet[Question]:
    return Question.objects.filter(published_at__isnull=False).select_related("topic", "province", "organisation")


def _public_events() -> QuerySet[Event]:
    return Event.objects.filter(status__in=PUBLIC_STATUSES).select_related("organisation", "province")


def _nothing(row: Any, data: Data, change: Change) -> None:
    """Documents and events have no place in the log."""


def _all_of(data: Data) -> object:
    return data


def _no_same(data: Data) -> None:
    """Questions, events and materials have no identity but their keys."""


def _never_same(row: Any, data: Data) -> bool:
    return False


def _withdraw_document(document: LegalDocument, reason: str) -> None:
    _take_back_from_ours(document, reason)
    document.status, document.withdrawn_at = LegalDocument.Status.WITHDRAWN, timezone.now()
    document.withdrawal_reason = reason
    document.save()
    forget_files(document)
    mentions.refresh_texts(document)
    mentions.fill_mentions_of(document)


def _take_back_from_ours(act: LegalDocument, reason: str) -> None:
    """Take back what the act did to documents of ours; where a later amendment builds on that, a doubt says so."""
    effect_doubts.lock_affected(act)
    before = effect_doubts.doubts_raised_by(act)
    act.raised_doubts.filter(document__home="").delete()
    act.ending_cases.all().delete()
    made = act.amendments_made.filter(withdrawn_at=None, document__home="")
    for amendment in made.order_by("document", "-on", "-pk"):
        try:
            with transaction.atomic():
                amendments.withdraw_amendment(amendment, reason=reason, notify=False, may_be_made_again=True)
        except RuleBroken as refusal:
            place = {"document": amendment.document, "act": act, "kind": EffectDoubt.Kind.AMENDS, "source_eid": ""}
            words = {"from_on": amendment.on, "eids": amendment.eids, "words": f"{reason} {refusal.message}"}
            EffectDoubt.objects.get_or_create(**place, scope=EffectDoubt.Scope.PART, defaults=words)
    effect_doubts.record_doubt_changes(act, before)


def _withdraw_question(question: Question, reason: str) -> None:
    clear_question_search_keys(question)
    question.published_at = question.publication = None
    question.status, question.resolution = QuestionStatus.CLOSED, Resolution.WITHDRAWN
    question.save()


def _withdraw_event(event: Event, reason: str) -> None:
    """An announced event is never hidden: it is shown as cancelled."""
    event.status, event.cancel_reason, event.changed_at = EventStatus.CANCELLED, reason, timezone.now()
    event.save()


OBJECTS = {
    each.name: each
    for each in (
        CopiedObject(
            "document", LegalDocument, _published_documents, documents.as_data, documents.put, _nothing,
            _withdraw_document, documents.scope_of, documents.words_of,
            EventType.DOCUMENT_PUBLISHED, EventType.DOCUMENT_CORRECTED, EventType.DOCUMENT_WITHDRAWN,
            documents.find_same, documents.is_same,
        ),
        CopiedObject(
            "question", Question, _public_questions, questions.as_data, questions.put, questions.announce,
            _withdraw_question, questions.scope_of, _all_of,
            EventType.QUESTION_ANSWERED, EventType.QUESTION_ANSWERED, EventType.QUESTION_WITHDRAWN,
            _no_same, _never_same,
        ),
        CopiedObject(
            "event", Event, _public_events, events.as_data, events.put, _nothing,
            _withdraw_event, events.scope_of, _all_of,
            EventType.EVENT_ANNOUNCED, EventType.EVENT_CORRECTED, EventType.EVENT_CANCELLED,
            _no_same, _never_same,
        ),
        CopiedObject(
            "material", Material, materials.public_materials, materials.as_data, materials.put, _nothing,
            materials.withdraw, materials.scope_of, _all_of,
            EventType.MATERIAL_PUBLISHED, EventType.MATERIAL_CORRECTED, EventType.MATERIAL_WITHDRAWN,
            _no_same, _never_same,
        ),
        CopiedObject(
            "plan", Plan, plans.public_plans, plans.as_data, plans.put, _nothing,
            plans.withdraw, plans.scope_of, plans.words_of,
            EventType.PLAN_ADOPTED, EventType.PLAN_CORRECTED, EventType.PLAN_WITHDRAWN,
            plans.find_same, plans.is_same,
        ),
    )
}  # fmt: skip


def wishes_for(offered: Any) -> list[str]:
    """The names of what is copied of an installation that offers these, [] for all.

    One of an older release offers less than what we know. One of a later release offers more: that is not wanted, until
    a person asks for it.
    """
    if not isinstance(offered, list) or set(map(str, offered)) == OBJECTS.keys():
        return []
    return [name for name in OBJECTS if name in offered]
