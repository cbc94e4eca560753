"""What documents do to others, as proposals and as facts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0021_documents_have_other_numbers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('repeals', 'repeals'), ('based_on', 'is based on'), ('cites', 'refers to'), ('stays', 'halts the enforcement of'), ('corrects', 'corrects'), ('consolidates', 'consolidates'), ('guides', 'guides the application of'), ('implements', 'details and guides the implementation of'), ('amends', 'amends'), ('suspends', 'suspends the effect of'), ('replaces', 'replaces'), ('interprets', 'interprets'), ('promulgates', 'promulgates')], max_length=12)),
                ('target_type', models.CharField(blank=True, choices=[('constitution', 'Constitution'), ('code', 'Code'), ('law', 'Law'), ('ordinance', 'Ordinance'), ('resolution', 'Resolution'), ('joint_resolution', 'Joint resolution'), ('order', 'Order'), ('decision', 'Decision'), ('decree', 'Decree'), ('circular', 'Circular'), ('joint_circular', 'Joint circular'), ('directive', 'Directive'), ('decree_law', 'Decree-law'), ('edict', 'Edict'), ('consolidated_text', 'Consolidated text'), ('official_letter', 'Official letter'), ('plan', 'Plan'), ('notice', 'Notice'), ('report', 'Report'), ('programme', 'Programme'), ('guidance', 'Guidance'), ('urgent_dispatch', 'Urgent dispatch'), ('treaty', 'Treaty'), ('other', 'Other document')], max_length=20)),
                ('target_text', models.TextField()),
                ('target_number', models.CharField(blank=True, max_length=100)),
                ('target_key', models.CharField(max_length=160)),
                ('target_issued_on', models.DateField(blank=True, null=True)),
                ('scope', models.CharField(choices=[('whole', 'Whole'), ('part', 'In part')], max_length=5)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('source_eid', models.CharField(blank=True, max_length=120)),
                ('target_eids', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None)),
                ('evidence', models.TextField(blank=True)),
                ('stated_by', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected')], default='proposed', max_length=10)),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='content.legaldocument')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='suffered_relations', to='content.legaldocument')),
            ],
            options={
                'ordering': ['pk'],
                'permissions': [('confirm_relation', 'Can confirm relation')],
                'indexes': [models.Index(models.F('target_key'), condition=models.Q(('target', None)), name='relations_awaiting_a_document'), models.Index(models.F('state'), models.F('kind'), models.F('id'), name='relations_by_state')],
                'constraints': [models.UniqueConstraint(fields=('actor', 'kind', 'scope', 'target_key', 'source_eid'), name='relations_once'), models.CheckConstraint(condition=models.Q(('target', models.F('actor')), _negated=True), name='relations_are_with_others'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='relations_decided_at_when_decided')],
            },
        ),
    ]
