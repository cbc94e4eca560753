"""Programmes, duties, plans, indicators and what was measured. Each table has its foreign keys from the start."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0213_event_types_of_provinces_are_validated'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('kept_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_vi', models.CharField(max_length=300)),
                ('name_en', models.CharField(blank=True, max_length=300)),
                ('key', models.CharField(max_length=100, unique=True)),
                ('act_number', models.CharField(max_length=100)),
                ('act_issued_on', models.DateField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('act', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.legaldocument')),
            ],
            options={
                'ordering': ['valid_from', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='programmes_end_after_they_start')],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_vi', models.CharField(max_length=300)),
                ('name_en', models.CharField(blank=True, max_length=300)),
                ('code', models.CharField(max_length=60, unique=True)),
                ('unit', models.CharField(choices=[('percent', 'Percent'), ('count', 'Count'), ('yes_no', 'Yes or no')], max_length=7)),
                ('direction', models.CharField(choices=[('up', 'More is better'), ('down', 'Less is better')], default='up', max_length=4)),
                ('breakdown', models.CharField(choices=[('none', 'Not broken down'), ('province', 'By province'), ('ministry', 'By ministry'), ('area', 'By area')], default='none', max_length=8)),
                ('method', models.CharField(default='reported', max_length=60)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='content.programme')),
            ],
            options={
                'ordering': ['programme', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('operator', models.CharField(choices=[('at_least', 'At least'), ('at_most', 'At most'), ('equal', 'Exactly')], default='at_least', max_length=8)),
                ('value', models.DecimalField(decimal_places=6, max_digits=20)),
                ('area', models.CharField(choices=[('all', 'All'), ('urban', 'Urban'), ('rural', 'Rural')], default='all', max_length=5)),
                ('provision', models.CharField(blank=True, max_length=300)),
                ('read_on', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('is_public', models.BooleanField(default=False)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='content.indicator')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['due_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'due_on', 'area', 'value', 'provision', 'source'), name='targets_once'), models.CheckConstraint(condition=models.Q(('is_public', False), models.Q(models.Q(('provision', ''), _negated=True), ('read_on__isnull', False)), models.Q(('source', ''), _negated=True), _connector='OR'), name='targets_public_have_a_source'), models.CheckConstraint(condition=models.Q(('published_by', None), ('entered_by', None), models.Q(('published_by', models.F('entered_by')), _negated=True), _connector='OR'), name='targets_are_published_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1945), django.core.validators.MaxValueValidator(2100)])),
                ('due_on', models.DateField(blank=True, null=True)),
                ('basis', models.CharField(max_length=300)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='content.organisation')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='content.programme')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'year', 'organisation'), name='duties_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='duties_have_a_basis')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('year', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1945), django.core.validators.MaxValueValidator(2100)])),
                ('number', models.CharField(blank=True, max_length=100)),
                ('number_key', models.CharField(blank=True, max_length=120)),
                ('adopted_on', models.DateField(blank=True, null=True)),
                ('period_from', models.DateField(blank=True, null=True)),
                ('period_until', models.DateField(blank=True, null=True)),
                ('title', models.CharField(max_length=500)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('corrected_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawal_reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('adopter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='content.organisation')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='content.legaldocument')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='content.plan')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='content.planfile')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='content.programme')),
            ],
            options={
                'verbose_name': 'plan',
                'verbose_name_plural': 'plans',
                'ordering': ['-pk'],
                'permissions': [('publish_plan', 'Can publish plans and measurements that others entered')],
                'indexes': [models.Index(fields=['programme', 'status', 'adopter'], name='plans_of_programmes')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'withdrawn'), _negated=True), fields=('programme', 'adopter', 'year', 'number_key', 'adopted_on'), name='plans_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('period_from', None), ('period_until', None), ('period_until__gt', models.F('period_from')), _connector='OR'), name='plans_end_after_they_begin'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('document__isnull', False), ('file__isnull', False), models.Q(('source_url', ''), _negated=True), _connector='OR'), name='plans_published_can_be_read'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('published_at__isnull', False)), _connector='OR'), name='plans_published_at_when_published'), models.CheckConstraint(condition=models.Q(('published_by', None), ('written_by', None), models.Q(('published_by', models.F('written_by')), _negated=True), _connector='OR'), name='plans_are_published_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('withdrawn_at', None)), _connector='OR'), name='plans_withdrawn_say_why')],
            },
        ),
        migrations.CreateModel(
            name='PlanStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('source', models.CharField(max_length=300)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('adopter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_statements', to='content.organisation')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='content.programme')),
            ],
            options={
                'verbose_name': 'plan statement',
                'verbose_name_plural': 'plan statements',
                'ordering': ['on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'adopter', 'on'), name='plan_statements_once_a_day'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='plan_statements_have_a_source')],
            },
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(choices=[('all', 'All'), ('urban', 'Urban'), ('rural', 'Rural')], default='all', max_length=5)),
                ('period_from', models.DateField()),
                ('period_until', models.DateField()),
                ('value', models.DecimalField(decimal_places=6, max_digits=20)),
                ('numerator', models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                ('denominator', models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                ('source', models.CharField(max_length=300)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.legaldocument')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='content.indicator')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='content.organisation')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='content.province')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='content.measurement')),
            ],
            options={
                'verbose_name': 'measurement',
                'verbose_name_plural': 'measurements',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'province', 'organisation', 'area', 'period_from', 'period_until', 'source', 'replaces'), name='measurements_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('period_until__gt', models.F('period_from'))), name='measurements_end_after_they_begin'), models.CheckConstraint(condition=models.Q(models.Q(('denominator', None), ('numerator', None)), models.Q(('denominator__gt', 0), ('numerator__isnull', False)), _connector='OR'), name='measurements_have_a_denominator'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='measurements_have_a_source'), models.CheckConstraint(condition=models.Q(('approved_by', None), ('entered_by', None), models.Q(('approved_by', models.F('entered_by')), _negated=True), _connector='OR'), name='measurements_are_approved_by_another')],
            },
        ),
    ]
