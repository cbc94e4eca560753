"""nginx with the sample of deploy/nginx, in front of a web server, for tests and benches."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from tests.journeys.installation import eventually, free_port

SAMPLE = Path(__file__).resolve().parents[1] / "deploy" / "nginx" / "luatmo.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")


def sample_without_certificate():
    """The sample as it is, but for the lines of TLS: there is no certificate here."""
    return re.sub(r"(?m)^\s*(ssl_|http2 ).*$", "", SAMPLE.read_text())


@contextlib.contextmanager
def nginx_before(folder, port_behind, *, health_port=8001, host=None):
    """The port of nginx, which passes on to `port_behind` and names the server `host`, or else 127.0.0.1 with the port.

    `folder`, a Path, keeps its files.
    """
    port = free_port()
    sample = sample_without_certificate()
    for said, here in (
        ("443 ssl", f"127.0.0.1:{port}"),
        ("listen 80", f"listen 127.0.0.1:{free_port()}"),
        ("127.0.0.1:8000", f"127.0.0.1:{port_behind}"),
        ("/run/luatmo-searches", f"{folder}/searches"),
        ("127.0.0.1:8001", f"127.0.0.1:{health_port}"),
        ("proxy_set_header Host $host;", f"proxy_set_header Host {host or f'127.0.0.1:{port}'};"),
    ):
        sample = sample.replace(said, here)
    kept = " ".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy"))
    user = "user root;" if os.geteuid() == 0 else ""  # another account could not write what a client has not taken yet
    descriptors, connections = re.search(r"(worker_rlimit_nofile \d+;) +(events {.*})", SAMPLE.read_text()).groups()
    main = f"{user} daemon off; pid {folder}/pid; error_log {folder}/errors; {descriptors} {connections}"
    (folder / "nginx.conf").write_text(f"{main} http {{ access_log off; {kept} {sample} }}")
    with subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL) as running:
        try:
            eventually(lambda: accepts(port))
            yield port
        finally:
            running.terminate()


def accepts(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False
