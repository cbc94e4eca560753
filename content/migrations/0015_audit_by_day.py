"""Words of the desk for the audit, and an index to search it by day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0014_names_at_the_desk'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='auditrow',
            options={'ordering': ['pk'], 'verbose_name': 'audit row', 'verbose_name_plural': 'audit'},
        ),
        migrations.AlterField(
            model_name='auditrow',
            name='action',
            field=models.CharField(max_length=60, verbose_name='act'),
        ),
        migrations.AlterField(
            model_name='auditrow',
            name='address',
            field=models.GenericIPAddressField(blank=True, null=True, verbose_name='from where'),
        ),
        migrations.AlterField(
            model_name='auditrow',
            name='at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='when'),
        ),
        migrations.AlterField(
            model_name='auditrow',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AlterField(
            model_name='auditrow',
            name='facts',
            field=models.JSONField(blank=True, default=dict, verbose_name='facts'),
        ),
        migrations.AlterField(
            model_name='auditrow',
            name='reason',
            field=models.TextField(blank=True, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='auditrow',
            name='subject',
            field=models.CharField(max_length=200, verbose_name='on what'),
        ),
        migrations.AddIndex(
            model_name='auditrow',
            index=models.Index(fields=['at'], name='audit_of_a_day'),
        ),
    ]
