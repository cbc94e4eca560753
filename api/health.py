"""Liveness and readiness for supervisors and load balancers. Not part of the versioned API."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api import problems
from api.types import JSONObject
from notifications.deliveries import queries


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process runs."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while the database responds, else 503.

    A missing worker or a refused push channel makes the status `degraded`, still with 200: readers can read, so a
    load balancer must keep the server in rotation.
    """
    try:
        worker = "ok" if queries.is_a_worker_alive() else "absent"
        broken = queries.broken_channel()
    except DatabaseError:
        return problems.code_response(503, "database_unavailable")
    push = "broken" if broken else "ok"
    status = "ok" if (worker, push) == ("ok", "ok") else "degraded"
    answer: JSONObject = {"status": status, "database": "ok", "worker": worker, "push": push}
    if broken:
        answer |= {"push_broken_since": broken.broken_since, "push_reason": broken.reason}
    return JsonResponse(answer)
