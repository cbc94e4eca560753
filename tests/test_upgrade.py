"""Rehearsals of upgrades: a database that an earlier version made keeps every row, and this version reads it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import database_server
from tests.renamed_tables import RENAMED_TABLES

ROOT = Path(__file__).resolve().parents[1]
BEFORE_RENAMES = [
    ("content", "0113_vectors_go_with_their_passages"),
    ("notifications", "0041_every_kind_includes_events"),
]
RENAMED_COLUMNS = {
    "content_change": {"kind": "event_type", "change_kind": "nature"},
    "content_event": {
        "is_specimen": "is_sample", "time_told_at": "time_announced_at", "reminded_day_for": "day_reminder_sent_for",
        "reminded_hour_for": "hour_reminder_sent_for", "came": "checked_in_count",
        "forgotten_at": "registrations_erased_at",
    },
    "content_legaldocument": {"state": "status", "is_specimen": "is_sample"},
    "content_organisation": {"valid_to": "valid_until"},
    "content_province": {"valid_to": "valid_until"},
    "content_questiontransitionlog": {"move": "transition"},
    "content_registration": {"state": "status"},
    "content_processedday": {"turned_at": "processed_at"},
    "content_statusevent": {"turned_at": "recorded_at"},
    "content_changecursor": {"reader": "consumer"},
    "notifications_delivery": {"state": "status"},
    "notifications_fcmsubscription": {"wire_topic": "fcm_topic"},
    "notifications_notification": {"wire_topics": "fcm_topics"},
}  # fmt: skip
FILLED_BY_DJANGO = {"auth_permission", "django_content_type", "django_migrations"}
READER, AT = "11111111-2222-4333-8444-555555555555", "2026-11-20T08:00:00+07:00"
CHANGE = {"subject": "luat-1", "eids": [], "topics": ["11-dat-dai"], "organisation": "", "hash_before": "",
          "hash_after": "", "notify": True, "changed_at": AT}  # fmt: skip
OLD_ROWS = [  # what a home of 25 November held: each table of which a name changed has a row
    ("content_user", {"id": 1, "password": "!", "is_superuser": False, "username": "lan", "first_name": "Lan",
                      "last_name": "", "email": "", "is_staff": True, "is_active": True, "date_joined": AT}),
    ("content_reader", {"id": READER, "created_at": AT}),
    ("content_legaldocument", {
        "id": 1, "key": "luat-1", "number": "1/2020/QH14", "number_key": "1/2020/qh14", "doc_type": "law",
        "title": "Luật Mẫu", "signer": "", "gazette_number": "", "source": "", "source_url": "", "content_hash": "",
        "warnings": [], "state": "published", "published_at": AT, "created_at": AT, "updated_at": AT,
        "search_key": "luat mau", "is_specimen": False}),
    ("content_statusevent", {"id": 1, "kind": "effect", "scope": "whole", "on": "2021-01-01", "stated_on": "2020-11-01",
                             "eids": [], "cause": "", "document_id": 1, "turned_at": AT}),
    ("content_change", {"id": 1, "kind": "document.published", "change_kind": "legal",
                        "facts": {"is_specimen": True, "title": "Luật Mẫu"}, **CHANGE}),
    ("content_change", {"id": 2, "kind": "question.returned", "change_kind": "editorial", "facts": {},
                        "reader_id": READER, **CHANGE}),
    ("content_auditrow", {"id": 1, "action": "document.published", "subject": "luat-1", "at": AT, "reason": "đã đọc",
                          "facts": {}, "by_id": 1}),
    ("content_manuscript", {"id": 1, "text": "Điều 1. Một", "columns": {"title": "Luật Mẫu"}, "file_name": "",
                            "file_type": "", "reason": "", "notify": False, "created_at": AT, "by_id": 1}),
    ("content_question", {
        "id": 1, "key": "hoi-2345678923", "source": "", "title": "Hỏi", "text": "Của tôi", "public_title": "",
        "public_text": "", "search_key": "", "consent_to_publish": True, "status": "screening", "resolution": "",
        "asked_at": AT, "reader_id": READER}),
    ("content_questionmove", {"id": 1, "move": "screen", "from_status": "submitted", "to_status": "screening",
                              "reason": "", "at": AT, "by_id": 1, "question_id": 1}),
    ("content_turn", {"id": 1, "day": "2026-11-20", "turned_at": AT}),
    ("notifications_bookmark", {"id": 1, "reader": "push", "last_change": 2}),
    ("notifications_device", {
        "id": 1, "installation_key": "k", "secret_hash": "h", "registration_id": "r", "id_kind": "token",
        "platform": "android", "app_version": "1", "language": "vi", "registered_at": AT, "last_seen_at": AT,
        "reader_id": READER}),
    ("notifications_wiresubscription", {"id": 1, "wire_topic": "local.t.11.vi", "desired": True, "attempts": 0,
                                        "next_try_at": AT, "error": "", "device_id": 1}),
    ("notifications_notification", {"id": 1, "dedupe_key": "n1", "kind": "moi", "wire_topics": ["local.t.11"],
                                    "created_at": AT, "change_id": 1, "audience": []}),
    ("notifications_delivery", {
        "id": 1, "key": "d1", "target_kind": "topic", "target": "local.t.11.vi", "payload": {"title": "Luật Mẫu"},
        "state": "accepted", "attempts": 1, "next_try_at": AT, "expires_at": AT, "message_name": "m", "error": "",
        "created_at": AT, "settled_at": AT, "notification_id": 1}),
]  # fmt: skip
TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'procrastinate%'
"""
MIGRATE_TO = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
MigrationExecutor(connection).migrate({})
"""
MORE_DOCUMENTS = """
INSERT INTO content_legaldocument ({names})
SELECT {made} FROM content_legaldocument law, generate_series(2, 1200) place,
LATERAL jsonb_populate_record(law, jsonb_build_object(
    'id', place, 'key', 'luat-' || place, 'number', place || '/2020/QH14', 'number_key', place || '/2020/qh14'
)) made
WHERE law.id = 1
"""
LIST_BY_EFFECT = """
import datetime, json
from content.documents import effect_queries, queries
published = queries.published_documents()
print(json.dumps({
    f"{status} {day}": list(found.values_list("number", flat=True)[:2]) for status, day in [
        ("in_force", "2021-01-01"), ("in_force", "2020-12-31"), ("not_yet_effective", "2020-12-31")]
    for found in [effect_queries.documents_with_status(published, [status], datetime.date.fromisoformat(day))]
}))
"""
READ_EVERYTHING = """
import json
from django.apps import apps
from django.core import serializers
from content.people.models import User
print(json.dumps({
    "rows": sum(len(serializers.serialize("json", model._base_manager.all())) > 2 for model in apps.get_models()),
    "may publish": User.objects.get(username="lan").has_perm("content.publish_legaldocument"),
}))
"""


@pytest.fixture
def database(tmp_path):
    """(its variables, connection) of an empty database in the server of these tests."""
    name = f"upgraded_{os.getpid()}"
    with database_server.connect() as main:
        main.execute(f"CREATE DATABASE {name}")
        address = database_server.addresses(name)
        with database_server.connect(name) as made:
            yield address, made
        main.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(tree, address, home, *arguments):
    """What a command of the code in `tree` says, run on the database of `address`."""
    environment = os.environ | address | {"LUATMO_HOME": str(home), "PYTHONPATH": str(tree)}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def insert(database, table, columns):
    """One row, given as JSON."""
    names = ", ".join(f'"{name}"' for name in columns)
    row = f"jsonb_populate_record(NULL::{table}, %s)"
    database.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {row}", [json.dumps(columns)])


def rows_of(database):
    """{table: its rows as JSON}."""
    tables = [name for (name,) in database.execute(TABLES) if name not in FILLED_BY_DJANGO]
    return {name: [row for (row,) in database.execute(f'SELECT to_jsonb(each) FROM "{name}" each')] for name in tables}


def lost(before, after):
    """Rows of before that are not among those of after under the names of today, with what differs: [] if none."""
    faults = []
    for table, rows in before.items():
        name = RENAMED_TABLES.get(table, table)
        columns = RENAMED_COLUMNS.get(name, {})
        found = after.get(name, [])
        for row in rows:
            wanted = {columns.get(column, column): value for column, value in row.items()}
            if not any(all(each.get(column, ...) == value for column, value in wanted.items()) for each in found):
                faults.append((name, wanted))
    return faults


def test_a_home_from_before_the_renames_keeps_every_row_and_this_version_reads_it(database, tmp_path):
    address, made = database
    manage(ROOT, address, tmp_path, "shell", "-v0", "-c", MIGRATE_TO.format(BEFORE_RENAMES))
    for table, columns in OLD_ROWS:
        insert(made, table, columns)
    made.execute(
        "INSERT INTO content_user_groups (user_id, group_id) SELECT 1, id FROM auth_group WHERE name = 'publisher'"
    )
    before = rows_of(made)
    assert {table for table, _columns in OLD_ROWS} <= {table for table, rows in before.items() if rows}

    manage(ROOT, address, tmp_path, "migrate", "--verbosity", "0")

    for row in before["content_change"]:  # 0115 renames this fact in the log too
        if "is_specimen" in row["facts"]:
            row["facts"]["is_sample"] = row["facts"].pop("is_specimen")
    assert lost(before, rows_of(made)) == []
    read = json.loads(manage(ROOT, address, tmp_path, "shell", "-v0", "-c", READ_EVERYTHING))
    assert (read["rows"] >= len(OLD_ROWS), read["may publish"]) == (True, True)


@pytest.mark.rehearsal
def test_lists_by_effect_answer_after_migrate_alone(database, tmp_path):
    address, made = database
    manage(ROOT, address, tmp_path, "shell", "-v0", "-c", MIGRATE_TO.format(BEFORE_RENAMES))
    of_documents, of_event = (dict(OLD_ROWS)[f"content_{name}"] for name in ("legaldocument", "statusevent"))
    insert(made, "content_legaldocument", of_documents)
    insert(made, "content_statusevent", of_event | {"kind": "takes_effect"})
    of_copies = ", ".join(f"made.{name}" for name in of_documents)
    made.execute(MORE_DOCUMENTS.format(names=", ".join(of_documents), made=of_copies))

    said = manage(ROOT, address, tmp_path, "migrate")

    assert "Effect spans of 1200 documents were written." in said  # more than lists compute
    read = json.loads(manage(ROOT, address, tmp_path, "shell", "-v0", "-c", LIST_BY_EFFECT))
    assert read == {
        "in_force 2021-01-01": ["1/2020/QH14"],
        "in_force 2020-12-31": [],
        "not_yet_effective 2020-12-31": ["1/2020/QH14"],
    }
    assert "written" not in manage(ROOT, address, tmp_path, "migrate")


BEFORE_COMPUTED_INDICATORS = [
    ("content", "0226_layers_may_be_replaced"),
    ("notifications", "0054_materials_are_told"),
]
ROWS_OF_PLANS = [
    ("content_reader", {"id": READER, "created_at": AT}),
    ("content_target", {"id": 901, "indicator_id": 1, "due_on": "2028-12-31", "operator": "at_least", "value": 90,
                        "area": "urban", "provision": "", "source": "Văn bản mẫu", "source_url": "",
                        "is_public": True}),
    ("content_measurement", {"id": 901, "indicator_id": 1, "area": "all", "period_from": "2026-01-01",
                             "period_until": "2026-07-01", "value": 50, "source": "Báo cáo mẫu", "source_url": "",
                             "entered_at": AT, "approved_at": AT}),
    ("notifications_follow", {"id": 901, "reader_id": READER, "province_id": 1, "kinds": [], "frequency": "instant",
                              "created_at": AT}),
]  # fmt: skip


def but_for_drafts_that_become_public(before):
    """Rows of before without the drafts of plans that nobody touched: 0243 adds what was read and publishes them."""
    plans = before.get("content_plan", [])
    touched = [row for row in plans if row["status"] != "draft" or row["written_by_id"] or row["source_url"]]
    return before | {"content_plan": touched}


@pytest.mark.rehearsal
def test_a_home_with_plans_and_followers_of_provinces_keeps_every_row(database, tmp_path):
    address, made = database
    manage(ROOT, address, tmp_path, "shell", "-v0", "-c", MIGRATE_TO.format(BEFORE_COMPUTED_INDICATORS))
    (indicator,) = made.execute("SELECT min(id) FROM content_indicator").fetchone()
    (province,) = made.execute("SELECT min(id) FROM content_province").fetchone()
    for table, columns in ROWS_OF_PLANS:
        known = {"indicator_id": indicator, "province_id": province}
        insert(made, table, columns | {name: known[name] for name in known.keys() & columns.keys()})
    made.execute("UPDATE content_plan SET source_url = 'https://example.org/k.pdf' WHERE number = '671/KH-UBND'")
    before = rows_of(made)

    manage(ROOT, address, tmp_path, "migrate", "--verbosity", "0")

    after = rows_of(made)
    assert lost(but_for_drafts_that_become_public(before), after) == []
    assert {row["key"] for row in after["content_plan"]} == {row["key"] for row in before["content_plan"]}
    drafts = {row["number"]: row["source_url"] for row in after["content_plan"] if row["status"] == "draft"}
    assert drafts == {"671/KH-UBND": "https://example.org/k.pdf"}  # what somebody changed waits for a second person
    (follow,) = after["notifications_follow"]
    assert (follow["moved_at"], after["notifications_formerprovince"]) == (None, [])
    assert {row["method"] for row in after["content_indicator"]} > {"reported", "contests", "materials_in:km"}


BEFORE_PROVINCES = [
    ("content", "0206_drafts_name_author_and_reviser"),
    ("notifications", "0051_every_kind_includes_contests"),
]
A_DOCUMENT = {"doc_type": "decision", "title": "Quyết định về mẫu", "signer": "", "issued_on": "2024-03-01",
              "gazette_number": "", "source": "", "source_url": "", "content_hash": "", "warnings": [],
              "search_key": "", "is_sample": False, "published_at": AT, "created_at": AT, "updated_at": AT,
              "status": "published"}  # fmt: skip
LOCAL = A_DOCUMENT | {"id": 901, "key": "quyet-dinh-2024-15-2024-qd-ubnd", "number": "15/2024/QĐ-UBND",
                      "number_key": "15-2024-qd-ubnd"}  # fmt: skip
CENTRAL = A_DOCUMENT | {"id": 902, "key": "quyet-dinh-2024-15-2024-qd-ttg", "number": "15/2024/QĐ-TTg",
                        "number_key": "15-2024-qd-ttg"}  # fmt: skip
ROWS_OF_DOCUMENTS = [
    ("content_reader", {"id": READER, "created_at": AT}),
    ("content_legaldocument", LOCAL),
    ("content_legaldocument", CENTRAL),
    ("content_statusevent", {"id": 901, "kind": "takes_effect", "scope": "whole", "on": "2024-03-11",
                             "stated_on": "2024-03-01", "eids": [], "cause": "", "document_id": 901}),
    ("content_change", {"id": 901, "event_type": "document.published", "nature": "legal", "facts": {"title": "Mẫu"},
                        **CHANGE, "subject": LOCAL["key"], "chain": "", "facts_salt": ""}),
    ("notifications_follow", {"id": 901, "reader_id": READER, "document_id": 901, "kinds": [], "frequency": "instant",
                              "created_at": AT}),
]  # fmt: skip


@pytest.mark.rehearsal
def test_a_home_from_before_the_provinces_keeps_every_row_and_its_public_keys(database, tmp_path):
    """A local decision without a province stays public; what the code of before writes of a central act still fits."""
    address, made = database
    manage(ROOT, address, tmp_path, "shell", "-v0", "-c", MIGRATE_TO.format(BEFORE_PROVINCES))
    for table, columns in ROWS_OF_DOCUMENTS:
        insert(made, table, columns)
    before = rows_of(made)

    manage(ROOT, address, tmp_path, "migrate", "--verbosity", "0")

    after = rows_of(made)
    assert lost(before, after) == []
    marked = {row["key"]: (row["lacks_province"], row["province_id"]) for row in after["content_legaldocument"]}
    assert marked == {LOCAL["key"]: (True, None), CENTRAL["key"]: (False, None)}
    assert LOCAL["key"] in manage(ROOT, address, tmp_path, "settle_provinces")
    insert(made, "content_legaldocument", CENTRAL | {"id": 903, "key": "qd-16", "number": "16/2024/QĐ-TTg",
                                                     "number_key": "16-2024-qd-ttg"})  # fmt: skip
    with pytest.raises(psycopg.errors.CheckViolation):  # it cannot say the province of a local one
        insert(made, "content_legaldocument", LOCAL | {"id": 904, "key": "qd-17", "number": "17/2024/QĐ-UBND",
                                                       "number_key": "17-2024-qd-ubnd"})  # fmt: skip


def earlier_releases():
    """The tags v* but the last, which test_upgrade_under_load.py upgrades, and the commit of UPGRADE_FROM."""
    listing = ["git", "tag", "--merged", "HEAD", "--sort=version:refname", "--list", "v*"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    return [*listed[:-1], *filter(None, [os.environ.get("UPGRADE_FROM")])]


@pytest.mark.rehearsal
@pytest.mark.parametrize(
    "release",
    earlier_releases()
    or [pytest.param("", marks=pytest.mark.skip("no release is older than the last; UPGRADE_FROM names a commit"))],
)
def test_a_home_of_every_earlier_release_keeps_every_row(release, database, tmp_path):
    """The code of the release makes and fills the database, with the packages of today."""
    address, made = database
    tree, archive = tmp_path / "tree", tmp_path / "tree.tar"
    tree.mkdir()
    subprocess.run(["git", "archive", "--output", archive, release], cwd=ROOT, check=True)
    subprocess.run(["tar", "-xf", archive, "-C", tree], check=True)
    for command in (["migrate", "--verbosity", "0"], ["load_sample"]):
        manage(tree, address, tmp_path / "home", *command)
    before = rows_of(made)
    assert before["content_legaldocument"]

    manage(ROOT, address, tmp_path / "home", "migrate", "--verbosity", "0")

    assert lost(but_for_drafts_that_become_public(before), rows_of(made)) == []
    manage(ROOT, address, tmp_path / "home", "load_sample")
