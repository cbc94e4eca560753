"""`manage.py web` with two processes, and nginx, for benches that ask the real web server. Import after `throwaway`."""

import contextlib
import os
import re
import subprocess
import sys

import psutil
import throwaway

from tests.config.test_nginx_sample import NGINX, SAMPLE, accepts
from tests.journeys.installation import eventually, free_port


class WebServer:
    """Two granian processes over DATABASE_URL; log and pid files are in `home`, a Path. Each answers without limits."""

    def __init__(self, home):
        self.port = free_port()
        mine = {
            "PORT": str(self.port), "HEALTH_PORT": str(free_port()), "WEB_PROCESSES": "2", "LUATMO_HOME": str(home),
            "TRUSTED_PROXIES": "127.0.0.2", "END_WITH_PARENT": str(os.getpid()), "READS_PER_MINUTE": "100000000",
        }  # fmt: skip
        with open(home / "web.log", "ab") as log:
            command = [sys.executable, "manage.py", "web"]
            self.process = subprocess.Popen(command, cwd=throwaway.ROOT, env=os.environ | mine, stdout=log, stderr=log)
        eventually(lambda: accepts(self.port), seconds=240)

    def spent(self):
        """CPU seconds of each of its processes."""
        times = [child.cpu_times() for child in psutil.Process(self.process.pid).children()]
        return [each.user + each.system for each in times]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


@contextlib.contextmanager
def nginx(folder, port_behind):
    """The port of nginx with the sample in front of the server; that of the server where there is no nginx.

    `folder`, a Path that does not exist yet, keeps its files.
    """
    if NGINX is None:
        yield port_behind
        return
    port = free_port()
    folder.mkdir()
    sample = re.sub(r"(?m)^\s*(ssl_|http2 ).*$", "", SAMPLE.read_text())
    sample = sample.replace("443 ssl", f"127.0.0.1:{port}").replace("listen 80", f"listen 127.0.0.1:{free_port()}")
    sample = sample.replace("127.0.0.1:8000", f"127.0.0.1:{port_behind}")
    sample = sample.replace("proxy_set_header Host $host;", f"proxy_set_header Host 127.0.0.1:{port};")
    kept = " ".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy"))
    user = "user root;" if os.geteuid() == 0 else ""
    main = f"{user} daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}"
    (folder / "nginx.conf").write_text(f"{main} http {{ access_log off; {kept} {sample} }}")
    with subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL) as running:
        try:
            eventually(lambda: accepts(port))
            yield port
        finally:
            running.terminate()
