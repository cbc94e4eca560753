import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """A document is found by each of its numbers, and by «BGDĐT» where it is written «BGD&ĐT»."""

    dependencies = [
        ('content', '0020_documents_may_be_partial'),
    ]

    operations = [
        migrations.AddField(
            model_name='legaldocument',
            name='other_number_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddIndex(
            model_name='legaldocument',
            index=django.contrib.postgres.indexes.GinIndex(fields=['other_number_keys'], name='documents_other_number_keys'),
        ),
    ]
