"""The first day of provisions may be doubtful, between two days only. 0155 checks the rows that were there before."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DROP = (
    '-- squawk-ignore ban-drop-constraint\n'
    'ALTER TABLE "content_effectdoubt" DROP CONSTRAINT IF EXISTS "effect_doubts_last_day";'
)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0151_first_days_of_documents'),
    ]

    operations = [
        # a wider one follows at once: nothing is lost by which a client could be surprised
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], migrations.RunSQL.noop)],
            state_operations=[migrations.RemoveConstraint(model_name='effectdoubt', name='effect_doubts_last_day')],
        ),
        migrations.AlterField(
            model_name='effectdoubt',
            name='kind',
            field=models.CharField(choices=[('ends', 'Ends'), ('suspends', 'Suspends'), ('halts', 'Halts its enforcement'), ('resumes', 'Resumes'), ('amends', 'Amends'), ('begins', 'Begins on another day')], max_length=8),
        ),
        migrations.AlterField(
            model_name='endingcase',
            name='kind',
            field=models.CharField(choices=[('ends', 'Ends'), ('suspends', 'Suspends'), ('halts', 'Halts its enforcement'), ('resumes', 'Resumes'), ('amends', 'Amends'), ('begins', 'Begins on another day')], max_length=8, verbose_name='what it does'),
        ),
        AddConstraintNotValid(
            model_name='effectdoubt',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), models.Q(('kind__in', ['amends', 'begins']), ('until_on__gt', models.F('from_on'))), _connector='OR'), name='effect_doubts_last_day'),
        ),
    ]
