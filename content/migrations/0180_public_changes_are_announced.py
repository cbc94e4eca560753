"""Each commit that changes what public reads of the law show is announced on the channel `luatmo_public`.

Web processes keep answers in memory (api/reads). A trigger sees every writer: services, jobs, migrations, a person with
psql. PostgreSQL announces once a transaction, whatever the number of rows, and only after its commit. A statement that
changes no row announces nothing, nor one that inserts only rows that are not public: a question that nobody has answered,
a line of the change log for one reader.
"""

from django.db import migrations

# tests/api/reads/test_watched_tables.py compares them with what the answers in memory are made of
TABLES = (
    "content_address", "content_amendment", "content_answer", "content_basis", "content_basischange", "content_change",
    "content_citation", "content_effectdoubt", "content_glossaryentry", "content_legaldocument",
    "content_legaldocument_authors", "content_legaldocument_topics", "content_mention", "content_organisation",
    "content_originalfile", "content_province", "content_provision", "content_provisionversion", "content_question",
    "content_relation", "content_statusevent", "content_succession", "content_topic",
)  # fmt: skip
INSERTED_PUBLICLY = {"content_change": "reader_id IS NULL", "content_question": "published_at IS NOT NULL"}
ROWS_OF_EVENT = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}

FUNCTIONS = """
CREATE OR REPLACE FUNCTION announce_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('luatmo_public', '');
    ELSIF EXISTS (SELECT FROM changed_rows) THEN
        PERFORM pg_notify('luatmo_public', '');
    END IF;
    RETURN NULL;
END $$;
"""
OF_PUBLIC_ROWS = """
CREATE OR REPLACE FUNCTION announce_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify('luatmo_public', '');
    ELSIF EXISTS (SELECT FROM changed_rows WHERE TG_OP <> 'INSERT' OR {condition}) THEN
        PERFORM pg_notify('luatmo_public', '');
    END IF;
    RETURN NULL;
END $$;
"""


def _create(table: str) -> str:
    condition = INSERTED_PUBLICLY.get(table)
    function = f"announce_{table}" if condition else "announce_public_change"
    made = [OF_PUBLIC_ROWS.format(table=table, condition=condition)] if condition else []
    made += [
        f"CREATE OR REPLACE TRIGGER announce_{event.lower()} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed_rows "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
        for event, rows in ROWS_OF_EVENT.items()
    ]
    made.append(
        f"CREATE OR REPLACE TRIGGER announce_truncate AFTER TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
    )
    return "\n".join(made)


def _drop(table: str) -> str:
    names = [*map(str.lower, ROWS_OF_EVENT), "truncate"]
    dropped = [f"DROP TRIGGER IF EXISTS announce_{each} ON {table};" for each in names]
    return "\n".join([*dropped, f"DROP FUNCTION IF EXISTS announce_{table};"])


class Migration(migrations.Migration):
    atomic = False  # one table is locked at a time; a repeat after a failure goes on
    dependencies = [("content", "0161_withdrawn_amendments_take_words_out")]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION IF EXISTS announce_public_change();"),
        *(migrations.RunSQL(_create(table), _drop(table)) for table in TABLES),
    ]
