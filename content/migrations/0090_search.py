"""What search reads, what it counts, and what people call things."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


# rows of a hundred bytes: candidates are counted without reading keys, which stand apart and hardly shrink
SLIM = """
ALTER TABLE content_passage SET (toast_tuple_target = 128);
ALTER TABLE content_passage ALTER COLUMN search_codes SET STORAGE EXTERNAL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0086_manuscripts_have_an_age"),
    ]

    operations = [
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('search_words', django.contrib.postgres.search.SearchVectorField()),
                ('search_codes', models.BinaryField()),
                ('digest', models.BinaryField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SearchAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.CharField(max_length=80, validators=[django.core.validators.MinLengthValidator(2)], verbose_name='said')),
                ('said_key', models.CharField(editable=False, max_length=80, unique=True)),
                ('meant', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), help_text='Separated by commas.', size=None, verbose_name='meant')),
                ('is_abbreviation', models.BooleanField(default=False, verbose_name='abbreviation')),
            ],
            options={
                'verbose_name': 'search alias',
                'verbose_name_plural': 'search aliases',
                'ordering': ['said'],
            },
        ),
        migrations.CreateModel(
            name='SearchStatistics',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passages', models.PositiveIntegerField()),
                ('mean_length', models.FloatField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('lexeme', models.CharField(db_collation='C', max_length=130, primary_key=True, serialize=False)),
                ('passages', models.PositiveIntegerField()),
                ('written', models.CharField(blank=True, db_default='', max_length=130)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_key', models.CharField(db_collation='C', max_length=200, unique=True)),
                ('text', models.CharField(max_length=300)),
                ('passages', models.PositiveIntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=300)),
                ('term_key', models.CharField(db_collation='C', max_length=300)),
                ('definition', models.TextField()),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['term_key', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='question',
            name='search_codes',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
        migrations.AddField(
            model_name='question',
            name='search_words',
            field=django.contrib.postgres.search.SearchVectorField(db_default='', default='', editable=False),
        ),
        migrations.AddIndex(
            model_name='question',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_words'], name='questions_search_words'),
        ),
        migrations.AddField(
            model_name='passage',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='content.legaldocument'),
        ),
        migrations.AddField(
            model_name='passage',
            name='provision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='content.provision'),
        ),
        migrations.AddConstraint(
            model_name='searchalias',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('said_key', ''), _negated=True), ('meant__len__gte', 1)), name='search_aliases_have_words'),
        ),
        migrations.AddField(
            model_name='term',
            name='provision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='content.provision'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_words'], name='passages_search_words'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.UniqueConstraint(fields=('document', 'provision', 'valid_from'), name='passages_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='term',
            index=models.Index(models.F('term_key'), name='terms_key'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(fields=('provision', 'position'), name='terms_once'),
        ),
        migrations.RunSQL(SLIM, migrations.RunSQL.noop),
    ]
