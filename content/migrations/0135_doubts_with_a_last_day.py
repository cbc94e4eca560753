"""The words of a document may be doubtful between two days only."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0134_refused_amendments'),
    ]

    operations = [
        migrations.AddField(
            model_name='effectdoubt',
            name='until_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddConstraintNotValid(
            model_name='effectdoubt',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), models.Q(('kind', 'amends'), ('until_on__gt', models.F('from_on'))), _connector='OR'), name='effect_doubts_last_day'),
        ),
    ]
