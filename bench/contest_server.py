"""The web server that contestants ask, for `contest_deadline.py`. Import after `throwaway`."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import throwaway

from tests.journeys.installation import free_port
from tests.nginx import NGINX, nginx_before


class Server:
    """nginx with the web server of production behind it, or the web server of script/serve.

    `port` is where phones ask; `environment` has settings of the server. It answers when this returns.
    """

    def __init__(self, home, *, is_production, **environment):
        behind, self._front, self._nginx = free_port(), contextlib.ExitStack(), None
        mine = {
            "PORT": str(behind), "HEALTH_PORT": str(free_port()), "LUATMO_HOME": home, "WEB_PROCESSES": "2",
            "PYTHONPATH": str(throwaway.ROOT), "TRUSTED_PROXIES": "127.0.0.1" if is_production else "",
        }  # fmt: skip
        if is_production and NGINX is None:
            raise SystemExit("nginx is not installed: apt-get install nginx-light, or --server local")
        local = ["-m", "gunicorn", "-c", str(throwaway.ROOT / "config" / "gunicorn.conf.py"), "config.wsgi"]
        command = [sys.executable, *(["manage.py", "web"] if is_production else local)]
        with open(os.path.join(home, "web.log"), "ab") as log:
            self._web = subprocess.Popen(
                command, cwd=throwaway.ROOT, env=os.environ | mine | environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.port = behind
        if is_production:
            folder = Path(home) / f"nginx-{behind}"
            folder.mkdir()
            self.port = self._front.enter_context(nginx_before(folder, behind))
            self._nginx = int((folder / "pid").read_text())
        self._wait(f"{home}/web.log")

    def _wait(self, log):
        until = time.time() + 120
        while time.time() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/topics", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"the web server does not start: {log}")

    def spent(self):
        """Seconds of CPU of the web server, and of nginx."""
        return {
            "web": cpu_of_family(self._web.pid),
            "nginx": cpu_of_family(self._nginx) if self._nginx else 0.0,
        }

    def kill(self):
        """End it at once: whatever it had only in its memory is gone. A repeat does nothing."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._web.pid, signal.SIGKILL)
        self._web.wait()
        self._front.close()


def cpu_of_family(pid):
    """Seconds of CPU of a process and its children."""
    parent = psutil.Process(pid)
    family = [parent.cpu_times(), *(each.cpu_times() for each in parent.children(recursive=True))]
    # What ended is in the parent's figures.
    return sum(each.user + each.system for each in family) + family[0].children_user + family[0].children_system
