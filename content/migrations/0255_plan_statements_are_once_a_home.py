"""What another installation declares stands beside what we declare. The index is built while writers go on.

Each step may be repeated after the one behind it failed: what a broken build left is dropped first.
"""

from django.db import migrations, models

ATTACH = (
    "-- squawk-ignore ban-drop-constraint\n"
    "ALTER TABLE content_planstatement DROP CONSTRAINT IF EXISTS plan_statements_once_a_day, "
    "ADD CONSTRAINT plan_statements_once_a_day UNIQUE USING INDEX plan_statements_of_homes;"
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0254_published_plans_can_be_read_is_validated")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS plan_statements_of_homes;", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY plan_statements_of_homes ON content_planstatement "
                    '(programme_id, adopter_id, "on", home);',
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(ATTACH, migrations.RunSQL.noop),
            ],
            [
                migrations.RemoveConstraint("planstatement", "plan_statements_once_a_day"),
                migrations.AddConstraint(
                    "planstatement",
                    models.UniqueConstraint(
                        fields=("programme", "adopter", "on", "home"), name="plan_statements_once_a_day"
                    ),
                ),
            ],
        ),
    ]
