"""The replicas that public reads go to."""

import psycopg
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.replicas.sessions import watch_session
from api.replicas.watch import Feed, feed_of, is_same_cluster, position_of, server_of
from config.doctor.problems import Problem
from content import direct_sessions

SESSIONS = 4  # at one URL: behind a balancer they soon are on several servers
WORDS: dict[Feed, tuple[str, str | Promise]] = {
    Feed.HIDDEN: (
        "replica_hidden",
        gettext_lazy(
            "Replica %(number)s does not show what it receives, so nobody reads it. At the primary: "
            "GRANT pg_read_all_stats TO the role of its URL."
        ),
    ),
    Feed.ELSEWHERE: (
        "replica_elsewhere",
        gettext_lazy(
            "Replica %(number)s of DATABASE_REPLICA_URLS does not follow this primary, so nobody reads it. "
            "Look at primary_conninfo and at the log of its server."
        ),
    ),
    Feed.NO_REPLICA: (
        "replica_is_none",
        gettext_lazy(
            "Replica %(number)s of DATABASE_REPLICA_URLS takes writes itself, so nobody reads it. "
            "Take it out of the list, or build it anew as a replica."
        ),
    ),
    Feed.OTHER_CLUSTER: (
        "replica_of_another",
        gettext_lazy(
            "Replica %(number)s of DATABASE_REPLICA_URLS is a copy of another server, or the URL names another "
            "database. Correct the URL."
        ),
    ),
}


def check_replicas() -> list[Problem]:
    """Whether each replica of DATABASE_REPLICA_URLS can be read. One that cannot is left out."""
    if not settings.DATABASE_REPLICAS:
        return []
    with watch_session(direct_sessions.parameters()) as primary:
        found = [_check_replica(primary, alias) for alias in settings.DATABASE_REPLICAS]
    problems = [each for each in found if isinstance(each, Problem)]
    if problems or Feed.FOLLOWS in found:
        return problems
    words = _("DATABASE_REPLICA_URLS names only the server that leads, so no replica is read. Name the others too.")
    return [Problem("replica_none", words)]


def _check_replica(primary: psycopg.Connection, alias: str) -> Problem | Feed:
    """What is wrong with it; FOLLOWS, or NO_REPLICA for the server that leads: a list may name all of them."""
    named = {"number": alias.removeprefix("replica")}
    leads = server_of(primary)
    try:
        servers = {_server(alias) for _each in range(SESSIONS)}
        with watch_session(direct_sessions.parameters(alias)) as replica:
            is_copy = is_same_cluster(primary, replica)
            feed = feed_of(replica, position_of(primary)[0])[0] if is_copy else Feed.OTHER_CLUSTER
    except psycopg.OperationalError:
        words = _("Replica %(number)s of DATABASE_REPLICA_URLS cannot be reached. Correct its URL, or start it.")
        return Problem("replica_away", words % named)
    if len(servers) > 1:
        words = _(
            "The URL of replica %(number)s leads to several servers, and only one of them is watched. "
            "Name each server itself, with commas between."
        )
        return Problem("replica_balanced", words % named)
    if feed is Feed.FOLLOWS or (is_copy and servers == {leads}):
        return feed
    code, text = WORDS[feed]
    return Problem(code, str(text) % named)


def _server(alias: str) -> tuple[object, ...] | None:
    with watch_session(direct_sessions.parameters(alias)) as session:
        return server_of(session)
