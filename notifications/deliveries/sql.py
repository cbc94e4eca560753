"""The statement of deliveries that Django's ORM cannot say: many rows at once, each with its own values."""

from collections.abc import Sequence

from django.db import connection

_ACCEPT_CLAIMED = """
WITH accepted AS (
    SELECT * FROM unnest(%s::bigint[], %s::integer[], %s::text[]) AS _ (id, attempts, name)
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


def accept_claimed(rows: Sequence[tuple[int, int, str]], *, note: str) -> list[int]:
    """Settle claimed deliveries as accepted: (primary key, attempts of our claim, FCM's name) each.

    `note` is stored with those without a name. Returns the keys of those that were ours and that nobody else holds.
    """
    ids, attempts, names = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPT_CLAIMED, [list(ids), list(attempts), list(names), note])
        return [row[0] for row in cursor.fetchall()]
