"""Original files: their list, their bytes, and parts of them."""

import hashlib

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from api import ranges
from content.documents.records import OriginalBytes
from tests.builders import a_document, a_draft

pytestmark = pytest.mark.django_db

BYTES = bytes(range(256)) * 4
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def law():
    return a_document("1/2019/QH14", original=OriginalBytes("Luật Mẫu/số 1.pdf", "application/pdf", BYTES))


@pytest.fixture
def url(law):
    return f"/api/v1/documents/{law.key}/files/{SHA256}"


def test_the_list_names_each_file_and_where_its_bytes_are(law, url):
    answer = Client().get(f"/api/v1/documents/{law.key}/files")
    (file,) = answer.json()["results"]
    assert file.pop("imported_at")
    assert file == {
        "key": SHA256,
        "url": f"http://127.0.0.1:8000{url}",
        "name": "Luật Mẫu/số 1.pdf",
        "media_type": "application/pdf",
        "size": 1024,
        "sha256": SHA256,
    }
    assert Client().get(f"/api/v1/documents/{law.key}/files", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert Client().get(f"/api/v1/documents/{law.key}/files?page=1").status_code == 400


def test_the_bytes_come_as_they_came_and_as_a_download_that_runs_nothing(url):
    answer = Client().get(url, HTTP_ACCEPT_ENCODING="gzip", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer["ETag"] == f'"{SHA256}"'
    assert (answer["Content-Type"], answer["Content-Length"]) == ("application/pdf", "1024")
    assert (answer["Accept-Ranges"], answer["X-Content-Type-Options"]) == ("bytes", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"].split("; ")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Lu%E1%BA%ADt%20M%E1%BA%ABu_s%E1%BB%91%201.pdf"
    assert answer["Cache-Control"].startswith("public")
    assert "Content-Encoding" not in answer
    head = Client().head(url)
    assert (head["Content-Length"], head["ETag"], head.content) == ("1024", answer["ETag"], b"")


@pytest.mark.parametrize(
    ("asked", "status", "content", "content_range"),
    [
        ("bytes=0-9", 206, BYTES[:10], "bytes 0-9/1024"),
        ("bytes=1000-", 206, BYTES[1000:], "bytes 1000-1023/1024"),
        ("bytes=-24", 206, BYTES[-24:], "bytes 1000-1023/1024"),
        ("bytes=-9999", 206, BYTES, "bytes 0-1023/1024"),
        ("bytes=1023-99999", 206, BYTES[-1:], "bytes 1023-1023/1024"),
        ("bytes=9-0", 200, BYTES, None),
        ("bytes=0-1,5-6", 200, BYTES, None),
        ("lines=0-9", 200, BYTES, None),
        ("bytes=-", 200, BYTES, None),
        ("bytes=٣-٤", 200, BYTES, None),
    ],
)
def test_a_range_is_a_part_and_what_is_none_is_all_of_it(url, asked, status, content, content_range):
    answer = Client().get(url, HTTP_RANGE=asked)
    assert (answer.status_code, answer.content, answer.get("Content-Range")) == (status, content, content_range)
    assert answer["Content-Length"] == str(len(content))


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_with_nothing_in_it_is_416(url, asked):
    answer = Client().get(url, HTTP_RANGE=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")
    assert answer.json()["code"] == "range_not_satisfiable"


def test_a_part_is_given_only_of_what_the_caller_has(url):
    whole = Client().get(url)
    for held, status in (
        (whole["ETag"], 206),
        (whole["Last-Modified"], 206),
        ('"another"', 200),
        (f"W/{whole['ETag']}", 200),
        ("Tue, 15 Nov 1994 12:45:26 GMT", 200),
        ("junk", 200),
    ):
        answer = Client().get(url, HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE=held)
        assert answer.status_code == status, held
    assert Client().get(url, HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 304
    assert Client().head(url, HTTP_RANGE="bytes=0-9").status_code == 200


def test_the_files_of_drafts_and_of_other_documents_are_404(url):
    draft = a_draft(original=OriginalBytes("a.txt", "text/plain", BYTES))
    other = a_document(original=OriginalBytes("b.txt", "text/plain", b"b"))
    for path in (f"{draft.key}/files", f"{draft.key}/files/{SHA256}", f"{other.key}/files/{SHA256}", "x/files"):
        assert Client().get(f"/api/v1/documents/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "media_type", "disposition"),
    [
        ("laws.jsonl:7", "application/json", 'attachment; filename="laws.jsonl_7.json"'),
        ('a"\r\nb.txt', "text/plain", 'attachment; filename="a_b.txt"'),
        ("../..", "text/plain", 'attachment; filename="file.txt"'),
    ],
)
def test_a_name_is_safe_and_has_the_ending_of_what_it_is(name, media_type, disposition):
    law = a_document(original=OriginalBytes(name, media_type, b"x"))
    file = law.original_files.get()
    answer = Client().get(f"/api/v1/documents/{law.key}/files/{file.sha256}")
    assert answer["Content-Disposition"] == disposition


def test_the_query_count_of_the_list_does_not_grow(django_assert_num_queries):
    for count in (1, 3):
        law = a_document()
        for number in range(count):
            law.original_files.create(name="a", media_type="text/plain", content=b"a", size=1, sha256=f"{number:064}")
        with django_assert_num_queries(5):
            assert len(Client().get(f"/api/v1/documents/{law.key}/files").json()["results"]) == count


@given(st.text(alphabet="bytes=-, 0123456789x", max_size=30) | st.none(), st.integers(min_value=0, max_value=5000))
def test_a_range_lies_within_the_file(header, size):
    try:
        part = ranges.parse_range(header, size)
    except ranges.UnsatisfiableRange:
        return
    assert part is None or 0 <= part[0] <= part[1] < size
