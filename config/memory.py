"""How the C library gives memory: threads share two pools, and of each as much stays free as one search takes.

glibc gives up to eight pools for each core to the threads of a process and keeps what is freed in each: 16 threads held
277 MiB for what 106 MiB suffice (bench/memory.py). What goes back to the system at once is cleared before it comes
again: with 128 KiB for both limits, 7,500 pages and a third of the CPU of a search (bench/search_pages.py).
"""

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # <malloc.h> of glibc
POOLS = 2
KEPT_BYTES = 16 * 1024 * 1024  # free at the top of a pool
LARGE_BYTES = 4 * 1024 * 1024  # a block of so many is in no pool: given by the system, and back when it is freed


def return_freed_memory() -> bool:
    """Set these limits for this process and its forks. Returns whether the C library knows them: musl and macOS do not.

    Call it before the first thread is started. A repeat changes nothing.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    limits = ((_M_ARENA_MAX, POOLS), (_M_TRIM_THRESHOLD, KEPT_BYTES), (_M_MMAP_THRESHOLD, LARGE_BYTES))
    return all([mallopt(name, value) for name, value in limits])
