"""The sample for nginx is a configuration that nginx takes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "nginx" / "luatmo.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
def test_nginx_takes_the_sample(tmp_path):
    sample = re.sub(r"(?m)^\s*(ssl_|http2 ).*$", "", SAMPLE.read_text()).replace(
        "443 ssl", "8443"
    )  # no certificate here
    main = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {sample} }}"
    (tmp_path / "nginx.conf").write_text(main)
    done = subprocess.run(
        [NGINX, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_sample_buffers_requests_and_sets_the_headers_that_the_server_believes():
    sample = SAMPLE.read_text()
    for line in (
        "proxy_request_buffering on;",
        "client_header_timeout 10s;",
        "client_body_timeout 20s;",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
    ):
        assert line in sample
