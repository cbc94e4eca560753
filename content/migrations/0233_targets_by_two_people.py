"""A target is entered by one and published by another; columns of the staff site have names."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0232_files_of_copies"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='duty',
            options={'ordering': ['pk'], 'verbose_name': 'duty to have a plan', 'verbose_name_plural': 'duties to have a plan'},
        ),
        migrations.AlterModelOptions(
            name='indicator',
            options={'ordering': ['programme', 'pk'], 'verbose_name': 'indicator', 'verbose_name_plural': 'indicators'},
        ),
        migrations.AlterModelOptions(
            name='programme',
            options={'ordering': ['valid_from', 'pk'], 'verbose_name': 'programme', 'verbose_name_plural': 'programmes'},
        ),
        migrations.AddField(
            model_name='target',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='target',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='duty',
            name='basis',
            field=models.CharField(max_length=300, verbose_name='provision that says so'),
        ),
        migrations.AlterField(
            model_name='duty',
            name='due_on',
            field=models.DateField(blank=True, null=True, verbose_name='due on'),
        ),
        migrations.AlterField(
            model_name='duty',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='content.organisation', verbose_name='organisation'),
        ),
        migrations.AlterField(
            model_name='duty',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='content.programme', verbose_name='programme'),
        ),
        migrations.AlterField(
            model_name='duty',
            name='year',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1945), django.core.validators.MaxValueValidator(2100)], verbose_name='year'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='breakdown',
            field=models.CharField(choices=[('none', 'Not broken down'), ('province', 'By province'), ('ministry', 'By ministry'), ('area', 'By area')], default='none', max_length=8, verbose_name='given by'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='code',
            field=models.CharField(max_length=60, unique=True, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='method',
            field=models.CharField(default='reported', max_length=60, verbose_name='method'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='name_vi',
            field=models.CharField(max_length=300, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='content.programme', verbose_name='programme'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='unit',
            field=models.CharField(choices=[('percent', 'Percent'), ('count', 'Count'), ('yes_no', 'Yes or no')], max_length=7, verbose_name='unit'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='area',
            field=models.CharField(choices=[('all', 'All'), ('urban', 'Urban'), ('rural', 'Rural')], default='all', max_length=5, verbose_name='area'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='indicator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='content.indicator', verbose_name='indicator'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='period_from',
            field=models.DateField(verbose_name='first day'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='period_until',
            field=models.DateField(verbose_name='first day after'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='source',
            field=models.CharField(max_length=300, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='measurement',
            name='value',
            field=models.DecimalField(decimal_places=6, max_digits=20, verbose_name='value'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='adopted_on',
            field=models.DateField(blank=True, null=True, verbose_name='adopted on'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='adopter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='content.organisation', verbose_name='adopted by'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='number',
            field=models.CharField(blank=True, max_length=100, verbose_name='number'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='content.programme', verbose_name='programme'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='title',
            field=models.CharField(max_length=500, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='year',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1945), django.core.validators.MaxValueValidator(2100)], verbose_name='year'),
        ),
        migrations.AlterField(
            model_name='planstatement',
            name='adopter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_statements', to='content.organisation', verbose_name='organisation'),
        ),
        migrations.AlterField(
            model_name='planstatement',
            name='on',
            field=models.DateField(verbose_name='declared on'),
        ),
        migrations.AlterField(
            model_name='planstatement',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='content.programme', verbose_name='programme'),
        ),
        migrations.AlterField(
            model_name='planstatement',
            name='source',
            field=models.CharField(max_length=300, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='act_number',
            field=models.CharField(max_length=100, verbose_name='act'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='name_vi',
            field=models.CharField(max_length=300, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='valid_from',
            field=models.DateField(verbose_name='from day'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='valid_until',
            field=models.DateField(blank=True, null=True, verbose_name='until before day'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('published_by', None), ('entered_by', None), models.Q(('published_by', models.F('entered_by')), _negated=True), _connector='OR'), name='targets_are_published_by_another'),
        ),
    ]
