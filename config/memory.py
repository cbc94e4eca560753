"""How the C library gives memory: freed memory goes back to the system, and threads share two pools.

glibc gives up to eight pools for each core to the threads of a process, keeps what is freed in each, and raises its
limits with the largest block it has seen. 16 threads that each once answered with the text of a code held 277 MiB for
what 106 MiB suffice (bench/memory.py, 229 laws, 800 mixed reads).
"""

import ctypes

# <malloc.h> of glibc
_M_TRIM_THRESHOLD = -1
_M_ARENA_MAX = -8
POOLS = 2
KEPT_BYTES = 128 * 1024  # free at the top of a pool; the default of glibc, which setting it makes stay so


def return_freed_memory() -> bool:
    """Set both limits for this process and its forks. Returns whether the C library knows them: musl and macOS do not.

    Call it before the first thread is started. A repeat changes nothing.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_M_ARENA_MAX, POOLS)) and bool(mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES))
