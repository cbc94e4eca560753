"""Each province is followed once. Indexes and checks are made beside the writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

COLUMNS = '"reader_id", "topic_id", "document_id", "organisation_id", "article_id", "question_id", "event_id", "contest_id", "province_id"'
UNIQUE = (
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "follows_once_with_provinces" ON "notifications_follow" '
    f'({COLUMNS}) NULLS NOT DISTINCT;'
)
EXCHANGE = (
    '-- squawk-ignore ban-drop-constraint\n'
    'ALTER TABLE "notifications_follow" DROP CONSTRAINT "follows_once", '
    'ADD CONSTRAINT "follows_once" UNIQUE USING INDEX "follows_once_with_provinces";'
)
INDEX = (
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "notifications_follow_province_id" ON "notifications_follow" ("province_id");'
)
VALIDATE = 'ALTER TABLE "notifications_follow" VALIDATE CONSTRAINT "notifications_follow_province_id_fk";'


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('notifications', '0052_provinces_are_followed')]

    operations = [
        migrations.RunSQL(UNIQUE, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(EXCHANGE, migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveConstraint(model_name='follow', name='follows_once'),
                migrations.AddConstraint(
                    model_name='follow',
                    constraint=models.UniqueConstraint(fields=('reader', 'topic', 'document', 'organisation', 'article', 'question', 'event', 'contest', 'province'), name='follows_once', nulls_distinct=False),
                ),
            ],
        ),
        migrations.RunSQL(INDEX, migrations.RunSQL.noop),
        migrations.RunSQL(VALIDATE, migrations.RunSQL.noop),
        ValidateConstraint(model_name='follow', name='follows_one_target'),
    ]
