"""The application that the web server runs."""

import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from api.reads.application import with_stored_reads
from config import logs
from config.proxies import address_of_caller
from content import database_limits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
logs.log_uncaught_exceptions()
_django = get_wsgi_application()
# here: they need the settings and the models, which Django has loaded by now
from config.memory.loaded_ahead import load_ahead  # noqa: E402
from config.metrics.application import with_metrics  # noqa: E402
from config.metrics.requests import count_hit, counting  # noqa: E402
from config.tracing.start import start as start_traces  # noqa: E402

_reads = with_stored_reads(
    _django, client_address=address_of_caller, log_request=logs.log_stored_answer, count_hit=count_hit
)
_answers = with_metrics(counting(_reads), client_address=address_of_caller)
PUBLIC_HOST = urlsplit(settings.PUBLIC_URL).netloc
database_limits.use(database_limits.Work.READERS, most_connections=settings.WEB_CONNECTIONS)
finish_traces = start_traces()
load_ahead()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's application behind its answers in memory (api/reads).

    HTTP/1.1 without Host is answered with 400, as RFC 9112, 3.2 asks.
    HTTP/1.0 has no Host; balancers ask for health with it. It counts as a request to PUBLIC_URL. Without either, Django
    would take the name that the web server gives itself.
    """
    if "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = PUBLIC_HOST if environ.get("SERVER_PROTOCOL") == "HTTP/1.0" else ""
    answer = _reads.answer_from_memory(environ, start_response)
    return _answers(environ, start_response) if answer is None else answer
