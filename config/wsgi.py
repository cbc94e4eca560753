"""The application that the web server runs."""

import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import logs
from content import database_limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
logs.log_uncaught_exceptions()
_django = get_wsgi_application()
database_limits.use(database_limits.Work.READERS, most_connections=settings.WEB_CONNECTIONS)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's application. A request without Host is answered with 400, as RFC 9112, 3.2 asks of HTTP/1.1.

    Django takes the server's own name where there is none, which is an allowed host on a laptop.
    """
    if environ.get("SERVER_PROTOCOL") != "HTTP/1.0":
        environ.setdefault("HTTP_HOST", "")
    return _django(environ, start_response)
