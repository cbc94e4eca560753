"""Triggers mark a document when what it counts as changes.

Also for the release before, which knows no counts. A mark refers to nothing, so that no writer waits for another. Each
table that others write is locked alone, for a moment: what was done when the migration was ended does no harm when it is
run again. All public documents are marked last: `manage.py migrate` counts them when all migrations are done, and until
then reads count all documents.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION outdate_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedcount (document_id, transaction_id)
    VALUES (coalesce(NEW.id, OLD.id), pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION outdate_all_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedcount (document_id, transaction_id)
    SELECT document.id, pg_current_xact_id()::text::bigint FROM content_legaldocument document
     WHERE document.status = 'published'
    UNION SELECT counted.document_id, pg_current_xact_id()::text::bigint FROM content_counteddocument counted
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION outdate_counts_of_topic() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a migration moves a topic: it waits for those who give documents topics, so that it sees which have it
    LOCK TABLE content_legaldocument_topics IN SHARE MODE;
    INSERT INTO content_outdatedcount (document_id, transaction_id)
    SELECT filed.legaldocument_id, pg_current_xact_id()::text::bigint FROM content_legaldocument_topics filed
     WHERE filed.topic_id = NEW.id ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
FUNCTIONS_NO_MORE = """
DROP FUNCTION outdate_count();
DROP FUNCTION outdate_all_counts();
DROP FUNCTION outdate_counts_of_topic();
"""
OF_DOCUMENTS = """
CREATE OR REPLACE TRIGGER outdate_counts_insert AFTER INSERT ON content_legaldocument
    FOR EACH ROW WHEN (NEW.status = 'published') EXECUTE FUNCTION outdate_count();
CREATE OR REPLACE TRIGGER outdate_counts_delete AFTER DELETE ON content_legaldocument
    FOR EACH ROW WHEN (OLD.status = 'published') EXECUTE FUNCTION outdate_count();
CREATE OR REPLACE TRIGGER outdate_counts_update
    AFTER UPDATE OF status, doc_type, issuer_id, province_id, issued_on ON content_legaldocument
    FOR EACH ROW WHEN (
        'published' IN (OLD.status, NEW.status)
        AND (OLD.status, OLD.doc_type, OLD.issuer_id, OLD.province_id, OLD.issued_on)
            IS DISTINCT FROM (NEW.status, NEW.doc_type, NEW.issuer_id, NEW.province_id, NEW.issued_on))
    EXECUTE FUNCTION outdate_count();
CREATE OR REPLACE TRIGGER outdate_counts_truncate AFTER TRUNCATE ON content_legaldocument
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_all_counts();
"""
OF_DOCUMENTS_NO_MORE = """
DROP TRIGGER outdate_counts_insert ON content_legaldocument;
DROP TRIGGER outdate_counts_delete ON content_legaldocument;
DROP TRIGGER outdate_counts_update ON content_legaldocument;
DROP TRIGGER outdate_counts_truncate ON content_legaldocument;
"""
OF_TOPICS = """
CREATE OR REPLACE TRIGGER outdate_counts_update AFTER UPDATE OF parent_id ON content_topic
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION outdate_counts_of_topic();
"""
OF_TOPICS_NO_MORE = "DROP TRIGGER outdate_counts_update ON content_topic"
# of rows that hang on documents: also of a draft, which somebody else may be publishing
OF_ROWS = """
CREATE OR REPLACE FUNCTION {table}_outdates_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedcount (document_id, transaction_id)
    SELECT DISTINCT changed.{column}, pg_current_xact_id()::text::bigint FROM changed_rows changed
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER outdate_counts_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_outdates_counts();
CREATE OR REPLACE TRIGGER outdate_counts_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_outdates_counts();
CREATE OR REPLACE TRIGGER outdate_counts_update_from AFTER UPDATE ON {table} REFERENCING OLD TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_outdates_counts();
CREATE OR REPLACE TRIGGER outdate_counts_update_to AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_outdates_counts();
CREATE OR REPLACE TRIGGER outdate_counts_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_all_counts();
"""
OF_ROWS_NO_MORE = """
DROP TRIGGER outdate_counts_insert ON {table};
DROP TRIGGER outdate_counts_delete ON {table};
DROP TRIGGER outdate_counts_update_from ON {table};
DROP TRIGGER outdate_counts_update_to ON {table};
DROP TRIGGER outdate_counts_truncate ON {table};
DROP FUNCTION {table}_outdates_counts();
"""
MARK_ALL = """
INSERT INTO content_outdatedcount (document_id, transaction_id)
SELECT document.id, 0 FROM content_legaldocument document WHERE document.status = 'published'
UNION SELECT counted.document_id, 0 FROM content_counteddocument counted  -- by a migration before this one was undone
ON CONFLICT DO NOTHING
"""


def _mark_changes_of(table, column):
    names = {"table": table, "column": column}
    return migrations.RunSQL(OF_ROWS.format(**names), OF_ROWS_NO_MORE.format(**names))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("content", "0277_document_counts")]

    operations = [
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_NO_MORE),
        migrations.RunSQL(OF_DOCUMENTS, OF_DOCUMENTS_NO_MORE),
        migrations.RunSQL(OF_TOPICS, OF_TOPICS_NO_MORE),
        _mark_changes_of("content_legaldocument_topics", "legaldocument_id"),
        _mark_changes_of("content_effectspan", "document_id"),
        migrations.RunSQL(MARK_ALL, migrations.RunSQL.noop),
    ]
