"""Is it alive, can it serve? For supervisors and load balancers; not part of the versioned API."""

from django.db import DatabaseError
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api import problems
from notifications.deliveries import queries


@never_cache
@require_safe
def live(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request):
    """It can serve: 200 while the database answers, 503 otherwise.

    A worker that is away or a push channel that is refused makes it `degraded` and is named, but stays 200: readers
    can still read, and a load balancer must not take the house away from them.
    """
    try:
        worker = "ok" if queries.is_a_worker_alive() else "absent"
        broken = queries.broken_channel()
    except DatabaseError:
        return problems.code_response(503, "database_unavailable")
    push = "broken" if broken else "ok"
    status = "ok" if (worker, push) == ("ok", "ok") else "degraded"
    answer = {"status": status, "database": "ok", "worker": worker, "push": push}
    if broken:
        answer |= {"push_broken_since": broken.broken_since, "push_reason": broken.reason}
    return JsonResponse(answer)
