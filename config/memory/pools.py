"""How the C library gives memory: threads share a pool, and what a search frees stays in it for the next.

glibc gives up to eight pools for each core to the threads of a process and keeps what is freed in each: 16 threads held
277 MiB for what 106 MiB suffice (bench/memory.py). With two pools a web process holds 6 MiB more than with one, and
saves no CPU. What goes back to the system at once is cleared before it comes again: with LEAST_BYTES that is 7,500
pages and a third of the CPU of a search (bench/search_pages.py).
"""

import ctypes
import gc
import threading
import time
from functools import cache
from typing import Any

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # <malloc.h> of glibc
POOLS, POOLS_OF_WORKER = 1, 2
KEPT_BYTES = 8 * 1024 * 1024  # at most, free at the top of a pool
LARGE_BYTES = 4 * 1024 * 1024  # a block of so many is in no pool: given by the system, and back when it is freed
RETURN_SECONDS = 5
# a fork looks for garbage among so many new objects; each third time among older ones, each third of those among all
GARBAGE_THRESHOLDS = (5_000, 2, 2)
LEAST_BYTES = 128 * 1024  # both where nobody searches: the defaults of glibc, which setting one makes stay so


def limit_memory_pools(*, searches: bool) -> bool:
    """Set these limits for this process and its forks. Returns whether the C library took them: musl and macOS do not.

    `searches`: whether it answers searches. Call it before the first thread is started. A repeat changes nothing.
    """
    mallopt = _of_c_library("mallopt")
    if mallopt is None:
        return False
    if searches:
        pools, kept, large = POOLS, KEPT_BYTES, LARGE_BYTES
    else:
        pools, kept, large = POOLS_OF_WORKER, LEAST_BYTES, LEAST_BYTES
    limits = ((_M_ARENA_MAX, pools), (_M_TRIM_THRESHOLD, kept), (_M_MMAP_THRESHOLD, large))
    return all([mallopt(name, value) for name, value in limits])


def share_memory() -> None:
    """Leave the memory of this process as its forks can share it. Call it last before they are forked.

    What is frozen is no garbage: a collection in a fork would write to each page that holds an object, and a page that
    is written to is shared no longer. So forks look only among what they made themselves, which costs milliseconds, and
    do it often: rarely, a web process held 25 MiB of garbage.
    """
    gc.collect()
    return_free_memory()
    gc.freeze()
    gc.collect()  # Python looks among all when a quarter is new: of nothing, not of all that is frozen
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def return_memory_regularly() -> None:
    """Start a thread that calls `return_free_memory` each RETURN_SECONDS. Call it once in each process, after a fork.

    A web process that searched and wrote whole texts had 20 to 35 MiB free in its pools (bench/memory.py). To get them
    again takes some milliseconds of CPU.
    """

    def keep_returning() -> None:
        while return_free_memory():
            time.sleep(RETURN_SECONDS)

    threading.Thread(target=keep_returning, name="memory", daemon=True).start()


def return_free_memory() -> bool:
    """Give the system what is free in all pools, between blocks too. Returns whether the C library can."""
    trim = _of_c_library("malloc_trim")
    return trim is not None and trim(0) >= 0


@cache
def _of_c_library(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None)
