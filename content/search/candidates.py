"""The first stage: which rows hold the rarest words of a query. Filters are part of it: K counts what is wanted."""

from dataclasses import dataclass

import numpy as np
from django.db import connection

from content.search.statistics import FEW

MOST_LEXEMES = 40
COMMON = 0.05  # of all passages: what stands in more of them says little
POSTINGS = 60_000  # read for one query at the most; the rarest words come first


SQL = """
SELECT counted.id, counted.weight, room.search_codes
FROM (SELECT room.id, sum(asked.weight) AS weight
      FROM unnest(%s::tsquery[], %s::real[]) AS asked(word, weight)
      JOIN ({rows}) AS room ON room.search_words @@ asked.word
      GROUP BY room.id ORDER BY 2 DESC, 1 LIMIT %s) AS counted
JOIN {table} AS room ON room.id = counted.id
ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Candidates:
    ids: list
    weights: np.ndarray  # float32, what the first stage counted
    codes: list  # bytes of each
    is_cut: bool  # whether there are more

    def __len__(self):
        return len(self.ids)


def chosen(reading, frequencies, counted):
    """[(lexeme, weight)] to look for: the rarest first, as many as the bounds allow, three at the least."""
    known = sorted(reading.weights, key=lambda lexeme: (frequencies.get(lexeme, 0), lexeme))
    most = max(FEW, COMMON * counted.passages)
    wanted, postings = [], 0
    for lexeme in known:
        passages = frequencies.get(lexeme, 0)
        postings += passages
        is_rare = passages <= most and postings <= POSTINGS and len(wanted) < MOST_LEXEMES
        if is_rare or (
            sum(each in frequencies for each, _ in wanted) < min(3, len(frequencies)) and lexeme in frequencies
        ):
            wanted.append((lexeme, reading.weights[lexeme] * counted.weight(passages)))
    return wanted


def find(rows, wanted, most):
    """The Candidates among `rows` (a queryset of a model with search_words and search_codes): those with the most
    weight of the wanted words, at the most `most`.
    """
    if not wanted:
        return Candidates([], np.empty(0, np.float32), [], is_cut=False)
    table = connection.ops.quote_name(rows.model._meta.db_table)
    inner, parameters = rows.order_by().values("id", "search_words").query.sql_with_params()
    sql = SQL.format(rows=inner, table=table)
    asked = [[f"'{lexeme}'" for lexeme, _ in wanted], [weight for _, weight in wanted]]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*asked, *parameters, most + 1])
        found = cursor.fetchall()
    kept = found[:most]
    weights = np.array([weight for _, weight, _ in kept], np.float32)
    return Candidates([pk for pk, _, _ in kept], weights, [bytes(codes) for *_, codes in kept], len(found) > most)
