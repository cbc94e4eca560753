"""The rehearsal of an upgrade: the last release serves and writes while this version migrates its database.

The release comes from its tag, else from its commit, with the packages of today. Nothing is fetched: where a checkout
has neither, as a shallow one, the tests are skipped and say so.
"""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from tests import database_server
from tests.test_upgrade import ROOT, but_for_drafts_that_become_public, lost, manage, rows_of
from tests.upgrade_traffic import Traffic, web_server

READ_LOG = "from notifications import fanout\nwhile fanout.read_changes(): pass"
ANOTHER_LAW = """
{"number": "77/2019/QH14", "type": "Luật", "title": "Luật Mẫu của lúc nâng cấp", "issuer": "Quốc hội",
 "issued": "2019-06-14", "effective": "2020-01-01", "preamble": ["QUỐC HỘI", "LUẬT", "MẪU"], "footer": [],
 "articles": [{"number": "1", "title": "Một", "path": [], "text": "1. Một.\\na) Một a;\\nb) Một b."}]}
"""
WHAT_BREAKS = "ALTER TABLE content_change RENAME COLUMN subject TO subject_of_tomorrow"  # a change that is no expansion


def said_by_git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split()


def last_release():
    """The newest tag v* that this commit descends from, else the newest commit «Release …»; None without either."""
    tags = said_by_git("tag", "--merged", "HEAD", "--sort=-version:refname", "--list", "v*")
    return next(iter(tags or said_by_git("log", "-1", "--format=%H", "--grep=^Release [0-9]")), None)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """(program of the last release, variables of its database, connection, folder), filled by that program."""
    if (release := last_release()) is None:
        pytest.skip("this checkout has no release: neither a tag v* nor a commit «Release …»")
    folder = tmp_path_factory.mktemp("upgrade")
    tree, archive = folder / "tree", folder / "tree.tar"
    tree.mkdir()
    subprocess.run(["git", "archive", "--output", archive, release], cwd=ROOT, check=True)
    subprocess.run(["tar", "-xf", archive, "-C", tree], check=True)
    name = f"under_load_{os.getpid()}"
    with database_server.connect() as main:
        main.execute(f"CREATE DATABASE {name}")
        address = database_server.addresses(name)
        with database_server.connect(name) as made:
            for command in (["migrate", "--verbosity", "0"], ["load_sample"]):
                manage(tree, address, folder / "home", *command)
            yield tree, address, made, folder
        main.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Rehearsal:
    """What an upgrade under load came to."""

    def __init__(self, home):
        self.tree, self.address, self.made, self.folder = home
        self.environment = os.environ | self.address | {"LUATMO_HOME": str(self.folder / "home")}

    def run(self):
        law = self.folder / "law.jsonl"
        law.write_text(ANOTHER_LAW.replace("\n", " "))
        self.before = rows_of(self.made)
        with web_server(self.tree, self.of(self.tree), self.folder / "old.log") as port:
            with Traffic(port) as self.old:
                self.old.once()
                before = len(self.old.calls)
                publishing = threading.Thread(target=self.publish, args=[law])
                publishing.start()
                manage(ROOT, self.address, self.folder / "home", "migrate", "--verbosity", "0")
                self.calls_meanwhile = len(self.old.calls) - before
                publishing.join()
                manage(self.tree, self.address, self.folder / "home", "shell", "-v0", "-c", READ_LOG)
                self.old.once()
            self.after = rows_of(self.made)
            self.serve_by_this_version()
            self.made.execute(WHAT_BREAKS)
            self.broken = Traffic(port)
            self.broken.once()
        return self

    def of(self, tree: Path):
        return self.environment | {"PYTHONPATH": str(tree)}

    def publish(self, law):
        manage(self.tree, self.address, self.folder / "home", "import_documents", law, "--publish", "--notify")
        self.has_published = True

    def serve_by_this_version(self):
        with web_server(ROOT, self.of(ROOT), self.folder / "new.log") as port:
            self.new = Traffic(port)
            for _ in range(3):
                self.new.once()
            for reader in self.old.readers:
                reader.base = f"http://127.0.0.1:{port}"
            self.forgotten = [reader for reader in self.old.readers if not reader.may_read_inbox()]


@pytest.fixture(scope="module")
def rehearsal(home):
    return Rehearsal(home).run()


def test_the_last_release_answers_every_read_and_write_while_this_version_migrates(rehearsal):
    assert rehearsal.old.faults == []
    assert rehearsal.calls_meanwhile > 10
    assert rehearsal.has_published


def test_every_row_of_before_is_kept(rehearsal):
    assert rehearsal.before["content_legaldocument"]
    assert lost(but_for_drafts_that_become_public(rehearsal.before), rehearsal.after) == []


def test_this_version_then_serves_and_knows_who_registered_at_the_last_release(rehearsal):
    assert rehearsal.new.faults == []
    assert rehearsal.old.readers and rehearsal.forgotten == []
    titles = [row["title"] for row in rehearsal.after["content_legaldocument"]]
    assert "Luật Mẫu của lúc nâng cấp" in titles


def test_a_migration_that_breaks_the_last_release_would_be_seen(rehearsal):
    assert [fault.call for fault in rehearsal.broken.faults if fault.answer.startswith("500")] != []
