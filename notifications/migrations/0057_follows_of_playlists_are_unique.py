"""Each playlist is followed once. Indexes and checks are made beside the writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

COLUMNS = '"reader_id", "topic_id", "document_id", "organisation_id", "article_id", "question_id", "event_id", "contest_id", "province_id", "playlist_id"'
DROP_UNIQUE = 'DROP INDEX CONCURRENTLY IF EXISTS "follows_once_with_playlists";'  # what a broken build left
UNIQUE = (
    'CREATE UNIQUE INDEX CONCURRENTLY "follows_once_with_playlists" ON "notifications_follow" '
    f'({COLUMNS}) NULLS NOT DISTINCT;'
)
EXCHANGE = (
    '-- squawk-ignore ban-drop-constraint\n'
    'ALTER TABLE "notifications_follow" DROP CONSTRAINT IF EXISTS "follows_once", '
    'ADD CONSTRAINT "follows_once" UNIQUE USING INDEX "follows_once_with_playlists";'
)
DROP_INDEX = 'DROP INDEX CONCURRENTLY IF EXISTS "notifications_follow_playlist_id";'
INDEX = (
    'CREATE INDEX CONCURRENTLY "notifications_follow_playlist_id" ON "notifications_follow" ("playlist_id");'
)
VALIDATE = 'ALTER TABLE "notifications_follow" VALIDATE CONSTRAINT "notifications_follow_playlist_id_fk";'


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('notifications', '0056_playlists_are_followed')]

    operations = [
        migrations.RunSQL(DROP_UNIQUE, migrations.RunSQL.noop),
        migrations.RunSQL(UNIQUE, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(EXCHANGE, migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveConstraint(model_name='follow', name='follows_once'),
                migrations.AddConstraint(
                    model_name='follow',
                    constraint=models.UniqueConstraint(fields=('reader', 'topic', 'document', 'organisation', 'article', 'question', 'event', 'contest', 'province', 'playlist'), name='follows_once', nulls_distinct=False),
                ),
            ],
        ),
        migrations.RunSQL(DROP_INDEX, migrations.RunSQL.noop),
        migrations.RunSQL(INDEX, migrations.RunSQL.noop),
        migrations.RunSQL(VALIDATE, migrations.RunSQL.noop),
        ValidateConstraint(model_name='follow', name='follows_one_target'),
    ]
