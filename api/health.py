"""Liveness and readiness for supervisors and load balancers. Not part of the versioned API."""

import os
import tempfile
import threading
import time
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
LEAST_FREE_BYTES = 16 * 2**20  # of the folder of the bulk exports, and of that of temporary files


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process runs."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while the database responds and can store, else 503. Looks at most once in READINESS_SECONDS per process.

    A missing worker, a refused push channel, a full folder of exports or of uploads or a table that somebody has locked
    makes the status `degraded`, still with 200: readers can read, so a load balancer must keep the server in rotation.
    """
    found = LATEST.found()
    return problems.failure_response(found) if isinstance(found, Exception) else JsonResponse(found)


class Readiness:
    """What was found last, so that a flood of requests costs the database no more than one. One looks at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: JSONObject | problems.ServiceFailure | None = None
        self._good_until = 0.0

    def found(self) -> JSONObject | problems.ServiceFailure:
        """The answer, or why there is none."""
        with self._lock:
            keep_seconds = settings.READINESS_SECONDS
            if self._found is None or not keep_seconds or time.monotonic() >= self._good_until:
                self._found = _look()
                self._good_until = time.monotonic() + keep_seconds
            return self._found


LATEST = Readiness()


def _look() -> JSONObject | problems.ServiceFailure:
    try:
        with within(Work.HEALTH), connection.cursor() as cursor:
            cursor.execute(SPILL)
    except (DatabaseError, InterfaceError) as error:
        return problems.service_failure(error) or problems.DatabaseUnavailable()
    answer: JSONObject = {"status": "ok", "database": "ok", **_worker_and_push()}
    folders = {
        "exports": Path(settings.EXPORTS_FOLDER),
        "uploads": Path(settings.UPLOADS_FOLDER or tempfile.gettempdir()),
    }
    if not settings.MEDIA_BUCKET:
        folders["media"] = Path(settings.MEDIA_FOLDER)
    full = {name: "full" for name, folder in folders.items() if not has_room(folder)}
    if (answer["worker"], answer["push"]) != ("ok", "ok") or full:
        answer["status"] = "degraded"
    return answer | full


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


def has_room(folder: Path) -> bool:
    """Whether the disk of a folder that may not exist yet has free space. A disk that cannot be asked has none."""
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize >= LEAST_FREE_BYTES
