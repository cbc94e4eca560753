"""How long each kind of work may wait for the database: the one table of statement and lock timeouts.

A process has the limits of one kind from the moment it connects (`use`): they are start-up options of the connection
and cost no query. Work of another kind in the same process sets its own inside its transactions, where PostgreSQL
forgets them at the end (`within`, `staff_work`). So no session state outlives a transaction, as PgBouncer in
transaction mode requires; behind it the start-up options are ignored and belong to the role (docs/how-to/operate.md).
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import connection, connections, transaction
from psycopg.pq import TransactionStatus

SET_LOCAL = "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)"
MINUTE = 60_000  # milliseconds


@dataclass(frozen=True)
class Limits:
    """Milliseconds that one statement may take, and that it may wait for one lock. 0: no limit."""

    statement: int
    lock: int

    @property
    def startup_options(self) -> str:
        """The limits as options of a new connection."""
        return f"-c statement_timeout={self.statement} -c lock_timeout={self.lock}"

    @property
    def parameters(self) -> list[str]:
        """The limits as parameters of SET_LOCAL."""
        return [str(self.statement), str(self.lock)]


class Work(Enum):
    """The kinds of work. Search has a limit of its own below that of readers (content/search/limits.py)."""

    HEALTH = Limits(statement=1_000, lock=200)  # a load balancer does not wait longer
    READERS = Limits(statement=8_000, lock=2_000)  # public reads, and what readers write: the web server's own
    STAFF = Limits(statement=MINUTE, lock=5_000)  # publishing a code with a thousand articles takes seconds
    JOBS = Limits(statement=15 * MINUTE, lock=10_000)  # the worker: nightly counts and exports; a job comes again
    COMMANDS = Limits(statement=30 * MINUTE, lock=30_000)  # imports and exports by hand: somebody watches
    MIGRATIONS = Limits(statement=0, lock=20_000)  # readers queue behind a migration that waits for a lock


def startup_options(work: Work, others: str = "") -> str:
    """The connection options of a process; `others` are those of DATABASE_URL, which win."""
    for each in Work:
        others = others.removeprefix(each.value.startup_options).strip()
    return f"{work.value.startup_options} {others}".strip()


def use(work: Work, *, most_connections: int | None = None) -> None:
    """Give this process the limits of `work` and a pool of that size. Connections of before are closed.

    Call it outside a transaction, before the process does its work. A repeat changes nothing.
    """
    options: dict[str, Any] = connections.settings["default"]["OPTIONS"]
    wanted = startup_options(work, options.get("options", ""))
    pool = options["pool"] | ({"max_size": most_connections} if most_connections else {})
    if (wanted, pool) == (options.get("options"), options["pool"]):
        return
    options.update(options=wanted, pool=pool)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


@contextlib.contextmanager
def within(work: Work) -> Iterator[None]:
    """Run a block in a transaction of its own with the limits of `work`. Costs one query."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET_LOCAL, work.value.parameters)
        yield


@contextlib.contextmanager
def staff_work() -> Iterator[None]:
    """Every transaction of the block begins with the limits of staff. Costs one query for each transaction."""
    with connection.execute_wrapper(_begin_with_limits_of_staff):
        yield


def _begin_with_limits_of_staff(
    execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]
) -> Any:
    wrapper = context["connection"]
    raw = wrapper.connection
    if wrapper.in_atomic_block and raw.info.transaction_status == TransactionStatus.IDLE:  # before its BEGIN
        raw.execute(SET_LOCAL, Work.STAFF.value.parameters)
    return execute(sql, parameters, many, context)


@contextlib.contextmanager
def index_builds_wait() -> Iterator[None]:
    """In the block, CREATE and DROP INDEX CONCURRENTLY wait as long as they must. For migrations, on a direct session.

    They hold up nobody while they wait for old transactions, and one that is stopped leaves an invalid index behind.
    """
    with connection.execute_wrapper(_without_lock_timeout):
        yield


def _without_lock_timeout(
    execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]
) -> Any:
    if " CONCURRENTLY " not in str(sql):
        return execute(sql, parameters, many, context)
    raw = context["connection"].connection
    (before,) = raw.execute("SELECT current_setting('lock_timeout')").fetchone()
    raw.execute("SELECT set_config('lock_timeout', '0', false)")
    try:
        return execute(sql, parameters, many, context)
    finally:
        if not raw.closed:
            raw.execute("SELECT set_config('lock_timeout', %s, false)", [before])
