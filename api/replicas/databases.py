"""Django's settings of the replicas."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.replicas.sessions import NOTICES_LOSS, PROMPT_STATEMENT_LIMIT, BoundedConnection, PromptConnection
from content.database_limits import Work, startup_options

PROMPT_SECONDS = 0.5  # that a public read waits for a connection to the primary


def replica_databases(
    described: Iterable[dict[str, Any]], *, pool: Mapping[str, Any], most_connections: int
) -> dict[str, dict[str, Any]]:
    """Entries of DATABASES by alias ("replica1" is the first), for entries that only name a server."""
    return {
        f"replica{number}": _entry(each, dict(pool) | {"max_size": most_connections})
        for number, each in enumerate(described, start=1)
    }


def prompt_primary(described: dict[str, Any], *, pool: Mapping[str, Any], most_connections: int) -> dict[str, Any]:
    """The entry of the primary for public reads that a replica answers where the primary does not do so at once.

    `described` only names the server. These reads have a pool of their own, so that they never hold more threads.
    """
    entry = _entry(described, dict(pool) | {"max_size": most_connections})
    entry["OPTIONS"]["options"] += f" {PROMPT_STATEMENT_LIMIT}"
    entry["OPTIONS"]["pool"] |= {"timeout": PROMPT_SECONDS, "connection_class": PromptConnection}
    return entry


def _entry(described: dict[str, Any], pool: dict[str, Any]) -> dict[str, Any]:
    options = described.get("OPTIONS", {})
    limits = startup_options(Work.READERS, options.get("options", ""))
    pool |= {"timeout": 1, "connection_class": BoundedConnection}  # after a second the primary answers
    options = options | NOTICES_LOSS | {"options": f"{limits} -c default_transaction_read_only=on", "pool": pool}
    return described | {"OPTIONS": options, "CONN_HEALTH_CHECKS": True, "TEST": {"MIRROR": "default"}}
