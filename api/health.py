"""Liveness and readiness for supervisors and load balancers. Not part of the versioned API."""

import os
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api import problems
from api.types import JSONObject
from content.database_limits import Work, within
from notifications.deliveries import queries

# writes a temporary file beside PostgreSQL's tables, which fails when its disk is full; reads no table
SPILL = "SET LOCAL work_mem = '64kB'; SELECT count(*) FROM generate_series(1, 20000)"
LEAST_FREE_BYTES = 16 * 2**20  # of the folder of the bulk exports


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process runs."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while the database responds and can store, else 503.

    A missing worker, a refused push channel, a full folder of exports or a table that somebody has locked makes the
    status `degraded`, still with 200: readers can read, so a load balancer must keep the server in rotation.
    """
    try:
        with within(Work.HEALTH), connection.cursor() as cursor:
            cursor.execute(SPILL)
    except (DatabaseError, InterfaceError) as error:
        return problems.failure_response(problems.service_failure(error) or problems.DatabaseUnavailable())
    answer: JSONObject = {"status": "ok", "database": "ok", **_worker_and_push()}
    if not _has_room(Path(settings.EXPORTS_FOLDER)):
        answer["exports"] = "full"
    if (answer["worker"], answer["push"]) != ("ok", "ok") or "exports" in answer:
        answer["status"] = "degraded"
    return JsonResponse(answer)


def _worker_and_push() -> JSONObject:
    """What two tables say; `unknown` when they do not answer at once, because somebody has locked them."""
    try:
        with within(Work.HEALTH):
            worker = "ok" if queries.is_a_worker_alive() else "absent"
            broken = queries.broken_channel()
    except (DatabaseError, InterfaceError):
        return {"worker": "unknown", "push": "unknown"}
    if broken:
        reason = {"push_broken_since": broken.broken_since, "push_reason": broken.reason}
        return {"worker": worker, "push": "broken", **reason}
    return {"worker": worker, "push": "ok"}


def _has_room(folder: Path) -> bool:
    """Whether the disk of a folder that may not exist yet has free space."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize >= LEAST_FREE_BYTES
