"""Playlists can be followed. Nothing here reads or locks the follows: 0056 checks them beside the writers."""

from functools import reduce
from operator import or_

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

TARGETS = ('topic', 'document', 'organisation', 'article', 'question', 'event', 'contest', 'province', 'playlist')
COLUMN = 'ALTER TABLE "notifications_follow" ADD COLUMN IF NOT EXISTS "playlist_id" bigint NULL;'
KEY = (
    'ALTER TABLE "notifications_follow" ADD CONSTRAINT "notifications_follow_playlist_id_fk" FOREIGN KEY ("playlist_id") '
    'REFERENCES "content_playlist" ("id") DEFERRABLE INITIALLY DEFERRED NOT VALID;'
)
DROP = (
    '-- squawk-ignore ban-drop-constraint\n'
    'ALTER TABLE "notifications_follow" DROP CONSTRAINT "follows_one_target";'
)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0237_staff_hold_channels'),
        ("notifications", "0055_moved_follows_remember_what_they_followed"),
    ]

    operations = [
        # a wider check follows at once: nothing is lost by which a client could be surprised
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([COLUMN, KEY, DROP], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddField(
                    model_name='follow',
                    name='playlist',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='content.playlist'),
                ),
                migrations.RemoveConstraint(model_name='follow', name='follows_one_target'),
            ],
        ),
        AddConstraintNotValid(
            model_name='follow',
            constraint=models.CheckConstraint(condition=reduce(or_, (models.Q(**{f'{name}__isnull': name != one for name in TARGETS}) for one in TARGETS)), name='follows_one_target'),
        ),
    ]
