"""Where the rows of a document's units stand among each other, also those in which nothing stands any more.

A row whose unit is gone keeps its place, and so its address and whoever follows it: it may come back.
"""


def index_of_row(row, previous, rows):
    """Where `row` goes among `rows`: behind `previous`, the row before it, and all that stands or stood under that.

    Behind its parent where that is the row before it; otherwise behind the sibling before it, or whatever that is
    under at the height of `row`. `previous` is None for the first row of all.
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


def with_former_rows(rows, former):
    """`rows` in their order, and those of `former` (the order until now) that are not among them, each in its place."""
    placed, known = list(rows), {row.pk for row in rows}
    for previous, row in zip([None, *former], former, strict=False):
        if row.pk not in known:
            placed.insert(index_of_row(row, previous, placed), row)
            known.add(row.pk)
    return placed
