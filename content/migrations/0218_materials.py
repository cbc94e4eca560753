"""Materials, their files by content, and smaller pictures."""

import content.media.models
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0217_event_types_of_plans_are_validated"),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('media_type', models.CharField(choices=[('application/pdf', 'application/pdf'), ('image/png', 'image/png'), ('image/jpeg', 'image/jpeg'), ('image/webp', 'image/webp'), ('audio/mpeg', 'audio/mpeg'), ('audio/mp4', 'audio/mp4'), ('audio/ogg', 'audio/ogg'), ('video/mp4', 'video/mp4'), ('video/webm', 'video/webm'), ('text/vtt', 'text/vtt')], max_length=40)),
                ('size', models.PositiveBigIntegerField()),
                ('width', models.PositiveIntegerField(blank=True, null=True)),
                ('height', models.PositiveIntegerField(blank=True, null=True)),
                ('seconds', models.PositiveIntegerField(blank=True, null=True)),
                ('has_text', models.BooleanField(blank=True, null=True)),
                ('stored_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='content.storedfile')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rendition_of', to='content.storedfile')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.media.models.new_material_key, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('leaflet', 'Leaflet'), ('handbook', 'Handbook'), ('infographic', 'Infographic'), ('video', 'Video'), ('audio', 'Audio'), ('presentation', 'Presentation')], max_length=12, verbose_name='kind')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='summary')),
                ('language', models.CharField(choices=[('vi', 'Vietnamese'), ('en', 'English'), ('tyz', 'Tày'), ('blt', 'Thái'), ('mtq', 'Mường'), ('km', 'Khmer'), ('hmn', 'Hmong'), ('cjm', 'Chăm'), ('sgn', 'Sign language')], default='vi', max_length=3, verbose_name='language')),
                ('audiences', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('everybody', 'Everybody'), ('ethnic_minorities', 'Ethnic minorities'), ('remote_areas', 'People of mountains, borders and islands, fishermen'), ('workers', 'Workers in enterprises'), ('violence_victims', 'Victims of domestic violence'), ('disabled_people', 'People with disabilities'), ('prisoners', 'People serving sentences'), ('on_probation', 'People on probation or educated in the commune'), ('students', 'Pupils and students'), ('businesses', 'Businesses'), ('officials', 'Officials and armed forces')], max_length=20), blank=True, default=list, size=None)),
                ('licence', models.CharField(blank=True, max_length=300, verbose_name='licence')),
                ('credits', models.CharField(blank=True, max_length=500, verbose_name='credits')),
                ('group', models.CharField(blank=True, max_length=20)),
                ('external_provider', models.CharField(blank=True, choices=[('youtube', 'YouTube'), ('facebook', 'Facebook'), ('zalo', 'Zalo'), ('other', 'Another site')], max_length=10)),
                ('external_id', models.CharField(blank=True, max_length=100)),
                ('external_url', models.URLField(blank=True, max_length=500, verbose_name='external address')),
                ('transcript', models.TextField(blank=True, max_length=200000, verbose_name='transcript')),
                ('full_text', models.TextField(blank=True, max_length=200000, verbose_name='full text')),
                ('seconds', models.PositiveIntegerField(blank=True, null=True, verbose_name='length in seconds')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9, verbose_name='status')),
                ('withdrawal_reason', models.TextField(blank=True, verbose_name='why it was withdrawn')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('search_words', django.contrib.postgres.search.SearchVectorField(db_default='', default='', editable=False)),
                ('search_codes', models.BinaryField(db_default=b'', default=b'')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('basis', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='material', to='content.basis')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='content.organisation', verbose_name='organisation')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='content.province', verbose_name='province')),
                ('topics', models.ManyToManyField(blank=True, related_name='materials', to='content.topic', verbose_name='topics')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'material',
                'verbose_name_plural': 'materials',
                'ordering': ['-pk'],
                'permissions': [('publish_material', 'Can publish, correct and withdraw materials of others')],
            },
        ),
        migrations.CreateModel(
            name='MaterialFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('main', 'The material itself'), ('poster', 'Poster'), ('captions', 'Captions (WebVTT)'), ('sign', 'Sign language video')], max_length=8, verbose_name='role')),
                ('language', models.CharField(choices=[('vi', 'Vietnamese'), ('en', 'English'), ('tyz', 'Tày'), ('blt', 'Thái'), ('mtq', 'Mường'), ('km', 'Khmer'), ('hmn', 'Hmong'), ('cjm', 'Chăm'), ('sgn', 'Sign language')], max_length=3, verbose_name='language')),
                ('alt_text', models.CharField(blank=True, max_length=1000, verbose_name='text alternative')),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='content.material')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='content.storedfile')),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='stored_files_have_a_hash'),
        ),
        migrations.AddIndex(
            model_name='material',
            index=models.Index(models.F('published_at'), condition=models.Q(('status', 'published')), name='materials_public_by_day'),
        ),
        migrations.AddIndex(
            model_name='material',
            index=models.Index(models.F('status'), models.F('id'), name='materials_by_status'),
        ),
        migrations.AddIndex(
            model_name='material',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_words'], name='materials_search_words'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('status__in', ['draft', 'in_review'])), models.Q(('changed_at__isnull', False), ('published_at__isnull', False), ('status__in', ['published', 'withdrawn'])), _connector='OR'), name='materials_public_were_published'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review']), models.Q(('licence', ''), _negated=True), _connector='OR'), name='materials_public_have_a_licence'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('written_by', None), models.Q(('approved_by', models.F('written_by')), _negated=True), _connector='OR'), name='materials_are_published_by_another'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review']), ('approved_by__isnull', False), ('is_sample', True), _connector='OR'), name='materials_published_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('withdrawal_reason', ''), ('withdrawn_at', None)), _connector='OR'), name='materials_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('external_id', ''), ('external_provider', ''), ('external_url', '')), models.Q(models.Q(('external_url', ''), _negated=True), models.Q(('external_provider', ''), _negated=True)), _connector='OR'), name='materials_name_the_network_of_an_address'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'published'), models.Q(('group', ''), _negated=True)), fields=('group', 'language'), name='materials_one_per_language_of_a_group'),
        ),
        migrations.AddConstraint(
            model_name='rendition',
            constraint=models.UniqueConstraint(fields=('original', 'stored'), name='renditions_once'),
        ),
        migrations.AddConstraint(
            model_name='materialfile',
            constraint=models.UniqueConstraint(fields=('material', 'role', 'language'), name='material_files_once'),
        ),
        migrations.AddConstraint(
            model_name='materialfile',
            constraint=models.UniqueConstraint(condition=models.Q(('role__in', ['main', 'poster'])), fields=('material', 'role'), name='material_files_one_main'),
        ),
    ]
