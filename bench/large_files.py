"""A video of 500 MB goes up and down: does the memory of the web server stay flat?

    .venv/bin/python bench/large_files.py [--megabytes 500]         needs curl; with nginx it goes through the sample

`manage.py web` (granian) with one process and the nginx of deploy/nginx in front, over a throw-away database. Somebody
signs in, uploads a small video and then the large one on the page of files, and a second person publishes it. curl
reads it whole at a limited rate, in a range, and in two halves of which the second resumes the first; then once more
without nginx, slower than the disk: a server that buffers for its reader would show it.

Memory is the resident set (RSS) of the web process, read 20 times a second: the highest in each phase, less the highest
after the small video.

How it could pass while the product fails, and what closes that:
- nothing is uploaded: the stored file must have the hash of what was sent, and what curl reads must have it too;
- the limits refuse it: the upload must end with the page that says that the file was stored;
- a reader as fast as the disk hides a buffer: the reads are limited to RATE.

Last line: `large_files: size=… upload=+… download=+… direct=+… through=…` in MiB; exit 1 outside GROWTH.
"""

import argparse
import contextlib
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import throwaway

os.environ.setdefault("PUBLIC_URL", "http://127.0.0.1:8000")
throwaway.start()

import psutil
import requests

from content.media import queries
from content.media import services as media
from content.media.models import Material
from content.people import services as people
from tests.builders import land
from tests.builders_media import CAPTIONS, a_publisher, box, stsd
from tests.journeys.installation import eventually, free_port
from tests.nginx import NGINX, accepts, nginx_before

GROWTH = 40  # MiB
RATE = "60M"  # bytes a second that a reader takes
MIB = 2**20
PAUSE = 0.05
START_SECONDS = 240  # until the bench gives up on a busy machine


class Watch:
    """The highest resident set of a process since the last look, in MiB."""

    def __init__(self, pid):
        self._process, self._peak, self._is_over = psutil.Process(pid), 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        while not self._is_over.wait(PAUSE):
            with contextlib.suppress(psutil.NoSuchProcess):
                self._peak = max(self._peak, self._process.memory_info().rss)

    def take(self):
        time.sleep(4 * PAUSE)
        peak, self._peak = self._peak, 0
        return peak / MIB

    def stop(self):
        self._is_over.set()
        self._thread.join()


def make_video(path, megabytes):
    """An MP4 of that size with the boxes that name H.264 and AAC. Its picture is noise. Returns its hash."""
    names = ((b"vide", b"avc1"), (b"soun", b"mp4a"))
    tracks = b"".join(
        box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + kind + bytes(12)), box(b"minf", box(b"stbl", stsd(name)))))
        for kind, name in names
    )
    head, tail = box(b"ftyp", b"isom" + bytes(4)), box(b"moov", tracks)
    noise = megabytes * MIB - len(head) - len(tail) - 8
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for piece in pieces(head, noise, tail):
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def pieces(head, noise, tail):
    yield head + (noise + 8).to_bytes(4, "big") + b"mdat"
    while noise > 0:
        yield os.urandom(min(noise, MIB))
        noise -= MIB
    yield tail


@contextlib.contextmanager
def web_server(home):
    """(port of the server, id of its only web process)."""
    port = free_port()
    mine = {
        "PORT": str(port), "HEALTH_PORT": str(free_port()), "WEB_PROCESSES": "1", "LUATMO_HOME": str(home),
        "TRUSTED_PROXIES": "127.0.0.1", "END_WITH_PARENT": str(os.getpid()), "UPLOADS_FOLDER": str(home / "uploads"),
        "MEDIA_FOLDER": str(home / "media"),
    }  # fmt: skip
    (home / "uploads").mkdir()
    command = [sys.executable, "manage.py", "web"]
    with open(home / "web.log", "wb") as log:
        process = subprocess.Popen(command, cwd=throwaway.ROOT, env=os.environ | mine, stdout=log, stderr=log)
    try:
        eventually(lambda: accepts(port), seconds=START_SECONDS)
        yield port, eventually(lambda: web_process(process.pid))
    finally:
        process.terminate()
        process.wait(30)


def web_process(pid):
    """The child that answers requests: the one with most memory."""
    children = psutil.Process(pid).children()
    return max(children, key=lambda child: child.memory_info().rss).pid if children else None


@contextlib.contextmanager
def front_of(home, port):
    """The port of nginx in front of the server; that of the server where there is no nginx."""
    if NGINX is None:
        yield port
        return
    (home / "nginx").mkdir()
    with nginx_before(home / "nginx", port) as front:
        yield front


class Editor:
    """Somebody who is signed in to the staff site, and uploads with curl."""

    def __init__(self, base, home, username, password):
        self.base, self.jar = base, home / "cookies"
        self.session = requests.Session()
        self.session.trust_env = False
        page = self.session.get(f"{base}/staff/login/", timeout=60)
        form = {"username": username, "password": password, "csrfmiddlewaretoken": token_of(page.text)}
        answer = self.session.post(f"{base}/staff/login/", form, headers={"Referer": base}, timeout=60)
        assert answer.ok and "id_password" not in answer.text, "nobody could sign in"

    def upload(self, material, path):
        """Upload the main file of a material as its page does."""
        address = f"{self.base}/staff/content/material/{material.pk}/files/"
        page = self.session.get(address, timeout=60)
        fields = {
            "csrfmiddlewaretoken": token_of(page.text), "role": "main", "language": "", "alt_text": "",
            "seen": queries.material_fingerprint(Material.objects.get(pk=material.pk)),
        }  # fmt: skip
        cookies = "; ".join(f"{each.name}={each.value}" for each in self.session.cookies)
        forms = [part for name, value in fields.items() for part in ("-F", f"{name}={value}")]
        said = curl(
            "-b", cookies, "-e", address, *forms, "-F", f"file=@{path};type=video/mp4", "-w", "%{http_code}", address
        )
        assert said.strip().endswith("302"), said[-500:]


def token_of(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def curl(*arguments):
    command = ["curl", "-sS", "--noproxy", "*", "--max-time", "600", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def hash_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_whole_and_in_parts(address, target, size):
    """Read a file whole, a range of it, and two halves, the second resumed. Returns the hashes of the whole files."""
    curl("--limit-rate", RATE, "-o", target, address)
    whole = hash_of(target)
    first, last = size // 3, size // 3 + 10 * MIB
    curl("-r", f"{first}-{last}", "-o", f"{target}.part", address)
    with open(target, "rb") as file:
        file.seek(first)
        assert file.read(last - first + 1) == Path(f"{target}.part").read_bytes(), "a range has other bytes"
    curl("-r", f"0-{size // 2}", "-o", target, address)
    curl("-C", "-", "-o", target, address)
    return whole, hash_of(target)


def main(megabytes):
    home = Path(tempfile.mkdtemp(prefix="luatmo-bench-files-"))
    home.chmod(0o711)
    os.environ["MEDIA_FOLDER"] = str(home / "media")
    _account, password = people.create_account("lan", roles=["editor"], first_name="Lan")
    small, large = home / "small.mp4", home / "large.mp4"
    make_video(small, 3)
    sent = make_video(large, megabytes)
    with web_server(home) as (port, pid), front_of(home, port) as front:
        watch = Watch(pid)
        editor = Editor(f"http://127.0.0.1:{front}", home, "lan", password)
        editor.upload(a_video_draft(_account), small)
        level = watch.take()
        material = a_video_draft(_account)
        editor.upload(material, large)
        upload = watch.take() - level
        stored = publish(material)
        address = f"/api/v1/files/{stored.sha256}/video.mp4"
        found = read_whole_and_in_parts(f"http://127.0.0.1:{front}{address}", home / "read", stored.size)
        download = watch.take() - level
        curl("--limit-rate", RATE, "-o", home / "direct", f"http://127.0.0.1:{port}{address}")
        direct = watch.take() - level
        watch.stop()
    is_same = {stored.sha256, *found, hash_of(home / "direct")} == {sent}
    print(f"level={level:.0f} same bytes: {is_same}")
    through = "granian" if front == port else "nginx"
    print(
        f"large_files: size={stored.size / MIB:.0f} upload={upload:+.0f} download={download:+.0f} direct={direct:+.0f} "
        f"through={through}"
    )
    return 0 if is_same and max(upload, download, direct) <= GROWTH else 1


def a_video_draft(author):
    return media.write_material(
        kind="video", by=author, title="Phim thử", summary="Tiếng ồn.", licence="CC-BY-4.0", topics=[land()]
    )


def publish(material):
    """The stored file of the material, which is public now."""
    material.refresh_from_db()
    author = material.written_by
    media.add_file(material, "captions", [CAPTIONS], by=author)
    media.submit_material(material, by=author)
    media.publish_material(material, by=a_publisher(), notify=False)
    return material.files.get(role="main").stored


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--megabytes", type=int, default=500)
    sys.exit(main(options.parse_args().megabytes))
