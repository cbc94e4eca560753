"""Days of the calendar that were written down without the announcement at hand say so."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# 2026: what only the Government Office's plan of holidays says, and days off in lieu, which we counted out ourselves;
# neither announcement was before us. 2027: nothing is announced yet.
UNCHECKED = Q(day__year=2026) & (Q(source__contains="lịch nghỉ") | Q(name__startswith="Nghỉ bù")) | Q(day__year=2027)


def mark(apps, schema_editor):
    """May run again. A day somebody entered since with another source is left as it is."""
    apps.get_model("content", "CalendarDay").objects.filter(UNCHECKED).update(is_provisional=True)


class Migration(migrations.Migration):
    dependencies = [("content", "0062_working_days_2025_to_2027")]
    operations = [
        migrations.AddField(
            model_name='calendarday',
            name='is_provisional',
            field=models.BooleanField(db_default=False, default=False, verbose_name='provisional'),
        ),
        migrations.AlterField(
            model_name='calendarday',
            name='day',
            field=models.DateField(unique=True, verbose_name='day'),
        ),
        migrations.AlterField(
            model_name='calendarday',
            name='is_working',
            field=models.BooleanField(default=False, verbose_name='is worked'),
        ),
        migrations.AlterField(
            model_name='calendarday',
            name='name',
            field=models.CharField(max_length=100, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='calendarday',
            name='source',
            field=models.CharField(max_length=200, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='deadlinerule',
            name='topic',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deadline_rule', to='content.topic', verbose_name='topic'),
        ),
        migrations.AlterField(
            model_name='deadlinerule',
            name='working_days',
            field=models.PositiveSmallIntegerField(verbose_name='working days'),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
