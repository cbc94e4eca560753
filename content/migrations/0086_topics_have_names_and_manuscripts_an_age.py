import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0081_what_was_told_and_what_amended_until_now"),
    ]

    operations = [
        migrations.AddField(
            model_name='manuscript',
            name='touched_at',
            field=models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name='topic',
            name='key',
            field=models.CharField(max_length=100, unique=True, verbose_name='key'),
        ),
        migrations.AlterField(
            model_name='topic',
            name='name',
            field=models.CharField(max_length=300, verbose_name='topic'),
        ),
        migrations.AlterField(
            model_name='topic',
            name='number',
            field=models.CharField(max_length=10, verbose_name='number'),
        ),
        migrations.AlterField(
            model_name='topic',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='content.topic', verbose_name='subject'),
        ),
    ]
