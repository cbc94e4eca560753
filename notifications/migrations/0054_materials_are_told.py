"""Readers may want news of materials. Whoever follows every kind was promised those of later versions too."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

# as fcm_topics.fcm_topic names them; a topic's follow is of all under it
SUBSCRIBE = """
INSERT INTO notifications_fcmsubscription (device_id, fcm_topic, desired, actual, attempts, next_try_at, error)
SELECT DISTINCT device.id, %s || '.' || wanted.name || '.tl.' || device.language, true, false, 0, now(), ''
FROM notifications_follow AS follow
JOIN notifications_device AS device ON device.reader_id = follow.reader_id AND device.registration_id IS NOT NULL
CROSS JOIN LATERAL (
    SELECT 'lv.' || topic.id AS name FROM content_topic AS topic
    WHERE follow.topic_id IN (topic.id, topic.parent_id)
    UNION ALL
    SELECT 'cq.' || follow.organisation_id WHERE follow.organisation_id IS NOT NULL
) AS wanted
WHERE follow.kinds = '{}' AND follow.frequency = 'instant'
ON CONFLICT (device_id, fcm_topic) DO NOTHING
"""


def subscribe(apps, schema_editor):
    """May run again. FCM is told by the reconciliation of each minute."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SUBSCRIBE, [settings.FCM_TOPIC_ENVIRONMENT])


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0053_follows_of_provinces_are_unique"),
    ]

    operations = [
        migrations.AlterField(
            model_name='follow',
            name='kinds',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('new', 'New documents'), ('amended', 'Amendments'), ('effect', 'Taking and losing effect'), ('question', 'Questions and answers'), ('event', 'Events'), ('reminder', 'Reminders of events and contests'), ('contest', 'Contests'), ('material', 'Materials')], max_length=10), blank=True, default=list, size=None),
        ),
        migrations.RunPython(subscribe, migrations.RunPython.noop),
    ]
