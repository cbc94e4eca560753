"""Layers on provisions, the words they explain, and who may judge which language."""

import content.provision_layers.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0221_staff_hold_materials'),
    ]

    operations = [
        migrations.CreateModel(
            name='Layer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.provision_layers.models.new_layer_key, max_length=20, unique=True, verbose_name='key')),
                ('eid', models.CharField(max_length=120, verbose_name='provision')),
                ('kind', models.CharField(choices=[('summary', 'Summary in plain words'), ('translation', 'Translation'), ('audio', 'Audio'), ('sign', 'Sign language')], max_length=11, verbose_name='kind')),
                ('language', models.CharField(choices=[('vi', 'Vietnamese'), ('en', 'English'), ('tyz', 'Tày'), ('blt', 'Thái'), ('mtq', 'Mường'), ('km', 'Khmer'), ('hmn', 'Hmong'), ('cjm', 'Chăm'), ('sgn', 'Sign language')], default='vi', max_length=3, verbose_name='language')),
                ('text', models.TextField(blank=True, max_length=20000, verbose_name='text')),
                ('is_machine', models.BooleanField(default=False, verbose_name='written by a machine')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9, verbose_name='status')),
                ('withdrawal_reason', models.TextField(blank=True, verbose_name='why it was withdrawn')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('outdated_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='layers', to='content.legaldocument', verbose_name='document')),
                ('material', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='layers', to='content.material', verbose_name='material')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'layer',
                'verbose_name_plural': 'layers',
                'ordering': ['pk'],
                'permissions': [('publish_layer', 'Can publish, confirm and withdraw layers of others')],
            },
        ),
        migrations.CreateModel(
            name='LayerText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_hash', models.CharField(max_length=64)),
                ('read_on', models.DateField()),
                ('layer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='content.layer')),
                ('read_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewerLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('vi', 'Vietnamese'), ('en', 'English'), ('tyz', 'Tày'), ('blt', 'Thái'), ('mtq', 'Mường'), ('km', 'Khmer'), ('hmn', 'Hmong'), ('cjm', 'Chăm'), ('sgn', 'Sign language')], max_length=3, verbose_name='language')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviewer_languages', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'language of a reviewer',
                'verbose_name_plural': 'languages of reviewers',
                'ordering': ['user', 'language'],
            },
        ),
        migrations.AddIndex(
            model_name='layer',
            index=models.Index(fields=['document', 'eid'], name='layers_of_a_provision'),
        ),
        migrations.AddConstraint(
            model_name='layer',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('document', 'eid', 'kind', 'language'), name='layers_one_public_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='layer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['summary', 'translation']), ('material', None), models.Q(('text', ''), _negated=True)), models.Q(('kind__in', ['audio', 'sign']), ('material__isnull', False), ('text', '')), _connector='OR'), name='layers_have_a_text_or_a_material'),
        ),
        migrations.AddConstraint(
            model_name='layer',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('written_by', None), models.Q(('approved_by', models.F('written_by')), _negated=True), _connector='OR'), name='layers_are_published_by_another'),
        ),
        migrations.AddConstraint(
            model_name='layer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('status', 'draft')), models.Q(('approved_by__isnull', False), ('changed_at__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='layers_public_were_approved'),
        ),
        migrations.AddConstraint(
            model_name='layer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), models.Q(('withdrawal_reason', ''), _negated=True)), models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('withdrawal_reason', '')), _connector='OR'), name='layers_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='layer',
            constraint=models.CheckConstraint(condition=models.Q(('eid', ''), _negated=True), name='layers_are_of_a_provision'),
        ),
        migrations.AddConstraint(
            model_name='layertext',
            constraint=models.UniqueConstraint(fields=('layer', 'text_hash'), name='layer_texts_once'),
        ),
        migrations.AddConstraint(
            model_name='reviewerlanguage',
            constraint=models.UniqueConstraint(fields=('user', 'language'), name='reviewer_languages_once'),
        ),
    ]
