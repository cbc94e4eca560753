"""The SQL that counts: what Django's ORM cannot say in one statement. Only `services/counting.py` runs it.

The standings of some contestants are written again from their settled attempts, and what this changes is added to the
counts, in one statement: whatever was counted before, the counts stay the sums of the standings.
"""

# ruff: noqa: S608 (what is put into the statements is written in this file)

from collections.abc import Sequence

from content.contest_papers.scoring import MOST_CORRECT, NO_PREDICTION
from content.contests.choices import RankingKey, ScorePolicy

_PARTS = {  # eight bytes each, big-endian: as `scoring.order_key` writes them
    RankingKey.CORRECT: f"int8send({MOST_CORRECT} - correct)",
    RankingKey.DURATION: "int8send(duration_ms)",
    RankingKey.PREDICTION: "int8send(distance)",
    RankingKey.SUBMITTED_AT: "int8send((extract(epoch FROM submitted_at) * 1000000)::bigint)",
    RankingKey.DRAW: "int8send(draw)",
}
_BETTER = {  # which of a contestant's attempts is better; predictions and draws come later
    RankingKey.CORRECT: "a.correct DESC",
    RankingKey.DURATION: "a.duration_ms",
    RankingKey.SUBMITTED_AT: "a.submitted_at",
}


def order_key_sql(ranking: Sequence[str]) -> str:
    """The declared ranking as an expression over the columns of a standing."""
    return " || ".join(_PARTS[RankingKey(each)] for each in ranking)


def counting_first_sql(score_policy: str, ranking: Sequence[str]) -> str:
    """The order in which the attempt that counts comes first."""
    if score_policy == ScorePolicy.FIRST:
        return "a.number"
    if score_policy == ScorePolicy.LAST:
        return "a.number DESC"
    keys = [RankingKey(each) for each in ranking]
    return ", ".join([*(_BETTER[each] for each in keys if each in _BETTER), "a.number"])


# the distance of a prediction; 0 until the round is closed
_DISTANCE = f"""CASE WHEN r.turnout IS NULL THEN 0
    WHEN a.prediction IS NULL THEN {NO_PREDICTION} ELSE abs(a.prediction - r.turnout) END"""

_RECOUNT = """
WITH best AS MATERIALIZED (
    SELECT DISTINCT ON (a.entry_id, a.round_id) a.entry_id, a.round_id, a.id AS attempt_id,
        a.correct::bigint AS correct, a.duration_ms, a.submitted_at, {distance} AS distance,
        count(*) OVER (PARTITION BY a.entry_id, a.round_id) AS attempts
    FROM content_attempt a
    JOIN content_round r ON r.id = a.round_id AND NOT r.is_practice
    JOIN content_entry e ON e.id = a.entry_id AND e.disqualified_at IS NULL
    WHERE a.entry_id = ANY(%(entries)s) AND a.settled_at IS NOT NULL
    ORDER BY a.entry_id, a.round_id, {counting_first}
), result AS (
    SELECT entry_id, round_id, attempt_id, correct, duration_ms, submitted_at, distance, attempts FROM best
    UNION ALL
    SELECT entry_id, NULL, NULL, sum(correct)::bigint, sum(duration_ms)::bigint, max(submitted_at),
        least(sum(distance), {no_prediction})::bigint, sum(attempts)::bigint
    FROM best WHERE %(has_total)s GROUP BY entry_id
), former AS MATERIALIZED (
    SELECT s.*, p.key AS province_key FROM content_standing s LEFT JOIN content_province p ON p.id = s.province_id
    WHERE s.entry_id = ANY(%(entries)s)
), new AS MATERIALIZED (
    SELECT result.*, e.bracket, e.province_id, e.unit, e.age_band <> 'under_16' AS is_listed,
        coalesce(p.key, '') AS province_key, coalesce(former.draw, 0) AS draw
    FROM result JOIN content_entry e ON e.id = result.entry_id
    LEFT JOIN content_province p ON p.id = e.province_id
    LEFT JOIN former ON former.entry_id = result.entry_id AND former.round_id IS NOT DISTINCT FROM result.round_id
), removed AS (
    DELETE FROM content_standing s WHERE s.entry_id = ANY(%(entries)s) AND NOT EXISTS (
        SELECT FROM new WHERE new.entry_id = s.entry_id AND new.round_id IS NOT DISTINCT FROM s.round_id)
), written AS (
    INSERT INTO content_standing (contest_id, round_id, entry_id, attempt_id, attempts, bracket, province_id, unit,
        is_listed, correct, duration_ms, distance, submitted_at, draw, order_key)
    SELECT %(contest)s, round_id, entry_id, attempt_id, attempts, bracket, province_id, unit, is_listed, correct,
        duration_ms, distance, submitted_at, draw, {order_key}
    FROM new
    ON CONFLICT (entry_id, round_id) DO UPDATE SET attempt_id = excluded.attempt_id, attempts = excluded.attempts,
        bracket = excluded.bracket, province_id = excluded.province_id, unit = excluded.unit,
        is_listed = excluded.is_listed, correct = excluded.correct, duration_ms = excluded.duration_ms,
        distance = excluded.distance, submitted_at = excluded.submitted_at, order_key = excluded.order_key
), moved AS MATERIALIZED (
    SELECT round_id, bracket, province_key, unit, correct, attempts, 1 AS sign FROM new
    UNION ALL
    SELECT round_id, bracket, coalesce(province_key, ''), unit, correct, attempts, -1 FROM former
), scores AS (
    INSERT INTO content_scorecount (contest_id, round_id, bracket, correct, contestants)
    SELECT %(contest)s, round_id, bracket, correct, sum(sign) FROM moved
    GROUP BY round_id, bracket, correct HAVING sum(sign) <> 0
    ON CONFLICT (contest_id, round_id, bracket, correct)
        DO UPDATE SET contestants = content_scorecount.contestants + excluded.contestants
)
{groups} FROM moved {of_groups}
HAVING sum(sign) <> 0 OR sum(sign * attempts) <> 0 OR sum(sign * correct) <> 0
ON CONFLICT (contest_id, round_id, bracket, kind, "group") DO UPDATE SET
    attempts = content_groupcount.attempts + excluded.attempts,
    contestants = content_groupcount.contestants + excluded.contestants,
    correct_sum = content_groupcount.correct_sum + excluded.correct_sum
"""
_GROUPS = """
INSERT INTO content_groupcount (contest_id, round_id, bracket, kind, "group", attempts, contestants, correct_sum)
SELECT %(contest)s, round_id, bracket, kind, "group", sum(sign * attempts), sum(sign), sum(sign * correct)
"""
_OF_GROUPS = """
CROSS JOIN LATERAL (VALUES ('province', province_key), ('unit', unit)) AS of_group (kind, "group")
GROUP BY round_id, bracket, kind, "group"
"""


def recount_sql(score_policy: str, ranking: Sequence[str]) -> str:
    """Write the standings of `entries` again and move the counts by the difference. Parameters: contest, has_total."""
    return _RECOUNT.format(
        distance=_DISTANCE,
        no_prediction=NO_PREDICTION,
        counting_first=counting_first_sql(score_policy, ranking),
        order_key=order_key_sql(ranking),
        groups=_GROUPS,
        of_groups=_OF_GROUPS,
    )


DELETE_EMPTY_COUNTS = (
    "DELETE FROM content_scorecount WHERE contest_id = %(contest)s AND contestants = 0",
    "DELETE FROM content_groupcount WHERE contest_id = %(contest)s AND contestants = 0",
)
COUNT_STANDINGS = (
    "DELETE FROM content_scorecount WHERE contest_id = %(contest)s",
    "DELETE FROM content_groupcount WHERE contest_id = %(contest)s",
    """
    INSERT INTO content_scorecount (contest_id, round_id, bracket, correct, contestants)
    SELECT contest_id, round_id, bracket, correct, count(*) FROM content_standing WHERE contest_id = %(contest)s
    GROUP BY contest_id, round_id, bracket, correct
    """,
    f"""
    {_GROUPS} FROM (
        SELECT s.*, coalesce(p.key, '') AS province_key, 1 AS sign
        FROM content_standing s LEFT JOIN content_province p ON p.id = s.province_id WHERE s.contest_id = %(contest)s
    ) AS standing {_OF_GROUPS}
    """,
)


_RESULTS = "correct, duration_ms, submitted_at, draw"
_OF_ROUND = f"""
    SELECT s.id, bracket, s.correct, s.duration_ms, s.submitted_at, s.draw, {_DISTANCE} AS distance
    FROM content_standing s JOIN content_attempt a ON a.id = s.attempt_id JOIN content_round r ON r.id = s.round_id
    WHERE s.contest_id = %(contest)s AND s.round_id = %(round)s
"""
_OF_CONTEST = f"""
    SELECT s.id, bracket, {_RESULTS}, d.distance FROM content_standing s JOIN (
        SELECT entry_id, least(sum(distance), {NO_PREDICTION})::bigint AS distance FROM content_standing
        WHERE contest_id = %(contest)s AND round_id IS NOT NULL GROUP BY entry_id
    ) d ON d.entry_id = s.entry_id WHERE s.contest_id = %(contest)s AND s.round_id IS NULL
"""
_AS_THEY_ARE = f"""
    SELECT id, bracket, {_RESULTS}, distance FROM content_standing
    WHERE contest_id = %(contest)s AND round_id {{asked}}
"""
_RANK = """
UPDATE content_standing s SET distance = new.distance, order_key = new.order_key, rank = new.rank FROM (
    SELECT id, distance, order_key, {rank} AS rank
    FROM (SELECT id, bracket, distance, {order_key} AS order_key FROM ({standings}) result) keyed
) new
WHERE s.id = new.id
    AND (s.distance, s.order_key, s.rank) IS DISTINCT FROM (new.distance, new.order_key, new.rank)
"""


def rank_sql(ranking: Sequence[str], *, has_predictions: bool, is_total: bool, is_final: bool) -> str:
    """Write distances of predictions, order keys and ranks of a round, or of the whole contest, in one statement.

    Each row is written once, for its indexes cost most. Equal results in a bracket share a rank; ranks that are not
    final are null. Parameters: contest, round (null: the whole contest, whose distances are sums of those of rounds).
    """
    if has_predictions:
        standings = _OF_CONTEST if is_total else _OF_ROUND
    else:
        standings = _AS_THEY_ARE.format(asked="IS NULL" if is_total else "= %(round)s")
    rank = "rank() OVER (PARTITION BY bracket ORDER BY order_key)" if is_final else "NULL::bigint"
    return _RANK.format(rank=rank, order_key=order_key_sql(ranking), standings=standings)
