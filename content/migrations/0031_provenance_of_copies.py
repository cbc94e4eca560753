"""Whether our copy was read at an official source, and who compared it with the original."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0030_relations'),
    ]

    operations = [
        migrations.AddField(
            model_name='legaldocument',
            name='is_official_copy',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='legaldocument',
            name='verified_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='legaldocument',
            name='verified_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
