"""Tables of the installations that are followed, of what is held of them, what waits and what is in conflict."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0201_copies_have_a_home'),
    ]

    operations = [
        migrations.CreateModel(
            name='Peer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('url', models.CharField(max_length=300, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('keys', models.JSONField(blank=True, default=dict)),
                ('offered_keys', models.JSONField(blank=True, default=dict)),
                ('objects_wanted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='objects wanted')),
                ('scope', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name='speaks for')),
                ('notifies', models.BooleanField(default=False, verbose_name='tells our followers')),
                ('relays', models.BooleanField(default=False, verbose_name='also brings copies of others')),
                ('state', models.CharField(choices=[('new', 'Waits for the second person'), ('loading', 'Loading'), ('following', 'Following'), ('away', 'Away'), ('forked', 'Has another history'), ('refused', 'Refused'), ('paused', 'Paused')], default='new', max_length=10, verbose_name='state')),
                ('bookmark', models.BigIntegerField(default=0)),
                ('chain', models.CharField(blank=True, max_length=64)),
                ('head', models.JSONField(blank=True, null=True)),
                ('other_head', models.JSONField(blank=True, null=True)),
                ('loaded_at', models.DateTimeField(blank=True, null=True)),
                ('load_export', models.CharField(blank=True, max_length=40)),
                ('load_line', models.PositiveIntegerField(default=0)),
                ('load_lines', models.PositiveIntegerField(default=0)),
                ('is_new_beginning', models.BooleanField(default=False)),
                ('last_ok_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by', None), ('added_by', None), models.Q(('confirmed_by', models.F('added_by')), _negated=True), _connector='OR'), name='peers_are_confirmed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['loading', 'following', 'away']), _negated=True), models.Q(('keys', {}), _negated=True), _connector='OR'), name='peers_that_are_read_have_a_pinned_key')],
                'verbose_name': 'other installation',
                'verbose_name_plural': 'other installations',
                'ordering': ['pk'],
                'permissions': [('manage_peer', 'Can manage other installations')],
            },
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=200)),
                ('home', models.CharField(max_length=200)),
                ('record_hash', models.CharField(max_length=64)),
                ('of_change', models.BigIntegerField()),
                ('received_at', models.DateTimeField(auto_now=True)),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='content.peer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('object', 'subject'), name='origins_once')],
            },
        ),
        migrations.CreateModel(
            name='Witness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=200)),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now=True)),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='content.peer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('peer', 'object', 'subject'), name='witnesses_once')],
                'verbose_name_plural': 'witnesses',
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=200)),
                ('lines', models.JSONField(default=list)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField()),
                ('error', models.TextField()),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='content.peer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('peer', 'object', 'subject'), name='waiting_once')],
                'verbose_name': 'waiting object',
                'verbose_name_plural': 'waiting objects',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('words', 'The same law with other words'), ('key', 'The key is taken by another object'), ('scope', 'Outside what the installation speaks for'), ('gone', 'Not in the new history')], max_length=10, verbose_name='kind')),
                ('ours', models.CharField(blank=True, max_length=64)),
                ('theirs', models.CharField(blank=True, max_length=64)),
                ('record', models.JSONField(null=True)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('decision', models.CharField(blank=True, choices=[('ours', 'Keep what we have'), ('theirs', 'Take theirs')], max_length=10, verbose_name='decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='content.peer')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decision', '')), models.Q(models.Q(('decision', ''), _negated=True), ('decided_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='conflicts_are_decided_with_a_reason'), models.UniqueConstraint(condition=models.Q(('decision', '')), fields=('peer', 'object', 'subject', 'kind'), name='conflicts_one_open_each')],
                'verbose_name': 'conflict of installations',
                'verbose_name_plural': 'conflicts of installations',
                'ordering': ['pk'],
                'permissions': [('decide_conflict', 'Can decide conflicts of installations')],
            },
        ),
    ]
