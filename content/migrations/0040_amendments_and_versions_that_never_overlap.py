import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0032_who_decides_relations")]
    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('orders', models.JSONField()),
                ('eids', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None)),
                ('applied_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'amendment',
                'verbose_name_plural': 'amendments',
                'ordering': ['on', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='statusevent',
            name='status_events_of_taking_effect_have_a_day',
        ),
        migrations.AlterField(
            model_name='statusevent',
            name='kind',
            field=models.CharField(choices=[('takes_effect', 'Takes effect'), ('expires', 'Expires'), ('amended', 'Amended'), ('suspended', 'Suspended'), ('resumed', 'Resumes'), ('no_longer_suitable', 'No longer suitable')], max_length=20),
        ),
        migrations.AddField(
            model_name='amendment',
            name='act',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments_made', to='content.legaldocument'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='applied_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='amendment',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendments', to='content.legaldocument'),
        ),
        migrations.AddField(
            model_name='provisionversion',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='versions_ended', to='content.amendment'),
        ),
        migrations.AddField(
            model_name='provisionversion',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='versions_made', to='content.amendment'),
        ),
        migrations.AddField(
            model_name='statusevent',
            name='amendment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='status_events', to='content.amendment'),
        ),
        migrations.AddConstraint(
            model_name='provisionversion',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('provision', '='), (models.Func('valid_from', 'valid_until', function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='versions_never_overlap'),
        ),
        migrations.AddConstraint(
            model_name='statusevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'takes_effect'), ('scope', 'whole'), _negated=True), ('on__isnull', False), _connector='OR'), name='status_events_of_taking_effect_have_a_day'),
        ),
        migrations.AddConstraint(
            model_name='statusevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'amended'), _negated=True), models.Q(('on__isnull', False), ('scope', 'part')), _connector='OR'), name='status_events_amend_in_part'),
        ),
    ]
