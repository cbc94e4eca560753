"""Is it alive, can it serve? For supervisors and load balancers; not part of the versioned API."""

from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api import problems


@never_cache
@require_safe
def live(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request):
    """It can serve: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return problems.answer(503, "database_unavailable")
    return JsonResponse({"status": "ok", "database": "ok"})
