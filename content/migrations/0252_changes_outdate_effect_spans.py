"""Triggers mark a document when what its spans follow from changes.

Also for the release before, which knows no spans and deletes documents without them. A mark refers to nothing, so that no
writer waits for another. Each table that others write is locked alone, for a moment: what was done when the migration
was ended does no harm when it is run again. All documents are marked last, for none has spans, and no trigger saw what
the release before changed until then: `manage.py migrate` writes the spans when all migrations are done.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION outdate_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedspans (document_id, transaction_id)
    SELECT DISTINCT changed.document_id, pg_current_xact_id()::text::bigint FROM changed_rows changed
    WHERE changed.kind <> 'amends' ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION outdate_spans_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedspans (document_id, transaction_id)
    VALUES (NEW.id, pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION outdate_all_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedspans (document_id, transaction_id)
    SELECT document.id, pg_current_xact_id()::text::bigint FROM content_legaldocument document ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
FUNCTIONS_NO_MORE = """
DROP FUNCTION outdate_spans();
DROP FUNCTION outdate_spans_of_document();
DROP FUNCTION outdate_all_spans();
"""
OF_DOCUMENTS = """
CREATE OR REPLACE TRIGGER documents_begin_without_spans AFTER INSERT
    ON content_legaldocument FOR EACH ROW EXECUTE FUNCTION outdate_spans_of_document();
CREATE OR REPLACE TRIGGER types_outdate_spans AFTER UPDATE OF doc_type
    ON content_legaldocument FOR EACH ROW WHEN (OLD.doc_type <> NEW.doc_type)
    EXECUTE FUNCTION outdate_spans_of_document();
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'effect_spans_go_with_their_document'
                   AND conrelid = 'content_effectspan'::regclass) THEN
        ALTER TABLE content_effectspan ADD CONSTRAINT effect_spans_go_with_their_document
            FOREIGN KEY (document_id) REFERENCES content_legaldocument (id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED;
    END IF;
END $$;
"""
OF_DOCUMENTS_NO_MORE = """
DROP TRIGGER documents_begin_without_spans ON content_legaldocument;
DROP TRIGGER types_outdate_spans ON content_legaldocument;
ALTER TABLE content_effectspan DROP CONSTRAINT effect_spans_go_with_their_document;
"""
OF_SOURCE = """
CREATE OR REPLACE FUNCTION {table}_outdates_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedspans (document_id, transaction_id)
    SELECT DISTINCT touched.document_id, pg_current_xact_id()::text::bigint
    FROM former JOIN fresh USING (id), LATERAL (VALUES (former.document_id), (fresh.document_id)) touched (document_id)
    WHERE ({former}) IS DISTINCT FROM ({fresh}) AND NOT (former.kind = 'amends' AND fresh.kind = 'amends')
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER outdate_spans_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_spans();
CREATE OR REPLACE TRIGGER outdate_spans_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_spans();
CREATE OR REPLACE TRIGGER outdate_spans_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS former NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_outdates_spans();
CREATE OR REPLACE TRIGGER outdate_spans_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_all_spans();
"""
OF_SOURCE_NO_MORE = """
DROP TRIGGER outdate_spans_insert ON {table};
DROP TRIGGER outdate_spans_delete ON {table};
DROP TRIGGER outdate_spans_update ON {table};
DROP TRIGGER outdate_spans_truncate ON {table};
DROP FUNCTION {table}_outdates_spans();
"""
OF_SPANS = """
CREATE OR REPLACE TRIGGER outdate_spans_truncate AFTER TRUNCATE ON content_effectspan
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_all_spans();
"""
OF_SPANS_NO_MORE = "DROP TRIGGER outdate_spans_truncate ON content_effectspan"
MARK_ALL = """
INSERT INTO content_outdatedspans (document_id, transaction_id)
SELECT document.id, 0 FROM content_legaldocument document
ON CONFLICT DO NOTHING
"""
COLUMNS = {
    "content_statusevent": ("kind", "scope", '"on"', "stated_on", "eids", "document_id"),
    "content_effectdoubt": ("kind", "scope", "from_on", "until_on", "document_id"),
}


def _mark_changes_of(table):
    former, fresh = (", ".join(f"{side}.{column}" for column in COLUMNS[table]) for side in ("former", "fresh"))
    return migrations.RunSQL(
        OF_SOURCE.format(table=table, former=former, fresh=fresh), OF_SOURCE_NO_MORE.format(table=table)
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("content", "0251_effect_spans")]

    operations = [
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_NO_MORE),
        migrations.RunSQL(OF_SPANS, OF_SPANS_NO_MORE),
        migrations.RunSQL(OF_DOCUMENTS, OF_DOCUMENTS_NO_MORE),
        *map(_mark_changes_of, COLUMNS),
        migrations.RunSQL(MARK_ALL, migrations.RunSQL.noop),
    ]
