"""What lies on somebody's desk and is not in the library yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0011_documents_are_reviewed_and_withdrawn'),
    ]

    operations = [
        migrations.CreateModel(
            name='Manuscript',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('columns', models.JSONField(default=dict)),
                ('file_name', models.CharField(blank=True, max_length=255)),
                ('file_type', models.CharField(blank=True, max_length=100)),
                ('file_content', models.BinaryField(blank=True, null=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('notify', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='manuscript',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='manuscripts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='manuscript',
            name='document',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='manuscripts', to='content.legaldocument'),
        ),
        migrations.AddField(
            model_name='manuscript',
            name='topics',
            field=models.ManyToManyField(blank=True, related_name='+', to='content.topic'),
        ),
        migrations.AddConstraint(
            model_name='manuscript',
            constraint=models.UniqueConstraint(condition=models.Q(('proposed_at__isnull', False)), fields=('document',), name='manuscripts_one_proposal_a_document'),
        ),
        migrations.AddConstraint(
            model_name='manuscript',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_at', None), models.Q(('document__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='manuscripts_proposals_are_of_a_document_and_have_a_reason'),
        ),
    ]
