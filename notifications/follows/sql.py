"""The statements of follows that Django's ORM cannot say, or writes anew for each request at ten times their cost."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from content.changes.services import JOB_IN_A_STATEMENT
from content.people.models import Reader
from content.sql import ModelColumns, PreparedByKey, fetch_prepared
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.follows.models import Follow, FollowTarget

_FOLLOW = ModelColumns(Follow, "f")
_EXISTING = f"""
SELECT {_FOLLOW.sql} FROM notifications_follow f
WHERE f.reader_id = %(reader)s AND f.{{target}}_id = %(target)s
"""  # noqa: S608 (names of columns)
# who asks, what the key of an address names, and the follow of both
_ASKED = f"""
SELECT {devices.CALLER}, t.*, {_FOLLOW.sql}
FROM notifications_device d JOIN content_reader r ON r.id = d.reader_id
LEFT JOIN ({{rows}}) t ON true
LEFT JOIN notifications_follow f ON f.reader_id = r.id AND f.{{target}}_id = t.id
WHERE d.secret_hash = %s
"""  # noqa: S608 (names of columns)
# Needs the reader locked. What is desired already is not asked for. The rows of one device come in order of their
# names, as in _ASK, and the devices in order of their keys. `phone` is used more than once, so PostgreSQL computes it
# once: what a device waits for is looked for once, not for each topic.
_CREATE = f"""
WITH found AS (
    SELECT count(*) AS follows, max(id) FILTER (WHERE {{target}}_id = %(target)s) AS existing
    FROM notifications_follow WHERE reader_id = %(reader)s
), phone AS (
    SELECT d.id, d.language, (
        SELECT count(*) FROM notifications_fcmsubscription s WHERE s.device_id = d.id AND s.desired
    ) AS topics, (
        SELECT greatest(max(s.turn_at) + %(interval)s, statement_timestamp()) FROM notifications_fcmsubscription s
        WHERE s.device_id = d.id AND s.next_try_at <= statement_timestamp()
            AND (s.actual IS NULL OR NOT (s.desired = s.actual AND s.actual IS NOT NULL))
    ) AS next_turn_at
    FROM notifications_device d WHERE d.reader_id = %(reader)s AND d.registration_id IS NOT NULL
), asked AS (
    SELECT phone.id AS device_id, topic.name, phone.next_turn_at,
        row_number() OVER (PARTITION BY phone.id ORDER BY topic.name COLLATE "C") AS number
    FROM phone
    JOIN unnest(%(names)s::text[], %(languages)s::text[]) AS topic (name, language) ON topic.language = phone.language
    WHERE NOT EXISTS (
        SELECT FROM notifications_fcmsubscription s
        WHERE s.device_id = phone.id AND s.fcm_topic = topic.name AND s.desired
    )
), allowed AS (
    SELECT found.*, EXISTS (
        SELECT FROM phone
        WHERE topics + (SELECT count(*) FROM asked WHERE device_id = phone.id) > %(most_subscriptions)s
    ) AS is_full
    FROM found
), f AS (
    INSERT INTO notifications_follow (reader_id, {{target}}_id, kinds, frequency, created_at)
    SELECT %(reader)s, %(target)s, %(kinds)s::varchar[], %(frequency)s, %(now)s FROM allowed
    WHERE existing IS NULL AND follows < %(most_follows)s AND NOT is_full
    RETURNING *
), written AS (
    INSERT INTO notifications_fcmsubscription
        (device_id, fcm_topic, desired, actual, attempts, next_try_at, turn_at, error)
    SELECT asked.device_id, asked.name, true, false, 0, statement_timestamp(),
        asked.next_turn_at + (asked.number - 1) * %(interval)s, ''
    FROM f, asked
    ORDER BY asked.device_id, asked.number
    ON CONFLICT (device_id, fcm_topic) DO UPDATE SET desired = excluded.desired, next_try_at = excluded.next_try_at,
        turn_at = excluded.turn_at, attempts = excluded.attempts
    RETURNING 1
)
SELECT allowed.follows, allowed.existing, CASE WHEN EXISTS (SELECT FROM written) THEN {JOB_IN_A_STATEMENT} END, f.id
FROM allowed LEFT JOIN f ON true
"""  # noqa: S608 (names of columns)

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


@dataclass(frozen=True)
class CreateResult:
    """What `create` did and found: the new follow, or None and why there is none."""

    follow: Follow | None
    follows: int  # of the reader, before
    existing: int | None  # the primary key of the reader's follow of this target


@dataclass(frozen=True)
class AskedFollow:
    """Who asks for a follow, of what, and the follow as it is. None: there is no such public object, no such follow."""

    device: Device
    target: FollowTarget | None
    follow: Follow | None


def asked_follow(secret: str, target_name: str, rows: PreparedByKey[Any], key: str) -> AskedFollow | None:
    """What one statement knows of the follow that the device with this secret asks for. None: no device has it.

    `rows`: the public objects that may be followed under that name.
    """
    statement = _ASKED.replace("{target}", target_name).replace("{rows}", rows.statement)
    row = fetch_prepared(statement, [*rows.parameters(key), devices.secret_hash(secret)])
    if row is None:
        return None
    values = iter(row)
    device = devices.caller_of(values)
    target_values = list(islice(values, len(rows)))
    if target_values[0] is None:
        return AskedFollow(device, None, None)
    target, follow_values = rows.instance(target_values), list(values)
    if follow_values[0] is None:
        return AskedFollow(device, target, None)
    follow = _FOLLOW.instance(iter(follow_values))
    setattr(follow, target_name, target)
    return AskedFollow(device, target, follow)


def follow_of(reader: Reader, target_name: str, target: int) -> Follow | None:
    """The reader's follow of this target (its primary key)."""
    row = fetch_prepared(_EXISTING.replace("{target}", target_name), {"reader": reader.pk, "target": target})
    return None if row is None else _FOLLOW.instance(iter(row))


def create(
    follow: Follow,
    topics: Sequence[tuple[str, str]],
    *,
    most_follows: int,
    most_subscriptions: int,
    interval: datetime.timedelta,
    job: str,
) -> CreateResult:
    """Write `follow`, what is desired of FCM because of it for all devices that FCM can reach, and the `job` for that.

    `topics`: (name, language) of all that the follow asks for; a device takes those of its language. Writes nothing if
    the reader follows the target already, has `most_follows`, or a device would have more than `most_subscriptions`.
    The reader is locked, in an earlier statement: this one sees what was committed before it began.
    """
    now = timezone.now()
    values = {
        "reader": follow.reader_id, "target": follow.target_id, "kinds": list(follow.kinds),
        "frequency": follow.frequency, "now": now, "interval": interval,
        "names": [name for name, _language in topics], "languages": [language for _name, language in topics],
        "most_follows": most_follows, "most_subscriptions": most_subscriptions, "job": job,
    }  # fmt: skip
    row = fetch_prepared(_CREATE.replace("{target}", follow.target_name), values)
    follows, existing, _job, follow_id = row or ()
    if follow_id is None:
        return CreateResult(None, follows, existing)
    follow.pk, follow.created_at = follow_id, now
    follow._state.adding, follow._state.db = False, DEFAULT_DB_ALIAS
    return CreateResult(follow, follows, existing)
