"""The days on which the effect of a document is the same are stored, for lists.

Triggers mark a document when what its spans follow from changes, whoever writes: also the release before, which knows
no spans and deletes documents without them. A mark refers to nothing, so that no writer waits for another.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

MARK = """
CREATE OR REPLACE FUNCTION outdate_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedspans (document_id, transaction_id)
    SELECT DISTINCT changed.document_id, pg_current_xact_id()::text::bigint FROM changed_rows changed;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION outdate_spans_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedspans (document_id, transaction_id)
    VALUES (NEW.id, pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER documents_begin_without_spans AFTER INSERT
    ON content_legaldocument FOR EACH ROW EXECUTE FUNCTION outdate_spans_of_document();
CREATE OR REPLACE TRIGGER types_outdate_spans AFTER UPDATE OF doc_type
    ON content_legaldocument FOR EACH ROW WHEN (OLD.doc_type <> NEW.doc_type)
    EXECUTE FUNCTION outdate_spans_of_document();
"""
MARK_NO_MORE = """
DROP TRIGGER documents_begin_without_spans ON content_legaldocument;
DROP TRIGGER types_outdate_spans ON content_legaldocument;
DROP FUNCTION outdate_spans_of_document();
DROP FUNCTION outdate_spans();
"""
OF_SOURCE = """
CREATE OR REPLACE FUNCTION {table}_outdates_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_outdatedspans (document_id, transaction_id)
    SELECT DISTINCT touched.document_id, pg_current_xact_id()::text::bigint
    FROM former JOIN fresh USING (id), LATERAL (VALUES (former.document_id), (fresh.document_id)) touched (document_id)
    WHERE ({former}) IS DISTINCT FROM ({fresh});
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER outdate_spans_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_spans();
CREATE OR REPLACE TRIGGER outdate_spans_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed_rows
    FOR EACH STATEMENT EXECUTE FUNCTION outdate_spans();
CREATE OR REPLACE TRIGGER outdate_spans_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS former NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_outdates_spans();
"""
OF_SOURCE_NO_MORE = """
DROP TRIGGER outdate_spans_insert ON {table};
DROP TRIGGER outdate_spans_delete ON {table};
DROP TRIGGER outdate_spans_update ON {table};
DROP FUNCTION {table}_outdates_spans();
"""
COLUMNS = {
    "content_statusevent": ("kind", "scope", '"on"', "stated_on", "eids", "document_id"),
    "content_effectdoubt": ("kind", "scope", "from_on", "until_on", "document_id"),
}
WATCHED = ("content_effectspan", "content_outdatedspans")  # as in 0180
ROWS_OF_EVENT = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def _mark_changes_of(table):
    former, fresh = (", ".join(f"{side}.{column}" for column in COLUMNS[table]) for side in ("former", "fresh"))
    return migrations.RunSQL(
        OF_SOURCE.format(table=table, former=former, fresh=fresh), OF_SOURCE_NO_MORE.format(table=table)
    )


def _announce(table):
    triggers = [
        f"CREATE OR REPLACE TRIGGER announce_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {rows} TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION announce_public_change();"
        for event, rows in ROWS_OF_EVENT.items()
    ]
    truncate = (
        f"CREATE OR REPLACE TRIGGER announce_truncate AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION announce_public_change();"
    )
    return migrations.RunSQL("\n".join([*triggers, truncate]), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("content", "0239_staff_hold_outlets")]

    operations = [
        migrations.CreateModel(
            name='OutdatedSpans',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_id', models.BigIntegerField(db_index=True)),
                ('transaction_id', models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='EffectSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('status', models.CharField(blank=True, choices=[('not_yet_effective', 'Not yet effective'), ('in_force', 'In force'), ('partly_expired', 'Partly expired'), ('expired', 'Expired'), ('suspended', 'Suspended'), ('partly_suspended', 'Partly suspended'), ('no_longer_suitable', 'No longer suitable'), ('unknown', 'Unknown')], max_length=20, null=True)),
                ('is_in_doubt', models.BooleanField()),
                ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='effect_spans', to='content.legaldocument')),
            ],
            options={
                'indexes': [models.Index(fields=['status', 'valid_from'], name='effect_spans_by_status'), models.Index(condition=models.Q(('is_in_doubt', True)), fields=['valid_from'], name='effect_spans_in_doubt')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('document', '='), (models.Func('valid_from', 'valid_until', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='effect_spans_never_overlap'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='effect_spans_end_after_they_start')],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE content_effectspan ADD CONSTRAINT effect_spans_go_with_their_document "
            "FOREIGN KEY (document_id) REFERENCES content_legaldocument (id) ON DELETE CASCADE "
            "DEFERRABLE INITIALLY DEFERRED",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(MARK, MARK_NO_MORE),
        *map(_mark_changes_of, COLUMNS),
        *map(_announce, WATCHED),
    ]
