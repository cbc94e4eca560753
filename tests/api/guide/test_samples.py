"""Every sample of the guide works as it is shown: run against a server, or read by the grammar of its language.

The samples of a page in one language build on each other and run as one program.
"""

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tree_sitter_dart
import tree_sitter_kotlin
import tree_sitter_swift
from django.core.management import call_command
from tree_sitter import Language, Parser

from api.guide import pages
from tests.builders import a_document, land

GRAMMARS = {".dart": tree_sitter_dart, ".kt": tree_sitter_kotlin, ".swift": tree_sitter_swift}
RUNNERS = {
    ".sh": ["bash", "-euo", "pipefail"],
    ".py": [sys.executable, "-X", "utf8"],
    ".mjs": ["node"],
}
SAMPLES = pages.FOLDER / "samples"
ARTICLES = "\n".join(
    f"Điều {number}. Điều mẫu {number}\n1. Một.\n2. Hai, gồm:\na) Thứ nhất;\nb) Thứ hai." for number in range(1, 17)
)
LAND_LAW = f"QUỐC HỘI\n\nLUẬT\nĐẤT ĐAI MẪU\n\nChương I\nQUY ĐỊNH CHUNG\n{ARTICLES}\n"


def programs():
    """(page and suffix, names of its samples) of each page and language of which the tests run the code."""
    for slug in pages.SLUGS:
        names = pages.page(slug, "en").samples
        for suffix in RUNNERS:
            if mine := [name for name in names if name.endswith(suffix)]:
                yield f"{slug}{suffix}", mine


@pytest.fixture(params=["local", "production"])
def server(request, live_server, settings, fcm):
    """A live server whose address the samples name, with the law they read: in local mode that of the first start."""
    settings.PUBLIC_URL, settings.FCM_PORT = live_server.url, fcm.port
    if request.param == "local":
        call_command("load_sample")
        return live_server
    settings.LOCAL = False
    a_document(
        "31/2024/QH15",
        topics=[land()],
        title="Luật Đất đai mẫu",
        text=LAND_LAW,
        issued_on=datetime.date(2024, 1, 18),
        effective_on=datetime.date(2024, 8, 1),
    )
    return live_server


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_samples_of_each_page_run(server, tmp_path):
    """One server for all: to make the sample law anew for each took longer than to run them."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("proxy")}
    failed = []
    for title, names in programs():
        suffix = Path(names[0]).suffix
        if not shutil.which(RUNNERS[suffix][0]):
            continue
        program = tmp_path / title
        program.write_text("\n".join(pages.sample_source(name) for name in names), encoding="utf-8")
        done = subprocess.run(
            [*RUNNERS[suffix], str(program)], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            failed.append(f"{title}: {done.stdout}{done.stderr}")
    assert not failed, "\n".join(failed)


def faults(source, suffix):
    """The lines that the grammar does not understand."""
    tree = Parser(Language(GRAMMARS[suffix].language())).parse(source.encode())
    waiting, found = [tree.root_node], []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(node.start_point[0] + 1)
        waiting += node.children
    return found


@pytest.mark.parametrize("name", [file.name for file in sorted(SAMPLES.iterdir()) if file.suffix in GRAMMARS])
def test_samples_of_other_languages_follow_the_grammar(name):
    source = pages.sample_source(name)
    assert faults(source, Path(name).suffix) == []
    broken = source.replace("(", "", 1)
    assert faults(broken, Path(name).suffix) != []  # the grammar would tell


@pytest.mark.skipif(not shutil.which("node"), reason="no node on PATH")
def test_samples_that_need_a_phone_are_read_by_node():
    for name in (file for file in SAMPLES.iterdir() if file.suffix == ".js"):
        done = subprocess.run(
            ["node", "--input-type=module", "--check"], input=name.read_text(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_each_kind_of_sample_is_run_or_read():
    compiled = {".ts"}  # by bench/clients/run.py, with types made from the contract
    kinds = {*RUNNERS, *GRAMMARS, ".js", *compiled}
    assert {file.suffix for file in SAMPLES.iterdir()} == kinds == {*pages.SAMPLE_LANGUAGES}
    assert {suffix for suffix, (_name, known) in pages.SAMPLE_LANGUAGES.items() if known is pages.RUN} == {*RUNNERS}


STARTERS = pages.FOLDER.parents[1] / "docs" / "starters"


@pytest.mark.parametrize("file", sorted((STARTERS / "flutter" / "lib").iterdir()), ids=lambda file: file.name)
def test_the_flutter_starter_follows_the_grammar_and_says_what_was_not_tried(file):
    source = file.read_text(encoding="utf-8")
    assert faults(source, ".dart") == []
    assert source.startswith("// The grammar of this file is checked (tree-sitter); it was never compiled or run")
