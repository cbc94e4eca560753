"""What the database says about claimed deliveries just before they are sent."""

import datetime
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Now

from content.changes import event_types
from content.changes import queries as changes
from content.changes.models import Change
from notifications.deliveries import gate, sql
from notifications.deliveries.models import Delivery, Gate

# earlier messages about the event, the contest, the question or the document are wrong after one of these
SUPERSEDING_EVENT_TYPES = (
    event_types.EVENT_MOVED,
    event_types.EVENT_CANCELLED,
    event_types.EventType.CONTEST_CANCELLED,
    event_types.EventType.MATERIAL_WITHDRAWN,
    event_types.QUESTION_WITHDRAWN,
    event_types.DOCUMENT_WITHDRAWN,
)

_IDS = object()  # the place of the primary keys among the parameters


@dataclass(frozen=True)
class StateBeforeCall:
    """What happened to a claimed delivery, and to what it is about, since it was queued."""

    seconds_left: int  # for how many more seconds FCM may keep it; 0 once it has expired
    is_superseded: bool  # a later change makes it wrong: it must not be sent
    has_lost_words: bool  # words were taken out of what it quotes: it must be written again; never so for private news
    registration_id: str | None  # of its device, as it is now; None: it has none, or the delivery goes to a topic
    id_kind: str | None  # of that registration
    traceparent: str | None  # of the change that it tells of
    seconds_closed: float  # for how many more the gate of sending is closed; it may have been closed since the claim


def states_before_calls(deliveries: Iterable[Delivery]) -> dict[int, StateBeforeCall]:
    """The state of each by its primary key, in one query. One that was deleted or that another sender has is missing.

    The change log is asked, not the reader of the log: that may be minutes behind.
    """
    attempts = {each.pk: each.attempts for each in deliveries}
    statement, parameters = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(attempts) if each is _IDS else each for each in parameters])
        rows = [_Row(*row) for row in cursor.fetchall()]
    return {row.pk: _state(row) for row in rows if row.attempts == attempts[row.pk]}


class _Row(NamedTuple):
    """The columns of `_statement`, by the names of their annotations."""

    pk: int
    attempts: int
    time_left: datetime.timedelta
    is_private: bool
    is_outdated: bool
    is_off: bool
    is_undone: bool
    lost_words: bool
    device__registration_id: str | None
    device__id_kind: str | None
    notification__change__traceparent: str | None
    closed_for: datetime.timedelta | None


def _state(row: _Row) -> StateBeforeCall:
    return StateBeforeCall(
        seconds_left=max(0, int(row.time_left.total_seconds())),
        is_superseded=row.is_off if row.is_private else row.is_outdated or row.is_undone,
        has_lost_words=row.lost_words and not row.is_private,
        registration_id=row.device__registration_id,
        id_kind=row.device__id_kind,
        traceparent=row.notification__change__traceparent,
        seconds_closed=row.closed_for.total_seconds() if row.closed_for else 0,
    )


@functools.cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """(SQL, parameters with _IDS among them) of the query. Compiling it takes longer than running it."""
    claimed = Delivery.objects.filter(pk__in=RawSQL(sql.EACH_OF_IDS, [_IDS]))  # noqa: S611 (a constant)
    rows = _annotated(claimed.filter(status=Delivery.Status.SENDING)).values_list(*_Row._fields)
    return rows.query.sql_with_params()


def _annotated(deliveries: QuerySet[Delivery]) -> QuerySet[Any]:
    subject, act = OuterRef("notification__change__subject"), OuterRef("act_key")
    later = Change.objects.filter(pk__gt=OuterRef("notification__change_id"))
    removing = changes.removals().filter(pk__gt=OuterRef("notification__change_id"))
    removed_words = removing.filter(Q(subject=subject) | Q(subject=act))
    withdrawn = later.filter(subject=subject, event_type=event_types.AMENDMENT_WITHDRAWN).annotate(
        act_key=KeyTextTransform("key", KeyTransform("act", "facts")), day=KeyTextTransform("on", "facts")
    )
    return deliveries.annotate(
        act_key=KeyTextTransform("key", KeyTransform("act", "notification__change__facts")),
        day=KeyTextTransform("on", "notification__change__facts"),
        time_left=F("expires_at") - Now(),
        is_private=Q(notification__reader__isnull=False),
        is_outdated=Exists(later.filter(subject=subject, event_type__in=SUPERSEDING_EVENT_TYPES)),
        is_off=Exists(later.filter(subject=subject, event_type=event_types.EVENT_CANCELLED)),
        is_undone=Exists(withdrawn.filter(act_key=act, day=OuterRef("day"))),
        lost_words=Exists(removed_words),
        closed_for=Subquery(gate.time_closed(Gate.Quota.SEND)),
    )
