"""How many public documents have each value of each facet is stored, as sums by day.

Nothing that others write is locked: 0278 adds what belongs to their tables, and marks all documents.
"""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

VACUUM_EARLY = """
ALTER TABLE content_outdatedcount
    SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0)
"""  # rows live for a moment, and each read of counts reads the table


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0276_indexes_shared_by_foreign_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedDocument',
            fields=[
                ('document_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('doc_type', models.CharField(max_length=20)),
                ('issuer_id', models.BigIntegerField(null=True)),
                ('province_id', models.BigIntegerField(null=True)),
                ('issued_on', models.DateField(null=True)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('parents', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('starts', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
                ('ends', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(null=True), size=None)),
                ('statuses', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('doubts', django.contrib.postgres.fields.ArrayField(base_field=models.BooleanField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name='DocumentCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic_id', models.BigIntegerField()),
                ('facet', models.CharField(max_length=20)),
                ('value', models.CharField(max_length=20)),
                ('is_of_year', models.BooleanField()),
                ('since', models.DateField()),
                ('documents', models.IntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('topic_id', 'is_of_year', 'facet', 'since', 'value'), name='document_counts_are_one_row_each')],
            },
        ),
        migrations.CreateModel(
            name='OutdatedCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_id', models.BigIntegerField()),
                ('transaction_id', models.BigIntegerField()),
                ('marked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document_id', 'transaction_id'), name='transactions_outdate_counts_once')],
            },
        ),
        migrations.RunSQL(VACUUM_EARLY, migrations.RunSQL.noop),
    ]
