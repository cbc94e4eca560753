"""Examine an installation."""

from collections.abc import Callable, Iterator

from config.doctor import database_checks, machine_checks, replica_checks, settings_checks, work_checks
from config.doctor.problems import Problem

Check = Callable[[], list[Problem]]
OF_SETTINGS: tuple[Check, ...] = (
    settings_checks.check_addresses,
    settings_checks.check_secret_key,
    settings_checks.check_proxies,
    settings_checks.check_seal_keys,
    settings_checks.check_fcm_credentials,
    settings_checks.check_connection_counts,
    machine_checks.check_folders,
)
OF_DATABASE: tuple[Check, ...] = (
    database_checks.check_server,
    database_checks.check_limits,
    database_checks.check_direct_sessions,
    replica_checks.check_replicas,
    database_checks.check_storage,
    database_checks.check_leftovers,
)
OF_WORK: tuple[Check, ...] = (
    database_checks.check_extensions,  # `migrate` makes them, so before it they are not missed
    machine_checks.check_stored_files,
    work_checks.check_worker,
    work_checks.check_jobs,
    work_checks.check_push,
    work_checks.check_consumers,
    work_checks.check_effect_spans,
    work_checks.check_document_counts,
)


def examine() -> Iterator[tuple[Check, list[Problem]]]:
    """Each check with what it found. What cannot be asked is left out: without a database, all that is in it."""
    for check in OF_SETTINGS:
        yield check, check()
    yield database_checks.check_reachable, (away := database_checks.check_reachable())
    if away:
        return
    for check in OF_DATABASE:
        yield check, check()
    yield database_checks.check_migrations, (unmigrated := database_checks.check_migrations())
    if unmigrated:
        return
    for check in OF_WORK:
        yield check, check()
