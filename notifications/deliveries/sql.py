"""The statements of deliveries that the sender runs for each batch: many rows at once, in SQL that never changes.

Django would compile them anew for each batch, and that costs more than PostgreSQL needs to run them.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from notifications.deliveries.models import Channel, Delivery, Gate

EACH_OF_IDS = "SELECT unnest(%s::bigint[])"
_QUEUED = "status = 'queued' AND next_try_at <= statement_timestamp() AND expires_at > statement_timestamp()"
_ABANDONED = "status = 'sending' AND leased_until <= statement_timestamp() AND expires_at > statement_timestamp()"

_HELD_BACK = f"""(
    EXISTS (SELECT FROM notifications_gate WHERE quota = '{Gate.Quota.SEND}' AND closed_until IS NOT NULL)
    OR EXISTS (SELECT FROM notifications_channel WHERE name = '{Channel.FCM}' AND broken_since IS NOT NULL)
)"""  # noqa: S608 (of constants)

# Each part walks one index in the order in which its rows have waited: a claim costs the same however many wait. First
# what a sender that died left, then what is queued; first messages to a crowd.
_CLAIM_DUE = f"""
WITH abandoned_crowd AS MATERIALIZED (
    SELECT id FROM notifications_delivery WHERE {_ABANDONED} AND device_id IS NULL
    ORDER BY leased_until LIMIT %(broadcasts)s FOR NO KEY UPDATE SKIP LOCKED
), queued_crowd AS MATERIALIZED (
    SELECT id FROM notifications_delivery WHERE {_QUEUED} AND device_id IS NULL
    ORDER BY next_try_at LIMIT %(broadcasts)s - (SELECT count(*) FROM abandoned_crowd) FOR NO KEY UPDATE SKIP LOCKED
), crowd AS (
    SELECT id FROM abandoned_crowd UNION ALL SELECT id FROM queued_crowd
), abandoned AS MATERIALIZED (
    SELECT id FROM notifications_delivery WHERE {_ABANDONED} AND device_id IS NOT NULL
    ORDER BY leased_until LIMIT %(most)s - (SELECT count(*) FROM crowd) FOR NO KEY UPDATE SKIP LOCKED
), queued AS MATERIALIZED (
    SELECT id FROM notifications_delivery WHERE {_QUEUED} AND device_id IS NOT NULL
    ORDER BY next_try_at
    LIMIT %(most)s - (SELECT count(*) FROM crowd) - (SELECT count(*) FROM abandoned) FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE notifications_delivery AS delivery
SET status = 'sending', attempts = attempts + 1, leased_until = statement_timestamp() + %(lease)s
FROM (SELECT id FROM crowd UNION ALL SELECT id FROM abandoned UNION ALL SELECT id FROM queued) AS due
WHERE delivery.id = due.id
RETURNING delivery.id, key, notification_id, target_kind, target, device_id, language, payload, status, attempts,
    leased_until
"""  # noqa: S608 (of constants)

_LOOK_AT_OUTBOX = f"""
SELECT {_HELD_BACK}, count(*) FROM (
    (SELECT FROM notifications_delivery WHERE {_ABANDONED} LIMIT %(most)s)
    UNION ALL (SELECT FROM notifications_delivery WHERE {_QUEUED} LIMIT %(most)s)
    LIMIT %(most)s
) AS due
"""  # noqa: S608 (of constants)

_EXPIRE = """
UPDATE notifications_delivery AS delivery
SET status = 'expired', leased_until = NULL, settled_at = statement_timestamp()
FROM (
    SELECT id FROM notifications_delivery
    WHERE (status = 'queued' OR status = 'sending' AND leased_until <= statement_timestamp())
        AND expires_at <= statement_timestamp()
    LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
) AS late
WHERE delivery.id = late.id
"""

_ACCEPT_CLAIMED = """
WITH accepted AS (
    SELECT * FROM jsonb_to_recordset(%s) AS _ (id bigint, attempts integer, name text)
), claimed AS (
    SELECT delivery.id, accepted.name FROM notifications_delivery AS delivery JOIN accepted USING (id, attempts)
    WHERE delivery.status = 'sending'
    ORDER BY delivery.id
    FOR NO KEY UPDATE OF delivery SKIP LOCKED
)
UPDATE notifications_delivery AS delivery
SET status = 'accepted', leased_until = NULL, settled_at = statement_timestamp(),
    message_name = claimed.name, error = CASE claimed.name WHEN '' THEN %s ELSE '' END
FROM claimed WHERE delivery.id = claimed.id
RETURNING delivery.id
"""


@dataclass(frozen=True)
class Outbox:
    """What waits: how many deliveries are due, and whether the quota or our configuration may hold them back."""

    due: int
    is_held_back: bool


def claim_due(most: int, *, broadcasts: int, lease: datetime.timedelta) -> list[Delivery]:
    """Claim at most `most` due deliveries, of them at most `broadcasts` to a topic or condition. See services.claim."""
    return list(Delivery.objects.raw(_CLAIM_DUE, {"most": most, "broadcasts": broadcasts, "lease": lease}))


def look_at_outbox(most: int) -> Outbox:
    """What waits. Due deliveries are counted up to `most`."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_AT_OUTBOX, {"most": most})
        is_held_back, due = cursor.fetchone()
    return Outbox(due, is_held_back)


def expire_overdue(most: int) -> None:
    """Settle at most `most` deliveries as expired that nobody sends and whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, [most])


def accept_claimed(rows: Sequence[tuple[int, int, str]], *, note: str) -> list[int]:
    """Settle claimed deliveries as accepted: (primary key, attempts of our claim, FCM's name) each.

    `note` is stored with those without a name. Returns the keys of those that were ours and that nobody else holds.
    """
    accepted = [{"id": pk, "attempts": attempts, "name": name} for pk, attempts, name in rows]
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPT_CLAIMED, [json.dumps(accepted), note])
        return [row[0] for row in cursor.fetchall()]
