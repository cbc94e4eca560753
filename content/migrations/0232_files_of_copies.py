"""The files that copies have at their homes are known by their SHA-256, and fetched later."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0231_conflicts_may_be_of_two_documents'),
    ]

    operations = [
        migrations.CreateModel(
            name='CopiedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('fetched_at', models.DateTimeField(blank=True, null=True)),
                ('is_ours', models.BooleanField(default=False)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copied_files', to='content.legaldocument')),
            ],
            options={
                'indexes': [models.Index(models.F('next_try_at'), condition=models.Q(('fetched_at', None)), name='copied_files_missing')],
                'constraints': [models.UniqueConstraint(fields=('document', 'sha256'), name='copied_files_once')],
            },
        ),
    ]
