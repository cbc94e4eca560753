"""A library many times as large: each document of a database is copied, with all that hangs on it."""

from typing import Any

import psycopg
from psycopg import sql
from tqdm import tqdm

TABLES: dict[str, dict[str, str]] = {  # in the order of their references; {column: its value in a copy}
    "content_legaldocument": {
        "key": "key || %(mark)s",
        "number_key": "CASE WHEN is_sample THEN id || '-2026-qh' ELSE number_key END || %(mark)s",
        "number": "CASE WHEN is_sample THEN id || '/2026/QH' ELSE number END || %(mark)s",
        "is_sample": "false",
    },
    "content_address": {"path": "path || %(mark)s"},
    "content_legaldocument_topics": {},
    "content_amendment": {},
    "content_provision": {},
    "content_provisionversion": {},
    "content_statusevent": {},
    "content_effectspan": {},
    "content_mention": {"target_key": "CASE WHEN target_id IS NULL THEN target_key ELSE target_key || %(mark)s END"},
    "content_relation": {"target_key": "CASE WHEN target_id IS NULL THEN target_key ELSE target_key || %(mark)s END"},
    "content_passage": {},
    "content_glossaryentry": {},
    "content_originalfile": {},
}
COLUMNS = """
    SELECT attname, attidentity <> '' OR attname = 'id' FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
REFERENCES = """
    SELECT attname, confrelid::regclass::text FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND conrelid = %s::regclass
"""
NEXT_ID = "SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))"
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = ANY(%s) AND indexdef LIKE '%%USING gin %%'
"""
MARK_FOR_COUNTS = """
    INSERT INTO content_outdatedcount (document_id, transaction_id) SELECT id, 0 FROM content_legaldocument
    ON CONFLICT DO NOTHING
"""


def copy_library(database: psycopg.Connection[Any], times: int) -> int:
    """Let the library be `times` as large. Returns the documents it then has.

    `database` may leave triggers out, and nobody else writes meanwhile.

    A copy has the dates, texts, words, topics and effect of its document, another number and key, and refers to the
    other documents of its own copy of the library. The change log knows nothing of copies.
    The worker, or `manage.py check_document_counts --write`, counts them.
    """
    step = _distance(database)
    database.execute("SET session_replication_role = replica")  # references are right by construction
    database.execute("SET maintenance_work_mem = '256MB'")
    indexes = database.execute(INDEXES, [list(TABLES)]).fetchall()
    for name, _definition in indexes:
        database.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    statements = {table: _copy_of(database, table, others, step) for table, others in TABLES.items()}
    for copy in tqdm(range(1, times), desc="copies", unit="library", disable=None):
        for statement in statements.values():
            database.execute(statement, {"add": copy * step, "mark": f"-{copy}"})
    for _name, definition in tqdm(indexes, desc="indexes", disable=None):
        database.execute(definition)
    database.execute("RESET session_replication_role")
    database.execute(MARK_FOR_COUNTS)
    for table in TABLES:
        database.execute(sql.SQL(NEXT_ID).format(sql.Literal(table), sql.Identifier(table)))
        database.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
    found = database.execute("SELECT count(*) FROM content_legaldocument").fetchone()
    return int(found[0]) if found else 0


def _distance(database: psycopg.Connection[Any]) -> int:
    """Between the ids of one copy and the next: more than any table has."""
    highest = 0
    for table in TABLES:
        row = database.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))).fetchone()
        highest = max(highest, row[0] if row else 0)
    return highest + 1


def _copy_of(database: psycopg.Connection[Any], table: str, others: dict[str, str], step: int) -> sql.Composed:
    """The statement that copies the first rows of a table; `add` and `mark` tell the copies apart."""
    referred = {column for column, target in database.execute(REFERENCES, [table]) if target in TABLES}
    names, values = [], []
    for name, is_id in database.execute(COLUMNS, [table]):
        names.append(sql.Identifier(name))
        if is_id or name in referred:
            values.append(sql.SQL("{} + %(add)s").format(sql.Identifier(name)))
        else:
            values.append(sql.SQL(others[name]) if name in others else sql.Identifier(name))
    comma = sql.SQL(", ")
    return sql.SQL(
        "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {table} WHERE id < {step}"
    ).format(table=sql.Identifier(table), names=comma.join(names), values=comma.join(values), step=sql.Literal(step))
