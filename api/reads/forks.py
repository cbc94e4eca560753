"""How often this process was forked from another. A cheap way to see that one is in a new process, on each request."""

import os

count = 0  # of forks between the first process of the program and this one


def _count() -> None:
    global count
    count += 1


os.register_at_fork(after_in_child=_count)
