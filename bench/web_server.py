"""`manage.py web` with two processes, for benches that ask the real web server. Import after `throwaway`."""

import os
import subprocess
import sys

import psutil
import throwaway

from tests.journeys.installation import eventually, free_port
from tests.nginx import accepts

BEHIND_NGINX = ["manage.py", "web"]
ALONE = ["-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.wsgi"]


class WebServer:
    """Two web processes over DATABASE_URL; log and pid files are in `home`, a Path. Each answers without limits.

    `program`: of granian, which is made for a proxy at `proxy`, or ALONE.
    """

    def __init__(self, home, program=BEHIND_NGINX, proxy="127.0.0.2"):
        self.port, self.health_port = free_port(), free_port()
        mine = {
            "PORT": str(self.port), "HEALTH_PORT": str(self.health_port), "WEB_PROCESSES": "2",
            "LUATMO_HOME": str(home), "TRUSTED_PROXIES": proxy, "END_WITH_PARENT": str(os.getpid()),
            "READS_PER_MINUTE": "100000000",
        }  # fmt: skip
        with open(home / "web.log", "ab") as log:
            command = [sys.executable, *program]
            self.process = subprocess.Popen(command, cwd=throwaway.ROOT, env=os.environ | mine, stdout=log, stderr=log)
        eventually(lambda: accepts(self.port), seconds=240)

    def spent(self):
        """CPU seconds of each of its processes."""
        times = [child.cpu_times() for child in psutil.Process(self.process.pid).children()]
        return [each.user + each.system for each in times]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
