"""What a moved follow followed before ends at the move: later news comes by what it follows now."""

import django.db.models.functions.datetime
from django.db import migrations, models

END = (
    'UPDATE "notifications_formerprovince" AS former SET "until" = follow."moved_at" '
    'FROM "notifications_follow" AS follow WHERE follow."id" = former."follow_id" AND follow."moved_at" IS NOT NULL;'
)


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0057_follows_of_playlists_are_unique'),
    ]

    operations = [
        migrations.AddField(
            model_name='formerprovince',
            name='until',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.RunSQL(END, migrations.RunSQL.noop),
    ]
