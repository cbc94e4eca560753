"""Small or acceptable files that cost a web process much, uploaded and pasted by a signed-in editor.

Each shape goes to the page on which a document is drafted; what is taken is then saved as a draft. What the web
processes themselves used is compared with what they use at rest: seconds of CPU, and memory at the peak. A process
that reads for them and ends is counted apart. Faults, per shape: more than OWN_SECONDS of their own; more than
GROWTH_MEBIBYTES at the peak; more than READER_SECONDS in processes that read for them; no answer within
ANSWER_SECONDS; an answer of 500 and above.

How it could pass while the product fails, and what closes that:
- the editor is not signed in, or the form has other fields: an honest law, pasted and uploaded, becomes a revision;
- the file is refused for its name before anybody reads it: the honest law goes in as each kind of file of the attack;
- the work is measured in another process: the web processes are those that hold the port, and the honest law must
  have cost them, or a process that read for them, some CPU;
- memory that an earlier shape left behind hides the next peak: the peak is reset, and compared with what is used at
  that moment.
"""

import gzip
import html
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import requests

from attacks.target import StaffSession, require, target, used_by
from tests import files

OWN_SECONDS, READER_SECONDS, ANSWER_SECONDS = 2.0, 15.0, 20.0
GROWTH_MEBIBYTES = 200
FORM = "/staff/content/legaldocument/add/"
BLANK_LINES = 8_000_000
SPACES = 16_000
PAGES, LINES = 2_900, 5
LETTERS = "Chữ của trang này đủ dài để không bị coi là bản quét."
LAW = (
    "QUỐC HỘI\nLuật số: 9/2019/QH14\nLUẬT\nMẪU\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực\nTừ nay.\n"
)


@dataclass(frozen=True)
class Shape:
    """What an attacker sends: a file with its name, or a text to paste."""

    name: str
    file: str
    content: Callable[[], bytes]


def between_references() -> bytes:
    """Orders of an amending act with blanks between their references."""
    blanks, act = " " * SPACES, "Luật Đất đai số 31/2024/QH15"
    first = f"1. Sửa đổi khoản 1 Điều 2 của {act}{blanks}như sau:\n“1. B”\n"
    return f"LUẬT\nMẪU\nĐiều 1. A\n{first}2. Bãi bỏ khoản 2 Điều 3{blanks}{act}.\n".encode()


def wide_json(mebibytes: int = 16) -> bytes:
    """An object of many small objects: 29 times its size once it is read."""
    return b'{"a":[' + b",".join([b'{"":0}'] * (mebibytes * 2**20 // 7)) + b"]}"


def many_pages() -> bytes:
    page = [LETTERS] * LINES + [""] * (files.LINES_OF_A_PAGE - LINES)
    return files.a_pdf("\n".join(page * PAGES))


SHAPES = (
    Shape("blank lines", "a.jsonl.gz", lambda: gzip.compress(b"\n" * BLANK_LINES)),
    Shape("spaces between references, pasted", "", between_references),
    Shape("spaces between references, a file", "a.txt", between_references),
    Shape("2,900 pages", "a.pdf", many_pages),
    Shape("wide JSON", "a.json", wide_json),
    Shape("wide JSON Lines, zipped", "a.jsonl.gz", lambda: gzip.compress(wide_json(31) + b"\n")),
    Shape("wide JSON, pasted", "", lambda: wide_json(1)[:900_000] + b"]}"),
)


def run() -> tuple[int, str]:
    """(faults, what each shape cost)."""
    with target() as installation:
        editor, processes = installation.staff("editor"), installation.web_processes()
        _control(editor, processes)
        found = [_attacked(editor, processes, shape) for shape in SHAPES]
    return sum(faults for faults, _words in found), "; ".join(words for _faults, words in found)


def _control(editor: StaffSession, processes: list[psutil.Process]) -> None:
    """An honest law becomes a revision, in every kind of file that is attacked, and costs somebody something."""
    row: dict[str, object] = {"type": "Luật", "number": "9/2019/QH14", "title": "Luật Mẫu", "issued": "2019-06-14"}
    row["articles"] = [{"number": "1", "title": "Phạm vi", "text": "Luật này quy định về mẫu.", "path": []}]
    line = json.dumps(row).encode() + b"\n"
    honest = {
        "": LAW.encode(),
        "a.txt": LAW.encode(),
        "a.pdf": files.a_pdf(LAW),
        "a.jsonl": line,
        "a.jsonl.gz": gzip.compress(line),
    }
    with used_by(processes) as usage:
        for name, content in honest.items():
            answer = submit(editor, name, content)
            place = answer.headers.get("Location", "")
            require("/revisions/" in place, f"an honest law is not taken ({name or 'pasted'}): {said(answer)}")
        _status, words = _save_draft(editor, place, LAW.encode())
        require("/change/" in words, f"an honest law is not saved as a draft: {words}")
    require(usage.own_seconds + usage.child_seconds > 0.05, "the CPU of the web processes was not seen")
    refused = submit(editor, "a.json", b'{"a":[]}')
    require(refused.status_code == 200 and said(refused), "the page of a refused file does not say why")


def _attacked(editor: StaffSession, processes: list[psutil.Process], shape: Shape) -> tuple[int, str]:
    content = shape.content()
    began_at, outcome, status = time.monotonic(), "no answer", 0
    with used_by(processes) as usage:
        try:
            answer = submit(editor, shape.file, content)
            status, outcome = answer.status_code, answer.headers.get("Location") or said(answer)
            if status == 302:
                status, outcome = _save_draft(editor, outcome, b"" if shape.file else content)
        except requests.RequestException:
            _finish(processes)
    seconds = time.monotonic() - began_at
    require(status not in (403, 404, 405), f"{shape.name}: the form answered {status}")
    grown = usage.peak_mebibytes - usage.base_mebibytes
    faults = [
        usage.own_seconds > OWN_SECONDS,
        usage.child_seconds > READER_SECONDS,
        grown > GROWTH_MEBIBYTES,
        seconds > ANSWER_SECONDS or not status,
        status >= 500,
    ]
    return sum(faults), (
        f"{shape.name}, {len(content) // 1024} kB: {status} in {seconds:.1f} s, CPU {usage.own_seconds:.1f} s and "
        f"{usage.child_seconds:.1f} s in readers, +{grown:.0f} MiB, «{outcome[:80]}»"
    )


def _save_draft(editor: StaffSession, revision: str, text: bytes) -> tuple[int, str]:
    """Open the page of the revision, which shows what was read, and press «Save as a draft»."""
    fields = {"doc_type": "law", "title": "Luật Mẫu", "issued_on": "14/06/2019", "save_draft": "1"}
    fields |= {"number": f"{secrets.randbelow(9000) + 1000}/2019/QH14", "text": text.decode()}
    answer = editor.submit(revision, fields, {"file": ("", b"")})
    return answer.status_code, answer.headers.get("Location") or said(answer)


def _finish(processes: list[psutil.Process]) -> None:
    """Wait until the web processes are idle again, so that the next shape is measured alone."""
    for _ in range(120):
        before = sum(process.cpu_times().user for process in processes)
        time.sleep(1)
        if sum(process.cpu_times().user for process in processes) - before < 0.2:
            return


def submit(editor: StaffSession, name: str, content: bytes) -> requests.Response:
    """Paste the text, or upload it under this name."""
    if name:
        return editor.submit(FORM, {"text": ""}, {"file": (name, content)})
    return editor.submit(FORM, {"text": content.decode()}, {"file": ("", b"")})


def said(answer: requests.Response) -> str:
    """The errors that the page of a form shows."""
    lists = re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', answer.text, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", " ".join(lists))).strip() or f"status {answer.status_code}"
