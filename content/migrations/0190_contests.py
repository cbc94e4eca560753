"""Question banks, contests with their rounds, attempts and counts, and winners."""

import content.contests.models.attempts
import content.contests.models.contests
import content.question_banks.models
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0181_effects_of_chapters_name_their_articles'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionBank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.question_banks.models.new_bank_key, max_length=20, unique=True)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.organisation', verbose_name='organisation')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'question bank',
                'verbose_name_plural': 'question banks',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='QuizQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.question_banks.models.new_question_key, max_length=20)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('single', 'One right choice'), ('true_false', 'True or false'), ('fill_in', 'Fill in')], max_length=10, verbose_name='kind')),
                ('text', models.TextField(max_length=2000, verbose_name='question')),
                ('choices', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(max_length=1000), blank=True, default=list, size=None)),
                ('right', models.PositiveIntegerField(blank=True, null=True, verbose_name='right choice')),
                ('accepted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('accents_count', models.BooleanField(default=True, verbose_name='accents count')),
                ('keeps_order', models.BooleanField(default=False, verbose_name='choices keep their order')),
                ('explanation', models.TextField(blank=True, max_length=2000, verbose_name='explanation')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('licence', models.CharField(blank=True, max_length=100, verbose_name='licence')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('approved', 'Approved'), ('replaced', 'Replaced'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9, verbose_name='status')),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='content.questionbank', verbose_name='question bank')),
                ('basis', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='quiz_question', to='content.basis')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quiz_questions', to='content.topic', verbose_name='topic')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'quiz question',
                'verbose_name_plural': 'quiz questions',
                'ordering': ['pk'],
                'permissions': [('approve_quizquestion', 'Can approve quiz questions')],
            },
        ),
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.contests.models.contests.new_contest_key, max_length=20, unique=True)),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('text', models.TextField(blank=True, max_length=10000, verbose_name='description')),
                ('prizes', models.TextField(blank=True, max_length=10000, verbose_name='prizes')),
                ('audiences', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('everybody', 'Everybody'), ('ethnic_minorities', 'Ethnic minorities'), ('remote_areas', 'People of mountains, borders and islands, fishermen'), ('workers', 'Workers in enterprises'), ('violence_victims', 'Victims of domestic violence'), ('disabled_people', 'People with disabilities'), ('prisoners', 'People serving sentences'), ('on_probation', 'People on probation or educated in the commune'), ('students', 'Pupils and students'), ('businesses', 'Businesses'), ('officials', 'Officials and armed forces')], max_length=20), blank=True, default=list, size=None)),
                ('max_attempts', models.PositiveIntegerField(blank=True, default=1, null=True, verbose_name='attempts in a round')),
                ('score_policy', models.CharField(choices=[('best', 'The best attempt'), ('last', 'The last attempt'), ('first', 'The first attempt')], default='best', max_length=5, verbose_name='which attempt counts')),
                ('ranking', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('correct', 'Correct answers'), ('duration', 'Time taken'), ('prediction', 'Distance of the prediction'), ('submitted_at', 'Earlier submission'), ('draw', 'Drawing of lots by the organiser')], max_length=12), default=content.contests.models.contests.default_ranking, size=None)),
                ('prediction_of', models.CharField(blank=True, choices=[('', 'Nothing'), ('contestants', 'Number of contestants'), ('attempts', 'Number of attempts')], default='', max_length=11, verbose_name='prediction')),
                ('results_shown', models.CharField(choices=[('at_once', 'After each attempt'), ('at_close', 'After the end of the round'), ('when_published', 'When the organiser publishes them')], default='at_close', max_length=14, verbose_name='results are shown')),
                ('identity', models.CharField(choices=[('device', 'One entry for each installed app'), ('signed_in', 'One entry for each person who signed in')], default='device', max_length=9, verbose_name='who takes part once')),
                ('brackets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('units', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('min_age', models.PositiveIntegerField(blank=True, null=True, verbose_name='age from')),
                ('max_age', models.PositiveIntegerField(blank=True, null=True, verbose_name='age to')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('announced', 'Announced'), ('closed', 'Closed'), ('proposed', 'Results proposed'), ('published', 'Results published'), ('cancelled', 'Cancelled')], default='draft', max_length=9, verbose_name='status')),
                ('cancel_reason', models.TextField(blank=True, verbose_name='why it was cancelled')),
                ('announced_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('results_published_at', models.DateTimeField(blank=True, null=True)),
                ('ranks_stale', models.BooleanField(default=False)),
                ('search_words', django.contrib.postgres.search.SearchVectorField(db_default='', default='', editable=False)),
                ('search_codes', models.BinaryField(db_default=b'', default=b'')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='content.organisation', verbose_name='organisation')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='content.province', verbose_name='province')),
                ('results_proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('results_published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('topics', models.ManyToManyField(blank=True, related_name='contests', to='content.topic', verbose_name='topics')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'contest',
                'verbose_name_plural': 'contests',
                'ordering': ['-pk'],
                'permissions': [('announce_contest', 'Can announce, correct and cancel contests'), ('freeze_contest', 'Can freeze rounds that others proposed'), ('judge_contest', 'Can void questions, disqualify and publish results')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('seconds', models.PositiveIntegerField(verbose_name='seconds for an attempt')),
                ('sections', models.JSONField(verbose_name='sections')),
                ('is_practice', models.BooleanField(default=False, verbose_name='practice')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Freezing proposed'), ('frozen', 'Frozen'), ('open', 'Open'), ('closed', 'Closed')], default='draft', max_length=8, verbose_name='status')),
                ('frozen_at', models.DateTimeField(blank=True, null=True)),
                ('seed', models.BinaryField(default=b'')),
                ('seed_hash', models.CharField(blank=True, max_length=64)),
                ('pool_hash', models.CharField(blank=True, max_length=64)),
                ('void_count', models.PositiveIntegerField(default=0)),
                ('turnout', models.BigIntegerField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='content.questionbank', verbose_name='question bank')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='content.contest')),
                ('freeze_proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('frozen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'round',
                'verbose_name_plural': 'rounds',
                'ordering': ['contest', 'number'],
            },
        ),
        migrations.CreateModel(
            name='RoundQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('section', models.PositiveIntegerField()),
                ('salt', models.BinaryField()),
                ('hash', models.CharField(max_length=64)),
                ('void_reason', models.TextField(blank=True)),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.quizquestion')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='content.round')),
                ('void_proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['round', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=content.contests.models.attempts.new_code, max_length=10)),
                ('bracket', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=200)),
                ('age_band', models.CharField(choices=[('under_16', 'Under 16'), ('16_17', '16 or 17'), ('adult', '18 or older')], max_length=8)),
                ('consented_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('disqualified_at', models.DateTimeField(blank=True, null=True)),
                ('needs_recount', models.BooleanField(default=False)),
                ('result_told_at', models.DateTimeField(blank=True, null=True)),
                ('contest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='content.contest')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.province')),
                ('reader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contest_entries', to='content.reader')),
            ],
            options={
                'verbose_name': 'entry',
                'verbose_name_plural': 'entries',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=content.contests.models.attempts.new_attempt_key, max_length=20, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('nonce', models.BinaryField()),
                ('started_at', models.DateTimeField()),
                ('deadline_at', models.DateTimeField()),
                ('answers', models.JSONField(default=dict)),
                ('saved_seq', models.BigIntegerField(default=0)),
                ('prediction', models.BigIntegerField(blank=True, null=True)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('is_closed_by_system', models.BooleanField(default=False)),
                ('correct', models.PositiveIntegerField(blank=True, null=True)),
                ('scored_voids', models.PositiveIntegerField(default=0)),
                ('duration_ms', models.BigIntegerField(blank=True, null=True)),
                ('receipt', models.TextField(blank=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='content.entry')),
                ('round', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='content.round')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveIntegerField()),
                ('bracket', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=200)),
                ('is_listed', models.BooleanField()),
                ('correct', models.PositiveIntegerField()),
                ('duration_ms', models.BigIntegerField()),
                ('distance', models.BigIntegerField()),
                ('submitted_at', models.DateTimeField()),
                ('draw', models.PositiveIntegerField(default=0)),
                ('order_key', models.BinaryField()),
                ('rank', models.PositiveIntegerField(blank=True, null=True)),
                ('attempt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.attempt')),
                ('contest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='content.contest')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='content.entry')),
                ('province', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.province')),
                ('round', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='content.round')),
            ],
        ),
        migrations.CreateModel(
            name='ScoreCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bracket', models.CharField(blank=True, max_length=200)),
                ('correct', models.PositiveIntegerField()),
                ('contestants', models.BigIntegerField()),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='score_counts', to='content.contest')),
                ('round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='score_counts', to='content.round')),
            ],
        ),
        migrations.CreateModel(
            name='GroupCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bracket', models.CharField(blank=True, max_length=200)),
                ('kind', models.CharField(choices=[('province', 'Province'), ('unit', 'Unit')], max_length=8)),
                ('group', models.CharField(blank=True, max_length=200)),
                ('attempts', models.BigIntegerField()),
                ('contestants', models.BigIntegerField()),
                ('correct_sum', models.BigIntegerField()),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_counts', to='content.contest')),
                ('round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='group_counts', to='content.round')),
            ],
        ),
        migrations.CreateModel(
            name='Disqualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('objection', models.TextField(blank=True)),
                ('objected_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('is_lifted', models.BooleanField(default=False)),
                ('decision', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disqualifications', to='content.entry')),
            ],
            options={
                'verbose_name': 'disqualification',
                'verbose_name_plural': 'disqualifications',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Winner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prize', models.CharField(max_length=200, verbose_name='prize')),
                ('position', models.PositiveIntegerField()),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('asked', 'Asked who they are'), ('verified', 'Verified'), ('published', 'Published'), ('passed_over', 'Passed over')], default='proposed', max_length=11, verbose_name='status')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('pass_over_reason', models.TextField(blank=True)),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='winners', to='content.contest')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='winner', to='content.entry')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'winner',
                'verbose_name_plural': 'winners',
                'ordering': ['contest', 'position'],
                'permissions': [('identify_winner', 'Can ask winners who they are, read it and verify it')],
            },
        ),
        migrations.CreateModel(
            name='WinnerIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('contact', models.CharField(max_length=200)),
                ('guardian_name', models.CharField(blank=True, max_length=200)),
                ('guardian_contact', models.CharField(blank=True, max_length=200)),
                ('document_hash', models.CharField(max_length=64)),
                ('consented_at', models.DateTimeField()),
                ('naming_consented_at', models.DateTimeField(blank=True, null=True)),
                ('guardian_consented_at', models.DateTimeField(blank=True, null=True)),
                ('given_at', models.DateTimeField(auto_now_add=True)),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.contest')),
                ('winner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='identity', to='content.winner')),
            ],
            options={
                'verbose_name': 'identity of a winner',
                'verbose_name_plural': 'identities of winners',
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='contest',
            index=models.Index(models.F('status'), models.F('id'), name='contests_by_status'),
        ),
        migrations.AddIndex(
            model_name='contest',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_words'], name='contests_search_words'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(('ranking__0', 'correct')), name='contests_rank_by_correct_answers_first'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ranking__1__in', ('submitted_at', 'draw')), ('ranking__len', 2)), models.Q(('ranking__2__in', ('submitted_at', 'draw')), ('ranking__len', 3)), models.Q(('ranking__3__in', ('submitted_at', 'draw')), ('ranking__len', 4)), models.Q(('ranking__4__in', ('submitted_at', 'draw')), ('ranking__len', 5)), _connector='OR'), name='contests_rank_by_submission_or_draw_last'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ranking__contains', ['prediction']), _negated=True), models.Q(('prediction_of', ''), _negated=True), _connector='OR'), name='contests_rank_by_predictions_that_are_asked_for'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(('max_attempts', None), ('max_attempts__gte', 1), _connector='OR'), name='contests_have_an_attempt'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(('min_age', None), ('max_age', None), ('max_age__gte', models.F('min_age')), _connector='OR'), name='contests_ages_are_a_range'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('announced_at', None), ('status', 'draft')), models.Q(('announced_at__isnull', False), ('changed_at__isnull', False), ('status__in', ('announced', 'closed', 'proposed', 'published', 'cancelled'))), _connector='OR'), name='contests_public_were_announced'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'cancelled'), models.Q(('cancel_reason', ''), _negated=True)), models.Q(models.Q(('status', 'cancelled'), _negated=True), ('cancel_reason', '')), _connector='OR'), name='contests_cancelled_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.CheckConstraint(condition=models.Q(('results_published_by', None), models.Q(('results_published_by', models.F('results_proposed_by')), _negated=True), _connector='OR'), name='contests_results_are_published_by_another'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(models.F('contest'), models.F('id'), condition=models.Q(('needs_recount', True)), name='entries_to_recount'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(models.F('contest'), models.F('id'), condition=models.Q(('reader__isnull', False), ('result_told_at', None)), name='entries_to_be_told_of_results'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('contest', 'reader'), name='entries_once_for_a_reader'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('contest', 'code'), name='entries_code_once'),
        ),
        migrations.AddConstraint(
            model_name='disqualification',
            constraint=models.UniqueConstraint(condition=models.Q(('is_lifted', False)), fields=('entry',), name='disqualifications_once_while_they_hold'),
        ),
        migrations.AddConstraint(
            model_name='disqualification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_lifted', False)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('objected_at__isnull', False), models.Q(('decided_by', models.F('by')), _negated=True)), _connector='OR'), name='disqualifications_objections_are_decided_by_another'),
        ),
        migrations.AddIndex(
            model_name='quizquestion',
            index=models.Index(fields=['bank', 'status', 'topic'], name='quiz_questions_of_a_bank'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.UniqueConstraint(fields=('key', 'revision'), name='quiz_questions_revision_once'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'approved')), fields=('key',), name='quiz_questions_one_approved'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('key',), name='quiz_questions_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('source', 'revision'), name='quiz_questions_imported_once'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted__len__gte', 1), ('choices__len', 0), ('kind', 'fill_in'), ('right', None)), models.Q(('accepted__len', 0), ('choices__len', 2), ('kind', 'true_false'), ('right__gte', 1), ('right__isnull', False), ('right__lte', models.F('choices__len'))), models.Q(('accepted__len', 0), ('choices__len__gte', 2), ('kind', 'single'), ('right__gte', 1), ('right__isnull', False), ('right__lte', models.F('choices__len'))), _connector='OR'), name='quiz_questions_have_one_right_choice'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('written_by', None), models.Q(('approved_by', models.F('written_by')), _negated=True), _connector='OR'), name='quiz_questions_are_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'withdrawn']), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), models.Q(('approved_at__isnull', False), ('source__startswith', 'sample:')), _connector='OR'), name='quiz_questions_approved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.CheckConstraint(condition=models.Q(('used_at', None), ('approved_at__isnull', False), _connector='OR'), name='quiz_questions_used_were_approved'),
        ),
        migrations.AddIndex(
            model_name='round',
            index=models.Index(models.F('ends_at'), condition=models.Q(('status__in', ['frozen', 'open'])), name='rounds_to_close'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('contest', 'number'), name='rounds_number_once'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='rounds_end_after_they_start'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('seconds__gte', 1)), name='rounds_give_time'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_practice', False)), expressions=[('contest', '='), (models.Func('starts_at', 'ends_at', function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='rounds_do_not_overlap'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('frozen_at', None), ('frozen_at__lt', models.F('starts_at')), _connector='OR'), name='rounds_freeze_before_they_start'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('pool_hash', ''), ('seed_hash', ''), ('status__in', ['draft', 'proposed'])), models.Q(('frozen_at__isnull', False), ('status__in', ('frozen', 'open', 'closed')), models.Q(('seed_hash', ''), _negated=True), models.Q(('pool_hash', ''), _negated=True)), _connector='OR'), name='rounds_frozen_have_their_hashes'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('frozen_by', None), models.Q(('frozen_by', models.F('freeze_proposed_by')), _negated=True), _connector='OR'), name='rounds_are_frozen_by_another'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('status', 'closed'), _connector='XOR'), name='rounds_closed_have_a_day'),
        ),
        migrations.AddConstraint(
            model_name='groupcount',
            constraint=models.UniqueConstraint(fields=('contest', 'round', 'bracket', 'kind', 'group'), name='group_counts_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(models.F('round'), models.F('id'), name='attempts_of_a_round'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(models.F('deadline_at'), condition=models.Q(('submitted_at', None)), name='attempts_open'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(models.F('round'), models.F('id'), condition=models.Q(('settled_at', None), ('submitted_at__isnull', False)), name='attempts_to_settle'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('entry', 'round', 'number'), name='attempts_number_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('submitted_at', None)), fields=('entry', 'round'), name='attempts_one_open'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('entry', 'round', 'nonce'), name='attempts_nonce_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('deadline_at__gt', models.F('started_at'))), name='attempts_end_after_they_start'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correct', None), ('duration_ms', None), ('receipt', ''), ('settled_at', None), ('submitted_at', None)), models.Q(('correct__isnull', False), ('duration_ms__gte', 0), ('duration_ms__isnull', False), ('submitted_at__isnull', False), models.Q(('receipt', ''), _negated=True)), _connector='OR'), name='attempts_submitted_are_scored'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('prediction', None), models.Q(('prediction__gte', 0), ('prediction__lte', 1000000000)), _connector='OR'), name='attempts_prediction_is_a_number_of_people'),
        ),
        migrations.AddConstraint(
            model_name='roundquestion',
            constraint=models.UniqueConstraint(fields=('round', 'position'), name='round_questions_position_once'),
        ),
        migrations.AddConstraint(
            model_name='roundquestion',
            constraint=models.UniqueConstraint(fields=('round', 'question'), name='round_questions_once'),
        ),
        migrations.AddConstraint(
            model_name='roundquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('voided_at', None), ('voided_by', None)), models.Q(('void_proposed_by__isnull', False), ('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('voided_by', models.F('void_proposed_by')), _negated=True), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='round_questions_are_voided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='scorecount',
            constraint=models.UniqueConstraint(fields=('contest', 'round', 'bracket', 'correct'), name='score_counts_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(models.F('contest'), models.F('round'), models.F('bracket'), models.F('order_key'), models.F('id'), name='standings_in_order'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(models.F('contest'), models.F('round'), models.F('bracket'), models.F('order_key'), models.F('id'), condition=models.Q(('is_listed', True)), name='standings_listed_in_order'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.UniqueConstraint(fields=('entry', 'round'), name='standings_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='winner',
            constraint=models.UniqueConstraint(fields=('contest', 'position'), name='winners_position_once'),
        ),
        migrations.AddConstraint(
            model_name='winner',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), ('status', 'published'), _connector='OR'), name='winners_are_named_when_published'),
        ),
        migrations.AddConstraint(
            model_name='winner',
            constraint=models.CheckConstraint(condition=models.Q(('published_by', None), models.Q(('published_by', models.F('verified_by')), _negated=True), _connector='OR'), name='winners_are_published_by_another'),
        ),
        migrations.AddConstraint(
            model_name='winneridentity',
            constraint=models.UniqueConstraint(fields=('contest', 'document_hash'), name='winner_identities_one_person_once'),
        ),
    ]
