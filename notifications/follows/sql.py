"""The statement of follows that Django's ORM cannot say: many rows at once, whose turns follow each other."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection

# The rows of one device come in order of their names, and its reader is locked: two follows never wait in a circle.
_ASK = """
WITH waiting AS (
    SELECT greatest(max(turn_at) + %(interval)s, statement_timestamp()) AS next_turn_at
    FROM notifications_fcmsubscription
    WHERE device_id = %(device)s AND next_try_at <= statement_timestamp()
        AND (actual IS NULL OR NOT (desired = actual AND actual IS NOT NULL))
)
INSERT INTO notifications_fcmsubscription
    (device_id, fcm_topic, desired, actual, attempts, next_try_at, turn_at, error)
SELECT %(device)s, asked.name, asked.desired, false, 0, statement_timestamp(),
    waiting.next_turn_at + (asked.number - 1) * %(interval)s, ''
FROM waiting, unnest(%(names)s::text[], %(desired)s::boolean[]) WITH ORDINALITY AS asked (name, desired, number)
ORDER BY asked.number
ON CONFLICT (device_id, fcm_topic) DO UPDATE SET desired = excluded.desired, next_try_at = excluded.next_try_at,
    turn_at = excluded.turn_at, attempts = excluded.attempts
"""


def ask(device: int, desired_by_topic: Mapping[str, bool], *, interval: datetime.timedelta) -> None:
    """Set what is desired of these FCM topics of a device (its primary key).

    Their turns are `interval` apart, and the first comes after those for which the device waits already, else now.
    """
    names = sorted(desired_by_topic)
    desired = [desired_by_topic[name] for name in names]
    values: dict[str, Any] = {"device": device, "names": names, "desired": desired, "interval": interval}
    with connection.cursor() as cursor:
        cursor.execute(_ASK, values)
