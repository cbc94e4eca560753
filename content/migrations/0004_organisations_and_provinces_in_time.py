import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0003_topics_and_issuing_bodies'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='kind',
            field=models.CharField(choices=[('national_assembly', 'National Assembly'), ('president', 'President'), ('government', 'Government'), ('prime_minister', 'Prime Minister'), ('ministry', 'Ministry'), ('ministerial_agency', 'Ministerial-level agency'), ('court', 'Court'), ('procuracy', 'Procuracy'), ('audit', 'State Audit'), ('local_council', "People's Council"), ('local_committee', "People's Committee")], default='', max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='organisation',
            name='level',
            field=models.CharField(choices=[('central', 'Central'), ('local', 'Local')], default='', max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='organisation',
            name='name_en',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='organisation',
            name='valid_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='organisation',
            name='valid_to',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='Province',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100, unique=True)),
                ('code', models.CharField(max_length=2)),
                ('name', models.CharField(max_length=100)),
                ('short_name', models.CharField(max_length=100)),
                ('type', models.CharField(choices=[('province', 'Province'), ('city', 'Centrally run city')], max_length=10)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='content.province')),
            ],
            options={
                'ordering': ['code', models.OrderBy(models.F('valid_from'), nulls_first=True)],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(blank=True, max_length=200)),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_on', to='content.organisation')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_over', to='content.organisation')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='successors',
            field=models.ManyToManyField(blank=True, related_name='predecessors', through='content.Succession', through_fields=('predecessor', 'successor'), to='content.organisation'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='organisations_end_after_they_start'),
        ),
        migrations.AddConstraint(
            model_name='province',
            constraint=models.UniqueConstraint(fields=('code', 'valid_from'), name='provinces_code_begins_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='province',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('code',), name='provinces_code_stands_once'),
        ),
        migrations.AddConstraint(
            model_name='province',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{2}$')), name='provinces_code_is_two_digits'),
        ),
        migrations.AddConstraint(
            model_name='province',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['province', 'city'])), name='provinces_type_is_known'),
        ),
        migrations.AddConstraint(
            model_name='province',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='provinces_end_after_they_start'),
        ),
        migrations.AddConstraint(
            model_name='province',
            constraint=models.CheckConstraint(condition=models.Q(('successor', None), ('valid_to__isnull', False), _connector='OR'), name='provinces_with_a_successor_have_ended'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.UniqueConstraint(fields=('predecessor', 'successor'), name='successions_once'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='successions_are_to_another'),
        ),
    ]
