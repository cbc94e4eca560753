"""A bucket that does not give a file says so as a file system does: lost, or not to be read now.

Only with the packages of requirements-s3.txt; a server of the test answers as S3 does.
"""

import http.server
import threading

import pytest

pytest.importorskip("storages")
pytest.importorskip("boto3")

from content.stored_files.bucket import BucketStorage

ERROR = "<?xml version='1.0'?><Error><Code>{}</Code><Message>no</Message></Error>"


def storage_at(port):
    keys = {"access_key": "local", "secret_key": "local", "region_name": "ap-southeast-1"}
    return BucketStorage(bucket_name="b", endpoint_url=f"http://127.0.0.1:{port}", addressing_style="path", **keys)


@pytest.fixture
def server_that_answers():
    """Starts a server that answers each request with this status and code of an error; its storage is returned."""
    servers = []

    def start(status, code):
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = ERROR.format(code).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return storage_at(servers[-1].server_port)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "code", "is_lost"),
    [
        (404, "NoSuchKey", True),
        (404, "NoSuchBucket", False),
        (403, "AccessDenied", False),
        (416, "InvalidRange", False),
        (503, "SlowDown", False),
    ],
)
def test_a_refusal_of_the_bucket_is_an_error_of_reading(server_that_answers, monkeypatch, status, code, is_lost):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(OSError) as failure:
        server_that_answers(status, code).open_part("ab/abcd", 0, 10)
    assert isinstance(failure.value, FileNotFoundError) == is_lost


def test_a_bucket_that_nobody_serves_is_an_error_of_reading(monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as closed:
        port = closed.server_port
    with pytest.raises(OSError) as failure:
        storage_at(port).open_part("ab/abcd", 0, 10)
    assert not isinstance(failure.value, FileNotFoundError)
