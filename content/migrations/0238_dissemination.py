"""Outlets, placements, short addresses and their counts."""

import content.dissemination.models
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0237_staff_hold_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outlet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.dissemination.models.new_outlet_key, max_length=20, unique=True, verbose_name='key')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outlets', to='content.organisation', verbose_name='organisation')),
                ('kind', models.CharField(choices=[('facebook', 'Facebook'), ('zalo', 'Zalo'), ('youtube', 'YouTube'), ('tv', 'Television'), ('radio', 'Radio'), ('loudspeaker', 'Loudspeaker'), ('notice_board', 'Notice board'), ('press', 'Press'), ('meeting', 'Meeting'), ('site', 'Website')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('address', models.CharField(blank=True, max_length=500, verbose_name='address or place')),
                ('secret_hash', models.CharField(blank=True, max_length=64)),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'outlet',
                'verbose_name_plural': 'outlets',
                'ordering': ['organisation', 'kind', 'name'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'kind', 'name'), name='outlets_once')],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(choices=[('document', 'Document or article'), ('question', 'Answer'), ('event', 'Event'), ('contest', 'Contest'), ('material', 'Material')], max_length=8)),
                ('subject_key', models.CharField(max_length=200)),
                ('eid', models.CharField(blank=True, max_length=120)),
                ('code', models.CharField(default=content.dissemination.models.new_code, max_length=7, unique=True)),
                ('outlet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='content.outlet')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_key', 'eid', 'outlet'), name='share_links_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='LinkDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='content.sharelink')),
                ('day', models.DateField()),
                ('opened', models.PositiveIntegerField(default=0)),
                ('previews', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['day'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('link', 'day'), name='link_days_once')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(choices=[('document', 'Document or article'), ('question', 'Answer'), ('event', 'Event'), ('contest', 'Contest'), ('material', 'Material')], max_length=8)),
                ('subject_key', models.CharField(max_length=200)),
                ('eid', models.CharField(blank=True, max_length=120)),
                ('key', models.CharField(default=content.dissemination.models.new_placement_key, max_length=20, unique=True, verbose_name='key')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='content.outlet', verbose_name='outlet')),
                ('wave', models.PositiveIntegerField(default=1)),
                ('form', models.CharField(choices=[('press_release', 'Press conference or release (clause 1)'), ('direct', 'Direct dissemination, advice, information and materials (clause 2)'), ('mass_media', 'Mass media, loudspeakers, internet, posters, Gazette, websites, notice boards (clause 3)'), ('contest', 'Contests about law (clause 4)'), ('casework', 'Trials, sanctions, reception of citizens, complaints, legal aid, mediation (clause 5)'), ('culture', 'Culture, clubs, law bookcases (clause 6)'), ('education', 'Programmes of education in schools (clause 7)'), ('other', 'Other forms (clause 8)')], max_length=13, verbose_name='form')),
                ('text', models.TextField(max_length=5000, verbose_name='text')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='content.sharelink')),
                ('status', models.CharField(choices=[('proposed', 'Waits for a second person'), ('queued', 'Queued'), ('placed', 'Placed'), ('failed', 'Failed'), ('unsure', 'Unsure')], default='queued', max_length=8, verbose_name='status')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('placed_at', models.DateTimeField(blank=True, null=True, verbose_name='placed at')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('error', models.CharField(blank=True, max_length=500)),
                ('placed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('again_of', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='again', to='content.placement')),
            ],
            options={
                'verbose_name': 'placement',
                'verbose_name_plural': 'placements',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_key', 'eid', 'outlet', 'wave'), name='placements_once'), models.CheckConstraint(condition=models.Q(models.Q(('placed_at__isnull', False), ('status', 'placed')), models.Q(models.Q(('status', 'placed'), _negated=True), ('placed_at', None)), _connector='OR'), name='placements_placed_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'unsure'), _negated=True), ('claimed_at__isnull', False), _connector='OR'), name='placements_unsure_were_claimed'), models.CheckConstraint(condition=models.Q(('placed_by', None), ('approved_by', None), models.Q(('approved_by', models.F('placed_by')), _negated=True), _connector='OR'), name='placements_of_two_people')],
                'indexes': [models.Index(models.F('outlet'), models.F('id'), condition=models.Q(('status', 'queued')), name='placements_queued'), models.Index(models.F('placed_at'), condition=models.Q(('status', 'placed')), name='placements_by_day')],
            },
        ),
        migrations.CreateModel(
            name='PlacementCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='content.placement')),
                ('day', models.DateField(verbose_name='day')),
                ('source', models.CharField(max_length=200, verbose_name='who says so')),
                ('reach', models.PositiveIntegerField(blank=True, null=True, verbose_name='people reached')),
                ('views', models.PositiveIntegerField(blank=True, null=True, verbose_name='views')),
                ('copies', models.PositiveIntegerField(blank=True, null=True, verbose_name='copies')),
                ('attendees', models.PositiveIntegerField(blank=True, null=True, verbose_name='attendees')),
            ],
            options={
                'ordering': ['day', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('placement', 'day', 'source'), name='placement_counts_once'), models.CheckConstraint(condition=models.Q(('reach__isnull', False), ('views__isnull', False), ('copies__isnull', False), ('attendees__isnull', False), _connector='OR'), name='placement_counts_say_something')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(max_length=64, unique=True)),
                ('picture', models.BinaryField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
