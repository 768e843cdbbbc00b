"""How much memory the process keeps for itself."""

import ctypes
from typing import Final

import pyarrow

# From glibc's malloc.h.
ARENA_MAX: Final = -8
MMAP_THRESHOLD: Final = -3
# What is larger goes back to the system as soon as it is free. glibc would raise this
# by itself, and large arrays would leave holes that nothing else fits into.
LARGE: Final = 2_000_000


def keep_little_memory() -> None:
    """Let threads that start from now on share memory, and give large parts back.

    glibc gives each thread an arena of its own, and each keeps what it once had: a
    fifth of an import's peak. Other C libraries have no arenas, and no ``mallopt``.
    Arrow's own allocator keeps something for each thread, too, so it takes glibc's.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(ARENA_MAX, 1)
        mallopt(MMAP_THRESHOLD, LARGE)
        pyarrow.set_memory_pool(pyarrow.system_memory_pool())
