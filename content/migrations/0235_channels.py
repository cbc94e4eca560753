"""Playlists, channels and what is on the air when."""

import content.channel.models
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0234_computed_indicators"),
    ]

    operations = [
        migrations.CreateModel(
            name='Playlist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='summary')),
                ('language', models.CharField(choices=[('vi', 'Vietnamese'), ('en', 'English'), ('tyz', 'Tày'), ('blt', 'Thái'), ('mtq', 'Mường'), ('km', 'Khmer'), ('hmn', 'Hmong'), ('cjm', 'Chăm'), ('sgn', 'Sign language')], default='vi', max_length=3, verbose_name='language')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.organisation', verbose_name='organisation')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('key', models.CharField(default=content.channel.models.new_playlist_key, max_length=20, unique=True, verbose_name='key')),
            ],
            options={
                'verbose_name': 'playlist',
                'verbose_name_plural': 'playlists',
                'ordering': ['-pk'],
                'abstract': False,
                'indexes': [models.Index(models.F('published_at'), condition=models.Q(('published_at__isnull', False)), name='playlists_public')],
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='summary')),
                ('language', models.CharField(choices=[('vi', 'Vietnamese'), ('en', 'English'), ('tyz', 'Tày'), ('blt', 'Thái'), ('mtq', 'Mường'), ('km', 'Khmer'), ('hmn', 'Hmong'), ('cjm', 'Chăm'), ('sgn', 'Sign language')], default='vi', max_length=3, verbose_name='language')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.organisation', verbose_name='organisation')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('key', models.CharField(default=content.channel.models.new_channel_key, max_length=20, unique=True, verbose_name='key')),
                ('filler', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='content.playlist', verbose_name='filling playlist')),
                ('epoch', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'channel',
                'verbose_name_plural': 'channels',
                'ordering': ['-pk'],
                'abstract': False,
                'indexes': [models.Index(models.F('published_at'), condition=models.Q(('published_at__isnull', False)), name='channels_public')],
            },
        ),
        migrations.CreateModel(
            name='PlaylistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('playlist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='content.playlist')),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='in_playlists', to='content.material')),
                ('position', models.PositiveIntegerField()),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['position'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('playlist', 'position'), name='playlist_positions_once'), models.UniqueConstraint(fields=('playlist', 'material'), name='playlist_materials_once')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.channel.models.new_slot_key, max_length=20, unique=True, verbose_name='key')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='content.channel')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='from and until')),
                ('material', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='content.material', verbose_name='material')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('live_url', models.URLField(blank=True, max_length=500, verbose_name='live address')),
                ('told_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['during'],
                'default_permissions': (),
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('channel', '='), ('during', '&&')], name='slots_never_overlap'), models.CheckConstraint(condition=models.Q(('during__endswith__isnull', False), ('during__isempty', False), ('during__startswith__isnull', False)), name='slots_begin_and_end'), models.CheckConstraint(condition=models.Q(models.Q(('live_url', ''), ('material__isnull', False), ('title', '')), models.Q(('material', None), models.Q(('live_url', ''), _negated=True), models.Q(('title', ''), _negated=True)), _connector='OR'), name='slots_have_a_material_or_an_address')],
                'indexes': [models.Index(models.Func(models.F('during'), function='lower'), condition=models.Q(('material', None), ('told_at', None)), name='slots_live_to_tell')],
            },
        ),
    ]
