"""A target is entered by one and published by another; lists of programmes, duties and indicators have names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0226_layers_may_be_replaced'),
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
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('published_by', None), ('entered_by', None), models.Q(('published_by', models.F('entered_by')), _negated=True), _connector='OR'), name='targets_are_published_by_another'),
        ),
    ]
