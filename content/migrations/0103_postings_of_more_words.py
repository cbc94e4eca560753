from django.db import migrations, models


class Migration(migrations.Migration):
    """In how many rows a word stands decides nothing any more. The column stays for the program that runs until it is
    started anew, and is filled by the database; a later release takes it away.
    """

    dependencies = [("content", "0102_events_are_searched")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField("commonword", "rows", models.PositiveIntegerField(db_default=0)),
            ],
            state_operations=[migrations.RemoveField("commonword", "rows")],
        ),
    ]
