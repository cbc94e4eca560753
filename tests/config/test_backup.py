"""A backup is restored elsewhere and serves; one that is not as it was written is refused, and nothing changes."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from api.v1.sync import bulk_export
from config.backup.manifest import describe_file
from content.changes.models import Change
from content.media import services as media
from content.seals import keys
from content.stored_files import storage
from tests import database_server
from tests.builders import a_document
from tests.builders_media import a_material, a_picture, a_publisher
from tests.journeys.installation import eventually

ROOT = Path(__file__).resolve().parents[2]
SERVED = """
import json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from django.test import Client
ask = lambda path: Client(headers={"host": "127.0.0.1"}).get(path).json()
document, exports = ask("/api/v1/documents?number=7/2019/QH14"), ask("/api/v1/exports")
titles, names = ([each[name] for each in found["results"]] for found, name in ((document, "title"), (exports, "key")))
print(json.dumps([titles[0], names, ask("/.well-known/jwks.json")]))
"""

SCRATCH_DATABASES = "SELECT count(*) FROM pg_database WHERE datname ~ '^luatmo_verify_[0-9a-f]{8}$'"
RESTORE_EACH = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from django.core.management import CommandError, call_command
told = []
for folder in sys.argv[1:]:
    try:
        told.append(call_command("restore", folder) or "restored")
    except CommandError as refusal:
        told.append(str(refusal))
print(json.dumps(told))
"""


@pytest.fixture
def server():
    """Connects to a database of the server of the tests: `server(name)`."""
    return database_server.connect


@pytest.fixture
def elsewhere(server, tmp_path):
    """Another installation: an empty database and an empty home. Runs commands there."""
    name = f"elsewhere_{os.getpid()}"
    with server() as postgres:
        postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield Elsewhere(name, tmp_path / "elsewhere")
    with server() as postgres:
        postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Elsewhere:
    def __init__(self, name, home):
        self.name, self.home = name, home
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        self.environment = kept | {"LUATMO_HOME": str(home)} | database_server.addresses(name)

    def run(self, *command):
        """(exit code, what was said) of a command of Python."""
        pipes = {"capture_output": True, "text": True, "check": False}
        done = subprocess.run([sys.executable, *map(str, command)], cwd=ROOT, env=self.environment, **pipes)
        return done.returncode, done.stdout + done.stderr

    def restore(self, *arguments):
        return self.run("manage.py", "restore", *arguments)


@pytest.fixture
def world(committed, settings, tmp_path):
    """An installation with a law, an export and a key."""
    settings.EXPORTS_FOLDER = str(tmp_path / "exports")
    settings.SEAL_KEYS_LOCAL_FILE = str(tmp_path / "seal_keys.pem")
    a_document("7/2019/QH14", title="Luật Mẫu")
    bulk_export.write_bulk_export()
    return tmp_path


def backup(target, **options):
    call_command("backup", target, **options)
    return json.loads((target / "manifest.json").read_text())


def counts(database):
    """{table: rows}, and the newest change."""
    tables = [name for (name,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    rows = {name: database.execute(f'SELECT count(*) FROM public."{name}"').fetchone()[0] for name in tables}
    return rows, database.execute("SELECT max(id) FROM content_change").fetchone()[0]


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_untouched(server, elsewhere):
    """Whether the other installation has no table and no file yet."""
    with server(elsewhere.name) as database:
        tables = database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()[0]
    return tables == 0 and (
        not elsewhere.home.exists() or {path.name for path in elsewhere.home.iterdir()} <= {"secret_key"}
    )


def scratch_databases(server):
    with server() as postgres:
        return postgres.execute(SCRATCH_DATABASES).fetchone()[0]


def test_a_backup_is_restored_into_another_folder_and_database_and_serves(world, server, elsewhere):
    manifest = backup(world / "backup")
    with server(connection.settings_dict["NAME"]) as database:
        rows, head = counts(database)
    assert (manifest["rows"], manifest["change_log_head"]) == (rows, head)
    assert head == Change.objects.latest("pk").pk
    assert scratch_databases(server) == 0
    code, said = elsewhere.restore(world / "backup")
    assert code == 0, said
    with server(elsewhere.name) as database:
        assert counts(database) == (rows, head)
        analysed = database.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'public.content_legaldocument'::regclass"
        ).fetchone()
    assert analysed == (1,)  # the planner knows how large the tables are
    assert files_of(elsewhere.home / "exports") == files_of(world / "exports") != {}
    key = elsewhere.home / "seal_keys.pem"
    assert (key.read_text(), key.stat().st_mode & 0o077) == (keys.current_text(), 0)
    code, said = elsewhere.run("-c", SERVED)
    assert code == 0, said
    title, exported, jwks = json.loads(next(line for line in said.splitlines() if line.startswith("[")))
    assert (title, exported) == ("Luật Mẫu", [path.name for path in (world / "exports").iterdir()])
    assert [each["kid"] for each in jwks["keys"]] == list(keys.current_keys().public)


def test_files_that_rows_refer_to_are_restored_too(world, server, elsewhere, settings):
    materials = world / "materials"
    (materials / "2026").mkdir(parents=True)
    (materials / "2026" / "leaflet.pdf").write_bytes(b"%PDF")
    settings.BACKUP_FOLDERS = {"materials": str(materials)}
    backup(world / "backup")
    there = elsewhere.home / "materials"
    restore = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; import django; django.setup()\n"
        "from django.conf import settings; from django.core.management import call_command\n"
        f"settings.BACKUP_FOLDERS = {{'materials': {str(there)!r}}}; call_command('restore', {str(world / 'backup')!r})"
    )
    code, said = elsewhere.run("-c", restore)
    assert (code, files_of(there)) == (0, {"2026/leaflet.pdf": b"%PDF"}), said


@pytest.fixture
def packed_media(world, settings, media_folder):
    """A public material whose files the backup packs."""
    settings.BACKUP_FOLDERS = {"media": str(media_folder)}
    return a_material("infographic", title="Vườn chung")


def test_a_backup_is_verified_with_the_files_that_its_rows_use(packed_media, world, media_folder):
    backup(world / "backup")
    with tarfile.open(world / "backup" / "media.tar") as tar:
        packed = set(tar.getnames())
    assert {storage.path_of(each.stored.sha256) for each in packed_media.files.all()} <= packed


def lose(stored, folder):
    (folder / storage.path_of(stored.sha256)).unlink()


def spoil(stored, folder):
    (folder / storage.path_of(stored.sha256)).write_bytes(b"x" * stored.size)


@pytest.mark.parametrize("harm", [lose, spoil])
def test_a_backup_without_a_file_that_rows_use_is_refused(packed_media, world, media_folder, harm):
    stored = packed_media.files.get(role="main").stored
    path, before = media_folder / storage.path_of(stored.sha256), storage.open_file(stored.sha256).read()
    harm(stored, media_folder)
    try:
        with pytest.raises(CommandError, match=stored.sha256):
            backup(world / "backup")
        assert not (world / "backup").exists()
    finally:
        path.write_bytes(before)


def test_a_smaller_picture_that_is_lost_is_noticed_too(packed_media, world, media_folder):
    drawn = media.add_file(packed_media, "poster", [a_picture(1200, 800)], alt_text="Tranh", by=a_publisher(),
                           reason="Thêm bìa").stored.renditions.first().stored  # fmt: skip
    lose(drawn, media_folder)
    with pytest.raises(CommandError, match=drawn.sha256):
        backup(world / "backup")


def test_a_backup_whose_folder_of_files_is_another_one_is_refused(packed_media, world, settings):
    (world / "empty").mkdir()
    settings.BACKUP_FOLDERS = {"media": str(world / "empty")}
    with pytest.raises(CommandError, match="empty"):
        backup(world / "backup")


def test_a_backup_that_leaves_files_in_a_bucket_is_restored_only_where_the_bucket_is_the_same(world, server, elsewhere):
    backup(world / "backup")
    rewritten(world / "backup", bucket="luatmo-media")
    code, said = elsewhere.restore(world / "backup")
    assert (code, "MEDIA_BUCKET=luatmo-media" in said) == (1, True), said
    assert is_untouched(server, elsewhere)


def test_a_new_change_gets_an_id_after_the_restored_ones(world, server, elsewhere):
    backup(world / "backup")
    elsewhere.restore(world / "backup")
    with server(elsewhere.name) as database:
        (head,) = database.execute("SELECT max(id) FROM content_change").fetchone()
        (given,) = database.execute("SELECT nextval(pg_get_serial_sequence('content_change', 'id'))").fetchone()
    assert given > head


def test_an_encrypted_backup_shows_nothing_and_is_restored_with_its_passphrase(world, server, elsewhere):
    passphrase = world / "passphrase"
    passphrase.write_text("bốn từ rất dễ nhớ\n")
    backup(world / "backup", passphrase_file=passphrase)
    for name, content in files_of(world / "backup").items():
        assert name.startswith("manifest") or content.startswith(b"Salted__"), name
    wrong = world / "wrong"
    wrong.write_text("năm từ cũng dễ nhớ\n")
    for arguments in ([], ["--passphrase-file", wrong], ["--passphrase-file", world / "nowhere"]):
        code, said = elsewhere.restore(world / "backup", *arguments)
        assert (code, len(said.splitlines())) == (1, 1), said
    assert is_untouched(server, elsewhere)
    code, said = elsewhere.restore(world / "backup", "--passphrase-file", passphrase)
    assert code == 0, said
    assert (elsewhere.home / "seal_keys.pem").read_text() == keys.current_text()


def rewritten(folder, **columns):
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | columns))


def cut(folder, name):
    with open(folder / name, "r+b") as file:
        file.truncate(file.seek(0, 2) // 2)


def cut_and_described(folder):
    """A dump that was cut before its checksum was made."""
    cut(folder, "database.dump")
    files = json.loads((folder / "manifest.json").read_text())["files"]
    found = describe_file(folder / "database.dump", lambda count: None)
    rewritten(folder, files=[each if each["name"] != found.name else vars(found) for each in files])


def with_rows(folder, **more):
    rows = json.loads((folder / "manifest.json").read_text())["rows"]
    rewritten(folder, rows={table: count + more.get(table, 0) for table, count in rows.items()})


def without_newest_migration(folder):
    newest = "content." + (ROOT / "content/migrations/max_migration.txt").read_text().strip()
    applied = json.loads((folder / "manifest.json").read_text())["migrations"]
    rewritten(folder, migrations=[each for each in applied if each != newest])


def with_later_migration(folder):
    applied = json.loads((folder / "manifest.json").read_text())["migrations"]
    rewritten(folder, migrations=[*applied, "content.9999_from_tomorrow"])


BROKEN = {
    "a dump that was cut": (lambda folder: cut(folder, "database.dump"), "database.dump"),
    "exports that were cut": (lambda folder: cut(folder, "exports.tar"), "exports.tar"),
    "a dump that was cut before it was described": (cut_and_described, "không khôi phục được"),
    "a file that is missing": (lambda folder: (folder / "seal_keys.pem").unlink(), "seal_keys.pem"),
    "a file that is not listed": (lambda folder: rewritten(folder, files=[]), "manifest.json"),
    "a name that leads out": (
        lambda folder: rewritten(folder, files=[{"name": "../x", "size": 1, "sha256": ""}]), "manifest.json"),
    "another head of the change log": (lambda folder: rewritten(folder, change_log_head=1), "newest change"),
    "another number of rows": (lambda folder: with_rows(folder, content_reader=1), "content_reader"),
    "half a manifest": (lambda folder: cut(folder, "manifest.json"), "manifest.json"),
    "a manifest of something else": (lambda folder: (folder / "manifest.json").write_text("[1]"), "manifest.json"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json"),
    "an older version": (without_newest_migration, "cũ hơn"),
    "a newer version": (with_later_migration, "9999_from_tomorrow"),
    "another format": (lambda folder: rewritten(folder, format=2), "2"),
}  # fmt: skip


def test_a_backup_that_is_not_as_it_was_written_is_refused_and_nothing_changes(world, server, elsewhere):
    """In one test and one process: the backup is made once, and each fault is made in a copy."""
    backup(world / "whole")
    folders = [world / f"broken{number}" for number in range(len(BROKEN))]
    for folder, (damage, _words) in zip(folders, BROKEN.values(), strict=True):
        shutil.copytree(world / "whole", folder)
        damage(folder)
    code, said = elsewhere.run("-c", RESTORE_EACH, *folders)
    assert code == 0, said
    told = json.loads(next(line for line in said.splitlines() if line.startswith("[")))
    missing = {
        fault: refusal
        for (fault, (_damage, words)), refusal in zip(BROKEN.items(), told, strict=True)
        if words not in refusal or "\n" in refusal
    }
    assert missing == {}
    assert is_untouched(server, elsewhere)
    assert elsewhere.restore(world / "whole")[0] == 0  # the same place takes the whole one


def test_what_is_filled_is_never_overwritten(world, server, elsewhere):
    backup(world / "backup")
    with server(elsewhere.name) as database:
        database.execute("CREATE TABLE of_somebody (id int)")
    code, said = elsewhere.restore(world / "backup")
    assert (code, "DATABASE_URL" in said) == (1, True), said
    with server(elsewhere.name) as database:
        database.execute("DROP TABLE of_somebody")
    exports = elsewhere.home / "exports"
    exports.mkdir()
    (exports / "mine").write_text("x")
    code, said = elsewhere.restore(world / "backup")
    assert (code, str(exports) in said, files_of(exports)) == (1, True, {"mine": b"x"}), said
    (exports / "mine").unlink()
    (elsewhere.home / "seal_keys.pem").write_text(keys.new_key())
    code, said = elsewhere.restore(world / "backup")
    assert (code, "seal_keys.pem" in said) == (1, True), said
    with server(elsewhere.name) as database:
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_backup_overwrites_nothing_and_leaves_no_half_of_one(world, server):
    taken = world / "taken"
    taken.mkdir()
    (taken / "mine").write_text("x")
    with pytest.raises(CommandError, match="taken"):
        backup(taken)
    (world / "short").write_text("ngắn\n")
    with pytest.raises(CommandError, match="short"):
        backup(world / "backup", passphrase_file=world / "short")
    assert (files_of(taken), sorted(path.name for path in world.glob("backup*"))) == ({"mine": b"x"}, [])
    assert scratch_databases(server) == 0


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_disk_that_fills_up_is_said_and_leaves_no_half_backup(world, server, is_encrypted):
    """A limit on the size of a file acts as a full disk does; the dump is larger."""
    passphrase = world / "passphrase"
    passphrase.write_text("bốn từ rất dễ nhớ\n")
    command = [sys.executable, "manage.py", "backup", world / "backup"]
    done = subprocess.run(
        [*command, "--passphrase-file", passphrase] if is_encrypted else command,
        cwd=ROOT,
        env=os.environ | {"LUATMO_HOME": str(world / "home")} | database_server.addresses(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "database.dump" in done.stderr, "Traceback" in done.stderr) == (1, True, False), (
        done.stderr
    )
    assert (sorted(world.glob("backup*")), scratch_databases(server)) == ([], 0)


def test_a_backup_that_is_told_to_end_leaves_nothing_behind(world, server):
    """As `systemctl stop` ends one. It is ended while it is being verified."""
    command = [sys.executable, "manage.py", "backup", world / "backup"]
    environment = os.environ | {"LUATMO_HOME": str(world / "home")} | database_server.addresses()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as running:
        eventually(lambda: any(world.glob("backup.*.half/manifest.json")) and scratch_databases(server), seconds=60)
        running.terminate()
        said = running.communicate()[1]
    assert (running.returncode, "Traceback" in said) == (128 + signal.SIGTERM, False), said
    assert sorted(world.glob("backup*")) == []
    eventually(lambda: not scratch_databases(server))  # tests of other files have some of their own


def test_what_a_killed_restore_left_is_named(world, server, elsewhere):
    backup(world / "backup")
    left = elsewhere.home / "exports" / ".0123abcd.half"
    left.mkdir(parents=True)
    code, said = elsewhere.restore(world / "backup")
    assert (code, f"{left}. Hãy xóa nó" in said) == (1, True), said
    left.rmdir()
    assert elsewhere.restore(world / "backup")[0] == 0


def test_production_is_told_where_its_keys_are(world, server, elsewhere):
    backup(world / "backup")
    elsewhere.environment |= {
        "LUATMO_MODE": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "luatmo.example",
        "PUBLIC_URL": "https://luatmo.example", "FIREBASE_CREDENTIALS_FILE": "/run/secrets/firebase.json",
        "SECURITY_CONTACTS": "mailto:an-ninh@luatmo.example",
    }  # fmt: skip
    code, said = elsewhere.restore(world / "backup")
    written = elsewhere.home / "restored_seal_keys.pem"
    assert (code, str(written) in said, "SEAL_KEYS_FILE" in said) == (0, True, True), said
    assert written.read_text() == Path(settings.SEAL_KEYS_LOCAL_FILE).read_text()
