"""What our web server does otherwise than granian, and why: docs/decisions/022.

It replaces private parts of granian, so a new version of it needs the tests.
"""

import sys
import time
from typing import Any

from granian.server import MPServer
from granian.server import mp as processes
from granian.wsgi import Response, ResponseIterWrap

RESPAWN_PAUSE_SECONDS = 0.5


def calling(answers: Any, _scope_options: dict[str, Any], _access_log_format: str | None = None) -> Any:
    """What a thread of granian calls for each request, in the place of granian's own wrapper.

    That copies all variables of the process, secrets too, into the environment of each request. Ours has what the
    request says, and the constants of PEP 3333. It writes no log and knows no prefix of addresses: we have neither.
    """
    constants = {
        "GATEWAY_INTERFACE": "CGI/1.1", "SCRIPT_NAME": "", "SERVER_SOFTWARE": "Granian", "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True, "wsgi.multiprocess": True, "wsgi.multithread": True, "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }  # fmt: skip

    def call(connection_of_request: Any, environ: dict[str, Any]) -> int:
        environ.update(constants)
        response = Response()
        answer = answers(environ, response)
        if isinstance(answer, list):
            connection_of_request.response_bytes(response.status, response.headers, b"".join(answer))
        else:
            connection_of_request.response_iter(response.status, response.headers, ResponseIterWrap(answer))
        return int(response.status)

    return call


assert hasattr(processes, "_wsgi_call_wrap")  # noqa: S101 - else another version of granian would go past ours
processes._wsgi_call_wrap = calling  # type: ignore[assignment] # names of its parameters


class Server(MPServer):
    """granian, which starts a web process again however often it ends.

    granian itself ends them all when one ends twice within 5.5 seconds.
    """

    def _respawn_workers(self, *arguments: Any, **options: Any) -> None:
        time.sleep(RESPAWN_PAUSE_SECONDS)
        super()._respawn_workers(*arguments, **options)
        self.respawned_wrks.clear()  # when they were started, for that rule
