"""The state machine of documents, questions and events. Each package has one TABLE of transitions in its states.py.

A table says which transitions a row has. Who may make them is in the package's policy.py, and the consequences are in
its services.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from content.copies import is_copy
from content.errors import NotAllowed, RuleBroken
from content.people.models import User
from content.people.services import audit

T = TypeVar("T", bound=TextChoices)
Row: TypeAlias = Any  # a model with `status`, `key` and get_status_display()


def always(row: Row) -> bool:
    return True


@dataclass(frozen=True)
class Transition:
    """From which statuses a row may be moved, to which, and what the audit calls it.

    Without `targets` the status stays. With several the service chooses one. `guard` says what else must be true of
    the row. An empty `action` is never audited: the transition is a reader's or the system's own.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...] = ()
    action: str = ""
    guard: Callable[[Row], bool] = always


Table: TypeAlias = Mapping[T, Transition]  # in the order of a row's life


def permits(table: Table[T], row: Row, transition: T) -> bool:
    """Whether the row has that transition now. Who may make it is another matter."""
    found = table[transition]
    return row.status in found.sources and found.guard(row)


def offered(table: Table[T], row: Row, may: Callable[[T], bool]) -> list[T]:
    """The transitions that the row has now and `may` accepts, in the order of the table. A copy has none here."""
    if is_copy(row):
        return []
    return [transition for transition in table if permits(table, row, transition) and may(transition)]


def wrong_status(row: Row, transition: TextChoices) -> RuleBroken:
    """The error for a transition that the row does not have now."""
    words = {"status": row.get_status_display(), "transition": transition.label}
    message = _("«%(transition)s» is not possible: the status is «%(status)s».") % words
    return RuleBroken("wrong_status", message, field="status")


def after(table: Table[T], row: Row, transition: T, *, to: str = "") -> str:
    """The status to which the transition leads. Raises RuleBroken("wrong_status") if the row does not have it now.

    `to` chooses where the table has several targets; ValueError for one that the table does not have.
    """
    if not permits(table, row, transition):
        raise wrong_status(row, transition)
    return _target(table, row, transition, to)


def _target(table: Table[T], row: Row, transition: T, to: str) -> str:
    targets = table[transition].targets or (row.status,)
    if to not in targets and (to or len(targets) > 1):
        raise ValueError(f"{transition} leads to one of {targets}, not to {to!r}")
    return to or targets[0]


def require(
    table: Table[T],
    row: Row,
    transition: T,
    *,
    by: User | None,
    may: Callable[[User, T, Any], bool],
    seen: str = "",
    fingerprint: Callable[[Any], str] | None = None,
) -> None:
    """Refuse the transition unless the row has it and `by` may make it. `by` is None for the system and for readers.

    `seen` is the `fingerprint` of the row that the person read; empty: not asked. Raises RuleBroken("wrong_status",
    "changed_meanwhile"), NotAllowed("not_allowed").
    """
    if not permits(table, row, transition):
        raise wrong_status(row, transition)
    if by is not None and not may(by, transition, row):
        raise NotAllowed("not_allowed", _("You are not allowed to do this: %s.") % transition.label)
    if seen and fingerprint and seen != fingerprint(row):
        raise RuleBroken("changed_meanwhile", _("It changed after you opened this page. Read it again."))


def apply(
    table: Table[T],
    row: Row,
    transition: T,
    *,
    by: User | None,
    reason: str = "",
    to: str = "",
    update_fields: list[str] | None = None,
    facts: Mapping[str, Any] | None = None,
    is_audited: bool = True,
    **columns: Any,
) -> str:
    """Set the new status and these columns, save the row and audit the transition. Returns the status before.

    Call `require` or `after` first: whether the row has the transition is not asked again. `update_fields`: what to
    save; without it the whole row. `facts` go into the audit.
    """
    before, row.status = row.status, _target(table, row, transition, to)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=update_fields)
    if is_audited:
        record_audit(table, row, transition, by=by, reason=reason, **(facts or {}))
    return before


def record_audit(table: Table[T], row: Row, transition: T, *, by: User | None, reason: str = "", **facts: Any) -> None:
    """Write the audit row of the transition, unless the table names no action."""
    if action := table[transition].action:
        audit(action, row.key, by=by, reason=reason, **facts)
