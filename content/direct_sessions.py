"""Sessions of PostgreSQL itself, past a pooler, for what outlives a transaction.

PgBouncer in transaction mode gives each transaction another session. LISTEN, a lock of a session, a snapshot that
other sessions see, pg_dump and psql need one that stays: DATABASE_DIRECT_URL names the server for them. Without it
DATABASE_URL is the server.
"""

from typing import Any

from django.conf import settings
from django.db import connection, connections

_OF_DJANGO = ("context", "cursor_factory", "prepare_threshold", "pool")  # the rest is libpq's


def parameters(replica: str | None = None) -> dict[str, Any]:
    """How libpq reaches the server, with the limits of this process as start-up options. Nothing is connected.

    `replica`: the alias of a replica in DATABASES, instead of the primary.
    """
    found_in = connections.settings[replica or "default"]
    wrapper = type(connections["default"])(found_in if replica else found_in | _direct_settings())
    found: dict[str, Any] = dict(wrapper.get_connection_params())
    return {name: value for name, value in found.items() if name not in _OF_DJANGO}


def use() -> None:
    """From now on everything that this process does goes past the pooler. For migrations; a repeat changes nothing."""
    if direct := _direct_settings():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        connections.settings["default"].update(direct)


def _direct_settings() -> dict[str, Any]:
    """What DATABASE_DIRECT_URL changes in the settings of the database. The limits are those of this process."""
    direct = settings.DATABASE_DIRECT
    if direct is None:
        return {}
    here: dict[str, Any] = connections.settings["default"]["OPTIONS"]
    own = {"connect_timeout": here["connect_timeout"]} | direct.get("OPTIONS", {})
    options = own | {name: here[name] for name in ("options", "pool")}
    return {name: direct[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")} | {"OPTIONS": options}
