"""Static files come compressed and are kept: their address has the version, and nothing is compressed at a start."""

import gzip
import shutil
from importlib import metadata
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from config.static_files import compressed
from config.static_version import PACKAGES, static_version

BUNDLE = "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"
ICON = "drf_spectacular_sidecar/swagger-ui-dist/favicon-32x32.png"


def get(path, **headers):
    return Client().get(path, **{f"HTTP_{name.upper()}": value for name, value in headers.items()})


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_script_comes_compressed_to_whom_asks(encoding, unpack):
    plain, packed = get(static(BUNDLE)), get(static(BUNDLE), accept_encoding=encoding)
    assert "Content-Encoding" not in plain.headers
    assert packed["Content-Encoding"] == encoding
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    whole = body(plain)
    assert unpack(packed.content) == whole
    assert int(packed["Content-Length"]) == len(packed.content) < len(whole) / 3
    assert packed["Content-Type"] == plain["Content-Type"]


def test_brotli_is_preferred_and_a_picture_is_left_as_it_is():
    assert get(static(BUNDLE), accept_encoding="gzip, deflate, br")["Content-Encoding"] == "br"
    assert "Content-Encoding" not in get(static(BUNDLE), accept_encoding="gzip;q=0, br;q=0").headers
    picture = get(static(ICON), accept_encoding="br")
    assert "Content-Encoding" not in picture.headers
    assert int(picture["Content-Length"]) == len(body(picture))


@pytest.mark.parametrize("name", [BUNDLE, "guide/guide.css", "admin/css/base.css", ICON])
def test_a_file_is_never_asked_for_again(name):
    kept = get(static(name), accept_encoding="br")["Cache-Control"]
    assert kept == "max-age=315360000, public, immutable"


@pytest.mark.parametrize("path", ["/static/guide/guide.css", "/static/0123456789ab/guide/guide.css"])
def test_an_address_of_another_release_gets_the_file_for_a_minute(path):
    answer = get(path, accept_encoding="br")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "max-age=60, public")
    assert brotli.decompress(answer.content) == Path(finders.find("guide/guide.css")).read_bytes()


@pytest.mark.parametrize("path", ["/static/nothing.css", "/static/", "/static/0123456789ab/../settings.py"])
def test_what_is_no_file_is_404(path):
    assert get(path).status_code == 404


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_who_has_it_gets_304_and_each_encoding_has_its_own_etag(encoding):
    first = get(static(BUNDLE), accept_encoding=encoding)
    again = get(static(BUNDLE), accept_encoding=encoding, if_none_match=first["ETag"])
    assert (again.status_code, body(again), again["ETag"]) == (304, b"", first["ETag"])
    assert "Content-Type" not in again.headers
    assert get(static(BUNDLE), accept_encoding=encoding, if_none_match='"zz"').status_code == 200
    tags = {get(static(BUNDLE), accept_encoding=each)["ETag"] for each in ("br", "gzip", "")}
    assert len(tags) == 3


def test_head_has_the_headers_of_get_and_a_range_is_of_the_plain_file():
    whole = get(static(BUNDLE), accept_encoding="br")
    head = Client().head(static(BUNDLE), HTTP_ACCEPT_ENCODING="br")
    assert (head.content, head["Content-Length"], head["ETag"]) == (b"", whole["Content-Length"], whole["ETag"])
    part = get(static(BUNDLE), accept_encoding="br", range="bytes=0-9")
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert body(part) == Path(finders.find(BUNDLE)).read_bytes()[:10]
    assert Client().post(static(BUNDLE)).status_code == 405


def test_a_file_is_compressed_once(tmp_path):
    file = tmp_path / "page.css"
    file.write_text("a {}" * 100)
    first = compressed(str(file), "br")
    file.unlink()
    assert brotli.decompress(compressed(str(file), "br")) == brotli.decompress(first) == b"a {}" * 100
    with pytest.raises(FileNotFoundError):
        compressed(str(tmp_path / "nothing"), "br")


def test_the_version_changes_with_a_file_its_name_and_nothing_else(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    (one / "api").mkdir(parents=True)
    (one / "api" / "page.css").write_text("a {}")
    shutil.copytree(one, other)
    first = static_version([one])
    assert static_version([other]) == first
    (other / "api" / "page.css").write_text("b {}")
    assert static_version([other]) != first
    (one / "api" / "page.css").rename(one / "api" / "site.css")
    assert static_version([one]) not in {first, static_version([other])}


def test_the_version_covers_every_folder_of_ours():
    folders = {str(folder) for folder in settings.STATIC_FOLDERS if folder.exists()}
    found = {str(path) for path in settings.BASE_DIR.glob("*/static")} | {
        str(settings.BASE_DIR / "config/local/static")
    }
    assert folders == found


def test_the_version_covers_every_package_that_brings_files():
    ours, found = [str(folder) for folder in settings.STATIC_FOLDERS], set()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            if not any(storage.path("").startswith(folder) for folder in ours):
                found.add(storage.path(path))
    brought = {str(file.locate()) for package in PACKAGES for file in metadata.files(package) or []}
    assert found and found <= brought
