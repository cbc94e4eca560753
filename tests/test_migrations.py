"""Migrations of the future: none that locks a large table, and no two that end in the same place."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

SQUAWK = Path(sys.executable).with_name("squawk")
EXCLUDED_RULES = (  # with a reason each
    "transaction-nesting",  # sqlmigrate prints BEGIN and COMMIT of the transaction that Django opens
    "require-lock-timeout", "require-statement-timeout",  # of the connection that migrates, not of each statement
    "prefer-bigint-over-int",  # Django's PositiveIntegerField is meant where a count is small
    "prefer-text-field",  # CharField(max_length=…) is how a limit is written here
    "transaction-nesting",  # sqlmigrate prints BEGIN and COMMIT of the transaction that Django opens
    "prefer-robust-stmts",  # Django runs each migration in a transaction
    "transaction-nesting",  # sqlmigrate prints that transaction
)  # fmt: skip
BEFORE_FIRST_RELEASE = {"content": 117, "notifications": 43}  # nothing ran at a user before 0.1.0: these may rename


NEW = 12  # of each app: more than one change ever brought. Rendering all models for each takes half a minute for all


def findings(statements):
    """What squawk says about these SQL statements, or an empty string."""
    command = [
        SQUAWK,
        *(["--assume-in-transaction"] if "BEGIN;" in statements else []),  # sqlmigrate writes it for atomic ones
        *(f"--exclude={rule}" for rule in EXCLUDED_RULES),
        "--stdin-filepath=m.sql",
    ]
    done = subprocess.run(command, input=statements, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def later_migrations():
    loader = MigrationLoader(None)
    return sorted(
        (app, name)
        for app, name in loader.disk_migrations
        if app in BEFORE_FIRST_RELEASE and int(name[:4]) > BEFORE_FIRST_RELEASE[app]
    )


def written_as_sql(wanted):
    """{(app, name): what sqlmigrate prints of it}, in one pass: each call of sqlmigrate makes all models anew."""
    executor, found = MigrationExecutor(connection), {}
    state = executor.loader.project_state([])  # never asked for its models, which each change would make anew
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True):
        if (migration.app_label, migration.name) in wanted:
            with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
                migration.apply(state.clone(), editor, collect_sql=True)
            sql = "\n".join(editor.collected_sql)
            found[migration.app_label, migration.name] = f"BEGIN;\n{sql}\nCOMMIT;" if migration.atomic else sql
        migration.mutate_state(state, preserve=False)
    return found


@pytest.mark.django_db(transaction=True)  # an index is built concurrently, so outside a transaction
@pytest.mark.parametrize(
    "which",
    [
        pytest.param(lambda of_app: of_app[-NEW:], id="new"),
        pytest.param(lambda of_app: of_app[:-NEW], id="landed", marks=pytest.mark.rehearsal),  # they never change
    ],
)
def test_no_migration_after_the_first_release_locks_a_large_table(which):
    wanted = [
        key for app in BEFORE_FIRST_RELEASE for key in which([key for key in later_migrations() if key[0] == app])
    ]
    written = written_as_sql(wanted)
    assert sorted(written) == sorted(wanted) != []
    said = {f"{app}.{name}": findings(statements) for (app, name), statements in written.items()}
    assert {name: each for name, each in said.items() if each} == {}


@pytest.mark.django_db(transaction=True)
def test_what_is_looked_at_is_what_sqlmigrate_prints(capsys):
    app, name = later_migrations()[-1]
    call_command("sqlmigrate", app, name)
    assert written_as_sql([(app, name)]) == {(app, name): capsys.readouterr().out.strip()}


def test_squawk_sees_a_statement_that_locks():
    assert "require-concurrent-index-creation" in findings("CREATE INDEX x ON content_change (subject);")
    assert findings("ALTER TABLE content_change ADD COLUMN note text;") == ""


@pytest.mark.parametrize("app", BEFORE_FIRST_RELEASE)
def test_the_last_migration_of_an_app_is_the_one_its_file_names(app):
    """django-linear-migrations: two branches that each add a migration conflict in this file, not in production."""
    loader = MigrationLoader(None)
    (leaf,) = (name for label, name in loader.graph.leaf_nodes(app) if label == app)
    file = Path(__file__).resolve().parent.parent / app / "migrations" / "max_migration.txt"
    assert file.read_text().strip() == leaf


def test_the_database_of_these_tests_has_every_migration(db):
    loader = MigrationLoader(connection)
    assert {key for key in loader.disk_migrations if key[0] in BEFORE_FIRST_RELEASE} <= set(loader.applied_migrations)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    ("app", "name", "rule"),
    [
        ("content", "0210_documents_are_told_apart_by_province", "documents_identity_by_place"),
        ("notifications", "0053_follows_of_provinces_are_unique", "follows_once"),
    ],
)
def test_a_migration_of_provinces_that_was_broken_off_is_repeated(app, name, rule):
    migration = MigrationLoader(None).get_migration(app, name)
    nested = [getattr(each, "database_operations", [each]) for each in migration.operations]
    statements = [each.sql for of_one in nested for each in of_one if isinstance(each, RunSQL)]
    with connection.cursor() as cursor:
        for statement in statements:  # all of them were done once; the index in Django's own words comes last
            if "province_id_fk" not in statement:
                cursor.execute(statement)
        if app == "content":
            cursor.execute("CREATE INDEX documents_by_province ON content_legaldocument (province_id, list_order DESC)")
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE conname = %s AND contype = 'u'", [rule])
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
        assert cursor.fetchone() == (0,)


WITHOUT_INDEX = {
    "content_standing.province_id",  # no province is deleted
    "content_standing.round_id",  # a round goes with its contest, by which `standings_in_order` finds them
    "procrastinate_jobs.worker_id",  # the library's own
}
FOREIGN_KEYS_WITHOUT_INDEX = """
SELECT rows.conrelid::regclass || '.' || columns.attname
FROM pg_constraint AS rows
JOIN pg_attribute AS columns ON columns.attrelid = rows.conrelid AND columns.attnum = rows.conkey[1]
WHERE rows.contype = 'f' AND rows.connamespace = 'public'::regnamespace AND NOT EXISTS (
    SELECT FROM pg_index AS found
    WHERE found.indrelid = rows.conrelid AND found.indisvalid AND found.indkey[0] = rows.conkey[1]
    AND coalesce(pg_get_expr(found.indpred, found.indrelid), '') IN ('', '(' || columns.attname || ' IS NOT NULL)')
)
"""


@pytest.mark.django_db
def test_each_foreign_key_begins_an_index():
    """Else a deletion, also one that finds nothing, reads the whole table that refers to the row."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS_WITHOUT_INDEX)
        assert {name for (name,) in cursor.fetchall()} == WITHOUT_INDEX
