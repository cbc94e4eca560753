"""The replicas that public reads go to."""

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _

from api.replicas.watch import is_streaming, primary_position, session
from config.doctor.problems import Problem
from content import direct_sessions


def check_replicas() -> list[Problem]:
    """Whether each replica of DATABASE_REPLICA_URLS can be read. One that cannot is left out."""
    return [problem for alias in settings.DATABASE_REPLICAS for problem in _check_replica(alias)]


def _check_replica(alias: str) -> list[Problem]:
    named = {"number": alias.removeprefix("replica")}
    try:
        with session(direct_sessions.parameters()) as primary, session(direct_sessions.parameters(alias)) as replica:
            timeline, _position = primary_position(primary)
            streams = is_streaming(replica, timeline)
    except psycopg.OperationalError:
        words = _("Replica %(number)s of DATABASE_REPLICA_URLS cannot be reached. Correct its URL, or start it.")
        return [Problem("replica_away", words % named)]
    if streams is None:
        words = _(
            "Replica %(number)s does not show how it is fed, so nobody reads it. At the primary: "
            "GRANT pg_read_all_stats TO the role of its URL."
        )
        return [Problem("replica_hidden", words % named)]
    if not streams:
        words = _(
            "Replica %(number)s of DATABASE_REPLICA_URLS does not follow this primary, so nobody reads it. "
            "Look at primary_conninfo and at the log of its server."
        )
        return [Problem("replica_elsewhere", words % named)]
    return []
