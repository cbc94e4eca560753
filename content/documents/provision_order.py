"""The order of a document's provisions, those included that have no text any more.

A provision without text stays at its position, so that its address and its followers last: it may come back.
"""

from collections.abc import Iterable, Sequence

from content.documents.models import Provision


def index_of_row(row: Provision, previous: Provision | None, rows: Sequence[Provision]) -> int:
    """The index for `row` among `rows`: after `previous`, the row before it, and everything under that.

    After its parent if that is the row before it; otherwise after the sibling before it and all under that.
    `previous` is None for the first row.
    """
    if previous is None:
        return 0
    at = rows.index(previous)
    if previous.pk == row.parent_id:
        return at + 1
    by_id = {each.pk: each for each in rows}
    last = previous
    while last.parent_id != row.parent_id and last.parent_id is not None:
        last = by_id[last.parent_id]
    inside, at = {last.pk}, rows.index(last) + 1
    while at < len(rows) and rows[at].parent_id in inside:
        inside.add(rows[at].pk)
        at += 1
    return at


def with_former_rows(rows: Iterable[Provision], former: Sequence[Provision]) -> list[Provision]:
    """`rows` in their order, with those of `former` (the order until now) that they lack, each at its place."""
    placed, known = list(rows), {row.pk for row in rows}
    for previous, row in zip([None, *former], former, strict=False):
        if row.pk not in known:
            placed.insert(index_of_row(row, previous, placed), row)
            known.add(row.pk)
    return placed
