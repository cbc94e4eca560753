"""The days on which the effect of a document is the same are stored, for lists.

Nothing that others write is locked: 0251 adds what belongs to their tables, and marks all documents.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

VACUUM_EARLY = """
ALTER TABLE content_outdatedspans
    SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0)
"""  # rows live for a moment, and each list reads the table
WATCHED = ("content_effectspan", "content_outdatedspans")  # as in 0180
ROWS_OF_EVENT = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


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
    dependencies = [("content", "0250_errors_of_placements_are_codes")]

    operations = [
        migrations.CreateModel(
            name='OutdatedSpans',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_id', models.BigIntegerField()),
                ('transaction_id', models.BigIntegerField(db_index=True)),
                ('marked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document_id', 'transaction_id'), name='transactions_outdate_spans_once')],
            },
        ),
        migrations.CreateModel(
            name='EffectSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('status', models.CharField(blank=True, choices=[('not_yet_effective', 'Not yet effective'), ('in_force', 'In force'), ('partly_expired', 'Partly expired'), ('expired', 'Expired'), ('suspended', 'Suspended'), ('partly_suspended', 'Partly suspended'), ('no_longer_suitable', 'No longer suitable'), ('unknown', 'Unknown')], max_length=20, null=True)),
                ('is_in_doubt', models.BooleanField()),
                ('rules', models.PositiveIntegerField(db_index=True)),
                ('document', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='effect_spans', to='content.legaldocument')),
            ],
            options={
                'indexes': [models.Index(fields=['status', 'valid_from'], name='effect_spans_by_status'), models.Index(condition=models.Q(('is_in_doubt', True)), fields=['valid_from'], name='effect_spans_in_doubt')],
                'constraints': [models.UniqueConstraint(fields=('document', 'valid_from'), name='effect_spans_start_once'), models.UniqueConstraint(condition=models.Q(('valid_until', None)), fields=('document',), name='effect_spans_have_one_open_end'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='effect_spans_end_after_they_start')],
            },
        ),
        *map(_announce, WATCHED),
        migrations.RunSQL(VACUUM_EARLY, migrations.RunSQL.noop),
    ]
